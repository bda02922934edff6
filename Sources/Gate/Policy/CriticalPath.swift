import RunRecords

/// A place of an answer where no mismatch is forgiven: `$.netInterest`, `$.lines[].debit`, `$..amount`, `status`, or one answer's place
/// alone as `journal $.lines`.
public struct CriticalPath: Codable, Sendable, Hashable, CustomStringConvertible {
    public let description: String
    private let answer: String?
    private let path: String

    public init(_ text: String) {
        description = text
        let parts = text.split(separator: " ", maxSplits: 1)
        answer = parts.count == 2 ? String(parts[0]) : nil
        path = Self.generic(String(parts.last ?? ""))
    }

    public init(from decoder: any Decoder) throws { self.init(try decoder.singleValueContainer().decode(String.self)) }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }

    /// The place itself, and everything below it.
    func takes(_ difference: CaseDifference) -> Bool {
        if let answer, answer != difference.answer { return false }
        let place = Self.generic(difference.path)
        if path.hasPrefix("$..") {
            let member = "." + path.dropFirst(3)
            return Self.isAt(place.ranges(of: member).map(\.upperBound), in: place)
        }
        return place.hasPrefix(path) && Self.isAt([place.index(place.startIndex, offsetBy: path.count)], in: place)
    }

    /// Whether a name ends at one of these places.
    private static func isAt(_ ends: [String.Index], in place: String) -> Bool {
        ends.contains { $0 == place.endIndex || place[$0] == "." || place[$0] == "[" }
    }

    /// Indices as `[]`.
    private static func generic(_ path: String) -> String { path.replacing(/\[(\d+|\*)\]/, with: "[]") }
}
