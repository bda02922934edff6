import Mustache

/// HTML escaped by ``ScalarEscape``, as Mustache takes it.
struct ScalarHTML: MustacheContentType {
    static let name = "HTML-BY-SCALAR"

    func escapeText(_ text: String) -> String { ScalarEscape.html(text) }
}

/// Escapes by Unicode scalar. Mustache's own escaping goes by grapheme, so a quote or an angle bracket followed by a combining
/// mark would pass it.
package enum ScalarEscape {
    /// For templates that begin with `{{% CONTENT_TYPE:HTML-BY-SCALAR}}`.
    package static func register() { MustacheContentTypes.register(ScalarHTML(), named: ScalarHTML.name) }

    package static func html(_ text: String) -> String {
        var result = ""
        result.reserveCapacity(text.utf8.count)
        for scalar in text.unicodeScalars {
            switch scalar {
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "&": result += "&amp;"
            case "\"": result += "&quot;"
            case "'": result += "&#39;"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }
}
