import Foundation

/// A Slack message as its reader sees it, drawn for a terminal.
struct Letter {
    private var lines: [String] = []

    init?(slack data: Data) {
        guard let message = try? JSONDecoder().decode(Message.self, from: data) else { return nil }
        for block in message.blocks ?? [] { take(block) }
        if lines.isEmpty, let text = message.text {
            lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        }
    }

    /// What `countersign replay` takes, where the message names it.
    var evidenceID: String? {
        let words = lines.joined(separator: " ").split(separator: " ")
        return words.firstIndex(of: "replay").flatMap { $0 + 1 < words.count ? String(words[$0 + 1]) : nil }
    }

    /// In a frame of at most `width` columns.
    func framed(width: Int) -> String {
        let inner = min(width, 100) - 4
        var text = "╭" + String(repeating: "─", count: inner + 2) + "╮\n"
        for line in lines.flatMap({ Self.wrapped($0, inner) }) {
            text += "│ " + line + String(repeating: " ", count: max(0, inner - line.count)) + " │\n"
        }
        return text + "╰" + String(repeating: "─", count: inner + 2) + "╯"
    }

    private mutating func take(_ block: Message.Block) {
        switch block.type {
        case "header": lines += [Self.plain(block.text?.text ?? ""), ""]
        case "divider": lines.append("")
        case "context": lines += [""] + (block.elements ?? []).compactMap { $0.text.map(Self.plain) }
        default:
            let fields = (block.fields ?? []).compactMap { $0.text.map(Self.split) }
            let width = fields.map(\.label.count).max() ?? 0
            for field in fields {
                lines.append(field.label + String(repeating: " ", count: width + 2 - field.label.count) + field.value)
            }
            guard let text = block.text?.text else { return }
            let paragraph = Self.split(text)
            lines += paragraph.value.isEmpty ? [paragraph.label] : ["", paragraph.label + ":", paragraph.value]
        }
    }

    /// A bold first line and what stands under it.
    private static func split(_ text: String) -> (label: String, value: String) {
        let parts = plain(text).split(separator: "\n", maxSplits: 1).map(String.init)
        return (parts.first ?? "", parts.count > 1 ? parts[1].replacing("\n", with: " ") : "")
    }

    /// Without the marks of Slack's markup, and with its entities as characters.
    private static func plain(_ text: String) -> String {
        text.replacing("```", with: "").replacing("*", with: "").replacing("`", with: "")
            .replacing("&lt;", with: "<").replacing("&gt;", with: ">").replacing("&amp;", with: "&")
    }

    private static func wrapped(_ line: String, _ width: Int) -> [String] {
        if line.isEmpty { return [""] }
        var parts: [String] = []
        var rest = line[...]
        while rest.count > width {
            let head = rest.prefix(width)
            let cut = head.lastIndex(of: " ").map { head.index(after: $0) } ?? head.endIndex
            parts.append(String(rest[..<cut]))
            rest = rest[cut...]
        }
        return parts + [String(rest)]
    }
}

/// The part of Slack's message that the demo shows.
private struct Message: Decodable {
    struct Block: Decodable {
        var type: String
        var text: Text?
        var fields: [Text]?
        var elements: [Text]?
    }

    struct Text: Decodable {
        var text: String?
    }

    var text: String?
    var blocks: [Block]?
}
