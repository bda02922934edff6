import Reports

/// Text from outside in XML 1.0.
enum XMLText {
    /// For attributes and content alike. What XML can't carry (control characters, U+FFFE, U+FFFF) or a reader can't see is written
    /// out as `⟨U+0000⟩`; a line feed in an attribute would become a space, so it is a reference.
    static func escaped(_ text: String) -> String {
        var result = ""
        result.reserveCapacity(text.utf8.count + 16)
        for scalar in ReportText.visible(text).unicodeScalars {
            switch scalar {
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "&": result += "&amp;"
            case "\"": result += "&quot;"
            case "'": result += "&#39;"
            case "\n": result += "&#10;"
            case "\t": result += "&#9;"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }
}
