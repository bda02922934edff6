import Foundation
import Verdicts

/// What one channel is told, before it is written in the channel's format.
struct Notice {
    enum Kind: Hashable {
        case incident(IncidentStep)
        case rollout(RolloutIncident.Kind)
        /// Many incidents in few words, after a flood or after the receiver was away.
        case digest
        case heartbeat(everySeconds: Int64)
        case test

        var name: String {
            switch self {
            case .incident(let step): "incident.\(step.rawValue)"
            case .rollout(let kind): "rollout.\(kind.rawValue)"
            case .digest: "incident.digest"
            case .heartbeat: "heartbeat"
            case .test: "test"
            }
        }
    }

    struct Item {
        let incident: Incident
        let step: IncidentStep
        let sequence: Int
    }

    /// Items told in full; the others by their summaries.
    static let itemsInFull = 5
    /// What one notice holds at most: the rest goes into the next.
    static let itemsMax = 50

    /// The same on every attempt: `webhook-id`.
    let id: String
    let kind: Kind
    /// When it was written, microseconds since 1970.
    let at: Int64
    let channel: String
    /// The operation, or `rollout PLAN`; nil where no group is meant.
    let group: String?
    /// The gravest first.
    let items: [Item]
    let standing: NoticeStanding?

    func body(for format: AlertFormat) -> String {
        switch format {
        case .generic: NoticeJSON.encode(GenericNotice(self))
        case .slack: NoticeJSON.encode(SlackNotice(self))
        case .alertmanager: NoticeJSON.encode(AlertmanagerNotice(self))
        }
    }

    /// One line for lists and lock screens.
    var summary: String {
        switch kind {
        case .test: return "This is a test of the alert channel; nothing is wrong."
        case .heartbeat(let seconds): return "countersign is at work; the next heartbeat comes in \(seconds) s."
        case .digest: return "\(items.count) incidents were held back and are told together."
        case .incident, .rollout:
            guard let first = items.first else { return kind.name }
            let more = items.count == 1 ? "" : " (and \(items.count - 1) more)"
            return first.incident.summary(first.step) + more
        }
    }

    static func timestamp(_ microseconds: Int64) -> String {
        Date(timeIntervalSince1970: TimeInterval(microseconds / 1_000_000))
            .formatted(.iso8601.year().month().day().time(includingFractionalSeconds: false).timeZone(separator: .omitted))
    }
}

extension Incident {
    /// What is wrong, in one line.
    var summary: String {
        // A rollout's sentences begin with the plan's name themselves.
        if rollout != nil { return cause ?? "\(operation): \(kind)" }
        if !hasEvidence { return "\(operation): \(cause ?? kind)" }
        return switch Trouble(rawValue: kind) {
        case .mismatch: "\(operation): \(path.isEmpty ? "answers" : path) differs"
        case .diverged: "\(operation): a write could not be caught up on the shadow"
        case .shadowTimeout: "\(operation): the shadow does not answer in time"
        default: "\(operation): the shadow fails"
        }
    }

    func summary(_ step: IncidentStep) -> String {
        switch step {
        case .opened: summary
        case .updated: "still open: " + summary
        case .resolved: rollout.map { !$0.kind.staysOpen } == true ? summary : "resolved: " + summary
        }
    }
}

enum NoticeJSON {
    static func encode(_ value: some Encodable) -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        // Strings and integers only: encoding them cannot fail; were it to, an empty object still reaches the channel.
        guard let data = try? encoder.encode(value) else { return "{}" }
        return String(decoding: data, as: UTF8.self)
    }

    static func decode<Value: Decodable>(_ type: Value.Type, _ text: String) -> Value? {
        try? JSONDecoder().decode(type, from: Data(text.utf8))
    }
}
