/// Why a path, a pattern or a number of a rule can't be read. One sentence, fit to be shown to whoever wrote the rule.
public struct RuleSyntaxError: Error, Hashable, CustomStringConvertible {
    /// The text that was to be read.
    public var text: String
    /// Where in its UTF-8 form reading stopped, from 0.
    public var offset: Int
    /// What is wrong there and what is allowed.
    public var reason: String

    public init(text: String, offset: Int, reason: String) {
        self.text = text
        self.offset = offset
        self.reason = reason
    }

    public var description: String { "`\(text)`, character \(offset + 1): \(reason)" }
}
