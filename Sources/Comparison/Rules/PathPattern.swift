/// A set of places in a JSON document, written much like a JSONPath.
///
/// | written | takes |
/// | --- | --- |
/// | `$` | the whole document |
/// | `$.name`, `$['any name']` | that member; in quotes `\\`, `\'` and `\uXXXX` are escapes |
/// | `$.*`, `$[*]`, `$[]`, `$[3]` | every member, every element (twice), the fourth element |
/// | `$..name` | that member at any depth, the top included |
///
/// A `*` after a dot takes members only and one in brackets elements only, so that a rule never takes more than its writer saw.
/// Every path that a ``Difference`` carries is itself a pattern that takes exactly that place.
public struct PathPattern: Sendable, Hashable, CustomStringConvertible {
    enum Segment: Sendable, Hashable {
        /// The decoded name; an unpaired surrogate stands as its three bytes.
        case member([UInt8])
        case anyMember
        case index(Int)
        case anyElement
        /// Any number of members and elements, none included.
        case anyDepth
    }

    /// The text as it was written.
    public let description: String
    let segments: [Segment]

    /// The path of the whole document.
    public static let root = PathPattern(description: "$", segments: [])

    init(description: String, segments: [Segment]) {
        self.description = description
        self.segments = segments
    }

    /// Reads a path; the error names the place and what is allowed there.
    public init(_ text: String) throws(RuleSyntaxError) {
        var reader = PathPatternReader(text: text)
        self.segments = try reader.read()
        self.description = text
    }

    // Two spellings of one path are the same path.
    public static func == (left: PathPattern, right: PathPattern) -> Bool { left.segments == right.segments }
    public func hash(into hasher: inout Hasher) { hasher.combine(segments) }
}

private struct PathPatternReader {
    let text: String
    let bytes: [UInt8]
    var at = 0

    init(text: String) {
        self.text = text
        self.bytes = Array(text.utf8)
    }

    mutating func read() throws(RuleSyntaxError) -> [PathPattern.Segment] {
        guard take("$") else { throw wrong("a path begins with `$`") }
        var segments: [PathPattern.Segment] = []
        while at < bytes.count {
            if take(".") {
                if take(".") {
                    segments.append(.anyDepth)
                    if at < bytes.count, bytes[at] == UInt8(ascii: "[") { continue }
                }
                segments.append(take("*") ? .anyMember : .member(try name()))
            } else if take("[") {
                segments.append(try bracket())
            } else {
                throw wrong("`.name`, `..name`, `['name']`, `[]` or `[3]` goes on a path")
            }
        }
        return segments
    }

    private mutating func name() throws(RuleSyntaxError) -> [UInt8] {
        let start = at
        while at < bytes.count, bytes[at] != UInt8(ascii: "."), bytes[at] != UInt8(ascii: "[") {
            guard bytes[at] > 0x20,
                ![UInt8(ascii: "'"), UInt8(ascii: "\""), UInt8(ascii: "]"), UInt8(ascii: "*")].contains(bytes[at])
            else { throw wrong("a name with spaces, quotes, `]` or `*` is written `['like this']`") }
            at += 1
        }
        guard at > start else { throw wrong("a name is missing") }
        return Array(bytes[start..<at])
    }

    private mutating func bracket() throws(RuleSyntaxError) -> PathPattern.Segment {
        if take("]") { return .anyElement }
        if take("*") {
            guard take("]") else { throw wrong("`]` closes `[*`") }
            return .anyElement
        }
        if take("'") {
            let name = try quoted()
            guard take("]") else { throw wrong("`]` closes `['name'`") }
            return .member(name)
        }
        var index = 0
        let start = at
        while at < bytes.count, bytes[at] >= 0x30, bytes[at] <= 0x39, at - start < 10 {
            index = index * 10 + Int(bytes[at] - 0x30)
            at += 1
        }
        guard at > start, take("]") else { throw wrong("in brackets stands nothing, `*`, an index or a name in single quotes") }
        return .index(index)
    }

    private mutating func quoted() throws(RuleSyntaxError) -> [UInt8] {
        var name: [UInt8] = []
        while at < bytes.count, bytes[at] != UInt8(ascii: "'") {
            if take("\\") {
                if take("u") {
                    JSONText.append(try scalar(), to: &name)
                } else if at < bytes.count, bytes[at] == UInt8(ascii: "'") || bytes[at] == UInt8(ascii: "\\") {
                    name.append(bytes[at])
                    at += 1
                } else {
                    throw wrong(#"after `\` stands `'`, `\` or `uXXXX`"#)
                }
            } else {
                name.append(bytes[at])
                at += 1
            }
        }
        guard take("'") else { throw wrong("the closing `'` is missing") }
        return name
    }

    /// After `\u`: a scalar from one unit, or from two that are a surrogate pair.
    private mutating func scalar() throws(RuleSyntaxError) -> UInt32 {
        let unit = try hexUnit()
        guard unit >= 0xD800, unit < 0xDC00, at + 1 < bytes.count, bytes[at] == UInt8(ascii: "\\"),
            bytes[at + 1] == UInt8(ascii: "u")
        else { return unit }
        let before = at
        at += 2
        let low = try hexUnit()
        if low >= 0xDC00, low < 0xE000 { return 0x10000 + (unit - 0xD800) << 10 + (low - 0xDC00) }
        at = before
        return unit
    }

    private mutating func hexUnit() throws(RuleSyntaxError) -> UInt32 {
        guard at + 4 <= bytes.count, let unit = UInt32(String(decoding: bytes[at..<at + 4], as: UTF8.self), radix: 16)
        else { throw wrong(#"`\u` takes four hexadecimal digits"#) }
        at += 4
        return unit
    }

    private mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard at < bytes.count, UInt32(bytes[at]) == character.value else { return false }
        at += 1
        return true
    }

    private func wrong(_ reason: String) -> RuleSyntaxError { RuleSyntaxError(text: text, offset: at, reason: reason) }
}
