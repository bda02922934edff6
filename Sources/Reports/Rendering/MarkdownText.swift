/// Text from outside in Markdown.
package enum MarkdownText {
    /// Text from outside as text: nothing in it may begin a heading, a link, a tag or a cell.
    package static func text(_ outside: String) -> String {
        var result = ""
        for scalar in ReportText.visible(outside).replacing("\n", with: " ").unicodeScalars {
            if "\\`*_{}[]<>()#+-!|~&".unicodeScalars.contains(scalar) { result += "\\" }
            result.unicodeScalars.append(scalar)
        }
        return result
    }

    /// Text from outside as code: a run of back-ticks longer than any in it.
    package static func code(_ outside: String) -> String {
        let shown = ReportText.visible(outside).replacing("\n", with: "⏎")
        var longest = 0
        var run = 0
        for character in shown.unicodeScalars {
            run = character == "`" ? run + 1 : 0
            longest = max(longest, run)
        }
        let ticks = String(repeating: "`", count: longest + 1)
        return longest == 0 ? ticks + shown + ticks : "\(ticks) \(shown) \(ticks)"
    }

    /// A pipe ends a cell even inside code, unless it is escaped.
    package static func codeCell(_ outside: String) -> String { code(outside).replacing("|", with: "\\|") }

    package static func fence(around text: String) -> String {
        var fence = "```"
        while text.contains(fence) { fence += "`" }
        return fence
    }
}
