import Comparison
import Foundation

/// What Prometheus Alertmanager posts to a webhook, version 4: one alert for each incident, firing until it is resolved. What is told once
/// fires with an end: a receiver drops an alert that is resolved and never fired.
/// Source: https://prometheus.io/docs/alerting/latest/configuration/#webhook_config
struct AlertmanagerNotice: Encodable {
    struct Alert: Encodable {
        let status: String
        let labels: [String: String]
        let annotations: [String: String]
        let startsAt: String
        let endsAt: String
        let generatorURL = ""
        let fingerprint: String
    }

    let version = "4"
    let groupKey: String
    let truncatedAlerts = 0
    let status: String
    let receiver: String
    let groupLabels: [String: String]
    let commonLabels: [String: String]
    let commonAnnotations: [String: String]
    let externalURL = ""
    let alerts: [Alert]

    /// What Alertmanager writes for an end that is not known.
    private static let noEnd = "0001-01-01T00:00:00Z"

    /// After which what is told once is over, microseconds: Alertmanager's own `resolve_timeout`.
    private static let toldOnce: Int64 = 300_000_000

    init(_ notice: Notice) {
        receiver = notice.channel
        let alerts = notice.items.isEmpty ? [Self.alert(of: notice)] : notice.items.map { Self.alert(of: $0, notice) }
        self.alerts = alerts
        status = alerts.contains { $0.status == "firing" } ? "firing" : "resolved"
        groupLabels = notice.group.map { ["operation": $0] } ?? [:]
        // Quoted as JSON is: a name can't end the matcher.
        groupKey = "{}:{" + (notice.group.map { "operation=" + Self.quoted($0) } ?? "") + "}"
        commonLabels = Self.common(alerts.map(\.labels))
        commonAnnotations = Self.common(alerts.map(\.annotations))
    }

    private static func alert(of item: Notice.Item, _ notice: Notice) -> Alert {
        let incident = item.incident
        let isToldOnce = incident.rollout?.kind.staysOpen == false
        let isOver = incident.life.state == .resolved && !isToldOnce
        let endsAt =
            if isOver {
                Notice.timestamp(incident.life.resolvedAt ?? notice.at)
            } else {
                isToldOnce ? Notice.timestamp(incident.life.openedAt + toldOnce) : noEnd
            }
        var labels = [
            "alertname": "Countersign" + incident.kind.split(separator: "-").map(\.capitalized).joined(),
            "severity": incident.severity.rawValue, "operation": incident.operation, "kind": incident.kind,
            "incident": incident.id,
        ]
        if !incident.path.isEmpty { labels["path"] = incident.path }
        var annotations = [
            "summary": incident.summary(item.step), "step": item.step.rawValue, "sequence": String(item.sequence),
            "count": String(incident.count),
        ]
        annotations["legacy"] = incident.legacyValue
        annotations["candidate"] = incident.candidateValue
        annotations["cause"] = incident.cause
        annotations["replay"] = incident.exhibit?.reproduce.replay
        annotations["resolved_because"] = isOver ? incident.life.resolvedBecause : nil
        annotations["stage"] = notice.standing?.stage
        annotations["audience"] = notice.standing?.audience
        annotations["audit_head"] = notice.standing?.auditHead
        return Alert(
            status: isOver ? "resolved" : "firing", labels: labels, annotations: annotations,
            startsAt: Notice.timestamp(incident.life.openedAt),
            endsAt: endsAt, fingerprint: incident.fingerprint)
    }

    /// A heartbeat or a test.
    private static func alert(of notice: Notice) -> Alert {
        let name = notice.kind == .test ? "CountersignTest" : "CountersignHeartbeat"
        var annotations = ["summary": notice.summary]
        annotations["stage"] = notice.standing?.stage
        annotations["audience"] = notice.standing?.audience
        annotations["audit_head"] = notice.standing?.auditHead
        return Alert(
            status: "firing", labels: ["alertname": name, "severity": "none"], annotations: annotations,
            startsAt: Notice.timestamp(notice.at), endsAt: noEnd, fingerprint: name.lowercased())
    }

    private static func common(_ all: [[String: String]]) -> [String: String] {
        guard let first = all.first else { return [:] }
        return first.filter { name, value in all.allSatisfy { $0[name] == value } }
    }

    private static func quoted(_ text: String) -> String { NoticeJSON.encode(text) }
}
