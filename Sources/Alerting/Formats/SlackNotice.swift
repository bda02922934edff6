import Comparison

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

    /// Of what is told in one line each.
    private static let linesMax = 20

    init(_ notice: Notice) {
        text = SlackNotice.escaped(notice.summary, max: 300)
        var blocks = [
            Block(type: "header", text: Text(type: "plain_text", text: SlackNotice.plain(notice.summary, max: 150)))
        ]
        if notice.kind != .digest, let lead = notice.items.first { blocks += SlackNotice.inFull(lead.incident) }
        let others = notice.kind == .digest ? notice.items[...] : notice.items.dropFirst()
        if !others.isEmpty { blocks.append(SlackNotice.list(Array(others))) }
        blocks.append(SlackNotice.context(notice))
        self.blocks = blocks
    }

    private static func inFull(_ incident: Incident) -> [Block] {
        var fields = [field(incident.rollout == nil ? "Operation" : "Plan", incident.operation)]
        if incident.hasEvidence { fields.append(field("Path", incident.path.isEmpty ? "-" : incident.path)) }
        if incident.differenceKind != nil || incident.rollout != nil && incident.exhibit != nil {
            fields.append(field("Legacy", incident.legacyValue ?? "(absent)"))
            fields.append(field("Candidate", incident.candidateValue ?? "(absent)"))
        }
        if let keys = incident.rollout?.affectedKeys { fields.append(field("Keys", String(keys))) }
        if let rollout = incident.rollout, !rollout.operations.isEmpty {
            fields.append(field("Operations", rollout.operations.joined(separator: ", ")))
        }
        if incident.hasEvidence { fields.append(field("Count", String(incident.count))) }
        fields.append(field("Severity", incident.severity.rawValue))
        var blocks = [Block(type: "section", fields: fields)]
        if let cause = incident.cause { blocks.append(section(escaped(cause, max: 2_000))) }
        if incident.life.state == .resolved, let reason = incident.life.resolvedBecause, incident.hasEvidence {
            blocks.append(section(escaped(reason, max: 2_000)))
        }
        let commands = incident.exhibit?.reproduce
        for (side, command) in [("legacy", commands?.legacy), ("candidate", commands?.candidate)] {
            guard let command else { continue }
            blocks.append(section("*\(side)*\n" + (code(command, max: 2_900).map { "```\($0)```" } ?? notShown)))
        }
        return blocks
    }

    private static func list(_ items: [Notice.Item]) -> Block {
        var lines = items.prefix(linesMax).map { item in
            "• \(item.incident.severity.rawValue) \(escaped(item.incident.summary(item.step), max: 100)) (\(item.incident.count)×)"
        }
        if items.count > linesMax { lines.append("… and \(items.count - linesMax) more: countersign alerts list") }
        return section(lines.joined(separator: "\n"))
    }

    private static func context(_ notice: Notice) -> Block {
        var parts: [String] = []
        if let lead = notice.items.first, notice.kind != .digest {
            if let replay = lead.incident.exhibit?.reproduce.replay { parts.append("`\(escaped(replay, max: 200))`") }
            parts.append("incident \(lead.incident.id) · no. \(lead.sequence)")
        }
        if let standing = notice.standing {
            parts.append("stage \(escaped(standing.stage, max: 100)) · audience \(escaped(standing.audience, max: 100))")
            if let head = standing.auditHead { parts.append("audit \(escaped(head, max: 100))") }
        }
        parts.append(Notice.timestamp(notice.items.first?.incident.life.openedAt ?? notice.at))
        return Block(type: "context", elements: [Text(type: "mrkdwn", text: parts.joined(separator: " · "))])
    }

    private static func section(_ text: String) -> Block { Block(type: "section", text: Text(type: "mrkdwn", text: text)) }

    private static func field(_ name: String, _ value: String) -> Text {
        Text(type: "mrkdwn", text: "*\(name)*\n`\(escaped(value.isEmpty ? " " : value, max: 1_900))`")
    }

    private static let notShown =
        "The command holds a backtick or is too long, and Slack would not show it as it is: take `countersign replay`."

    /// A command for a code block, nil where it could not be shown to the last character. Somebody pastes it into a shell: its quoting
    /// holds only for the whole of it, and only as it was written.
    static func code(_ command: String, max: Int) -> String? {
        // Scalars: a backtick with a combining mark is another Character, and still ends the block.
        guard !command.unicodeScalars.contains(where: { $0 == "`" || isControl($0) }) else { return nil }
        let result = command.unicodeScalars.map(piece).joined()
        return result.utf16.count <= max ? result : nil
    }

    /// Text that Slack shows as it is: its three special characters as entities, no control characters, backticks (which would end
    /// a code span) as apostrophes, cut before it is escaped so that no entity is cut.
    static func escaped(_ text: String, max: Int) -> String {
        var result = ""
        var length = 0
        for scalar in text.unicodeScalars {
            let piece = piece(scalar)
            guard length + piece.utf16.count <= max - 1 else { return result + "…" }
            result += piece
            length += piece.utf16.count
        }
        return result
    }

    private static func piece(_ scalar: Unicode.Scalar) -> String {
        switch scalar {
        case "&": "&amp;"
        case "<": "&lt;"
        case ">": "&gt;"
        case "`": "'"
        case "\n": " "
        default: isControl(scalar) ? "\u{FFFD}" : String(Character(scalar))
        }
    }

    private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
        scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value)
    }

    /// For a header, whose bound is in characters as most count them: scalars, of which one that is seen may have many.
    static func plain(_ text: String, max: Int) -> String {
        let clean = text.unicodeScalars.filter { !isControl($0) }
        guard clean.count > max else { return String(String.UnicodeScalarView(clean)) }
        return String(String.UnicodeScalarView(clean.prefix(max - 1))) + "…"
    }
}
