import Comparison
import Verdicts

/// The blocks of a Slack incoming webhook: what differs, both values, how often, and a command that shows it.
struct SlackNotice: Encodable {
    struct Text: Encodable {
        let type: String
        let text: String
    }

    struct Block: Encodable {
        let type: String
        var text: Text?
        var fields: [Text]?
        var elements: [Text]?
    }

    let text: String
    let blocks: [Block]

    init(_ notice: IncidentNotice) {
        let incident = notice.incident
        text = SlackNotice.escaped(notice.summary, max: 300)
        var blocks = [Block(type: "header", text: Text(type: "plain_text", text: SlackNotice.plain(notice.summary, max: 150)))]
        var fields = [
            SlackNotice.field("Operation", incident.operation),
            SlackNotice.field("Path", incident.path.isEmpty ? "-" : incident.path),
        ]
        if incident.differenceKind != nil {
            fields.append(SlackNotice.field("Legacy", incident.legacyValue ?? "(absent)"))
            fields.append(SlackNotice.field("Candidate", incident.candidateValue ?? "(absent)"))
        }
        fields.append(SlackNotice.field("Count", String(incident.count)))
        fields.append(SlackNotice.field("Severity", incident.severity.rawValue))
        blocks.append(Block(type: "section", fields: fields))
        if let cause = incident.cause {
            blocks.append(Block(type: "section", text: Text(type: "mrkdwn", text: SlackNotice.escaped(cause, max: 2_000))))
        }
        for (side, command) in [("legacy", notice.commands?.legacy), ("candidate", notice.commands?.candidate)] {
            guard let command else { continue }
            blocks.append(
                Block(
                    type: "section",
                    text: Text(type: "mrkdwn", text: "*\(side)*\n```\(SlackNotice.escaped(command, max: 2_900))```")))
        }
        let replay = notice.evidence.map { "`countersign replay \($0.id)` · " } ?? ""
        blocks.append(
            Block(
                type: "context",
                elements: [
                    Text(
                        type: "mrkdwn",
                        text:
                            "\(replay)incident \(incident.id) · \(IncidentNotice.timestamp(incident.firstSeen))"
                    )
                ]))
        self.blocks = blocks
    }

    init(testAt microseconds: Int64) {
        text = "This is a test of the alert channel; nothing is wrong."
        blocks = [Block(type: "section", text: Text(type: "mrkdwn", text: text + " " + IncidentNotice.timestamp(microseconds)))]
    }

    var json: String { NoticeJSON.encode(self) }

    private static func field(_ name: String, _ value: String) -> Text {
        Text(type: "mrkdwn", text: "*\(name)*\n`\(escaped(value, max: 1_900))`")
    }

    /// Text that Slack shows as it is: its three special characters as entities, no control characters, backticks (which would end
    /// a code span) as apostrophes, cut before it is escaped so that no entity is cut.
    static func escaped(_ text: String, max: Int) -> String {
        var result = ""
        var length = 0
        for scalar in text.unicodeScalars {
            let piece: String
            switch scalar {
            case "&": piece = "&amp;"
            case "<": piece = "&lt;"
            case ">": piece = "&gt;"
            case "`": piece = "'"
            case "\n": piece = " "
            default: piece = scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value) ? "\u{FFFD}" : String(Character(scalar))
            }
            guard length + piece.utf16.count <= max - 1 else { return result + "…" }
            result += piece
            length += piece.utf16.count
        }
        return result
    }

    private static func plain(_ text: String, max: Int) -> String {
        let clean = String(
            String.UnicodeScalarView(text.unicodeScalars.filter { $0.value >= 0x20 && !(0x7F...0x9F).contains($0.value) }))
        return clean.count <= max ? clean : String(clean.prefix(max - 1)) + "…"
    }
}
