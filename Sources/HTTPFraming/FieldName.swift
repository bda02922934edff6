/// A header's name, to be looked for among received ones.
public struct FieldName: Sendable, Hashable {
    /// Lower case.
    private let word: [UInt8]

    public init(_ name: String) { word = Array(name.lowercased().utf8) }

    /// Whether the name in that range is this one, in any case.
    public func isName(_ range: Range<Int>, in bytes: UnsafeRawBufferPointer) -> Bool {
        compares(range) { lowercased(bytes[$0]) == word[$1] }
    }

    /// The same, where an underscore and a hyphen are one: there are services that do not tell them apart.
    public func resembles(_ range: Range<Int>, in bytes: UnsafeRawBufferPointer) -> Bool {
        compares(range) { Self.hyphenated(lowercased(bytes[$0])) == Self.hyphenated(word[$1]) }
    }

    @inline(__always)
    private func compares(_ range: Range<Int>, _ isSame: (_ there: Int, _ here: Int) -> Bool) -> Bool {
        guard range.count == word.count else { return false }
        for index in 0..<word.count where !isSame(range.lowerBound + index, index) { return false }
        return true
    }

    private static func hyphenated(_ byte: UInt8) -> UInt8 { byte == UInt8(ascii: "_") ? UInt8(ascii: "-") : byte }
}
