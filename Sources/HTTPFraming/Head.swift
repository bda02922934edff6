public import NIOCore

/// One header line, as offsets into the head's bytes. Values are byte for byte, without the white space around them.
public struct HeaderField: Sendable, Hashable {
    /// Start of the line.
    public let nameStart: Int32
    public let nameLength: Int32
    public let valueStart: Int32
    public let valueLength: Int32
    let kind: FieldKind

    public var name: Range<Int> { Int(nameStart)..<Int(nameStart + nameLength) }
    public var value: Range<Int> { Int(valueStart)..<Int(valueStart + valueLength) }
}

/// Where a message's body ends.
public enum BodyFraming: Sendable, Hashable {
    case none
    case length(Int)
    case chunked
    /// Answers only: the body ends with the connection.
    case untilClose
}

/// A request's start line and headers. `bytes` begins at index 0 with the start line and ends with the empty line.
public struct RequestHead: Sendable {
    public private(set) var bytes: ByteBuffer
    public let method: Range<Int>
    /// The target byte for byte, as the caller sent it. An absolute URL is forwarded from `path` on.
    public let target: Range<Int>
    /// The target's path without query (of an absolute URL: what stands after the authority).
    public let path: Range<Int>
    /// 0 or 1.
    public let minorVersion: Int
    /// Start of the first header line (or of the empty line).
    public let fieldsStart: Int
    public let fields: [HeaderField]
    public let framing: BodyFraming
    public let keepAlive: Bool
    public let expectsContinue: Bool
    public let hasIdempotencyKey: Bool
    /// The value of Host; empty when there is none (HTTP/1.0).
    public let host: Range<Int>
    let connectionNamesFields: Bool

    /// The same head with its bytes in hand.
    public func moved(to bytes: ByteBuffer) -> RequestHead {
        var head = self
        head.bytes = bytes
        return head
    }
}

/// An answer's status line and headers. The header lines themselves are told apart anew when somebody asks for them, since an answer
/// that matches is passed on without.
public struct ResponseHead: Sendable {
    public private(set) var bytes: ByteBuffer
    public let status: Int
    /// From the status code to the end of the line, reason included: `200 OK`.
    public let statusAndReason: Range<Int>
    public let minorVersion: Int
    public let fieldsStart: Int
    /// The first Content-Type's value.
    public let contentType: Range<Int>?
    public let framing: BodyFraming
    public let keepAlive: Bool
    let hasContentLength: Bool
    let leftOut: LeftOutLines
    let connectionNamesFields: Bool

    /// The same head over a copy of its bytes, so that memory that was lent for reading is free again.
    public func moved(to copy: ByteBuffer) -> ResponseHead {
        var head = self
        head.bytes = copy
        return head
    }
}

/// The header lines of a head that are not passed on: the first two by their place (an ordinary head has one, `Connection`).
struct LeftOutLines: Sendable {
    private(set) var first = 0..<0
    private(set) var second = 0..<0
    private(set) var count = 0

    mutating func add(_ line: Range<Int>) {
        if count == 0 { first = line } else if count == 1 { second = line }
        count += 1
    }

    /// False when there are more than are known by place.
    var areAllKnown: Bool { count <= 2 }
}

/// What both heads can be asked.
public protocol MessageHead: Sendable {
    var bytes: ByteBuffer { get }
    var fields: [HeaderField] { get }
    var fieldsStart: Int { get }
}

extension RequestHead: MessageHead {}

extension ResponseHead: MessageHead {
    /// Reads the header lines again. Not for the hot path.
    public var fields: [HeaderField] {
        bytes.withUnsafeReadableBytes { all in
            var parser = FieldParser(reusing: [])
            // They were sound when the head was read.
            _ = parser.parse(all, from: fieldsStart)
            return parser.fields
        }
    }
}

extension MessageHead {
    /// The value of the first header of that name (lower case), or nil.
    public func firstValue(of name: StaticString) -> Range<Int>? {
        bytes.withUnsafeReadableBytes { all in
            for field in fields where matches(all, field.name, name) { return field.value }
            return nil
        }
    }

    /// A copy as text, repaired where it is not UTF-8. Not for the hot path.
    public func text(_ range: Range<Int>) -> String {
        bytes.getString(at: bytes.readerIndex + range.lowerBound, length: range.count) ?? ""
    }

    /// Every header in order, as text. Not for the hot path.
    public var texts: [[String]] { fields.map { [text($0.name), text($0.value)] } }

    /// Compares a range byte for byte.
    public func equals(_ range: Range<Int>, _ word: StaticString) -> Bool {
        bytes.withUnsafeReadableBytes { all in
            range.count == word.utf8CodeUnitCount
                && range.indices.allSatisfy { all[$0] == word.utf8Start[$0 - range.lowerBound] }
        }
    }
}

/// Whether the name in that range equals the word, which is written in lower case.
@inline(__always)
func matches(_ bytes: UnsafeRawBufferPointer, _ range: Range<Int>, _ word: StaticString) -> Bool {
    let count = word.utf8CodeUnitCount
    guard range.count == count else { return false }
    let start = word.utf8Start
    var index = 0
    while index < count {
        guard lowercased(bytes[range.lowerBound + index]) == start[index] else { return false }
        index += 1
    }
    return true
}

/// As `matches`, where an underscore may stand for a hyphen.
func imitates(_ bytes: UnsafeRawBufferPointer, _ range: Range<Int>, _ word: StaticString) -> Bool {
    guard range.count == word.utf8CodeUnitCount else { return false }
    return range.allSatisfy { index in
        let byte = bytes[index] == UInt8(ascii: "_") ? UInt8(ascii: "-") : lowercased(bytes[index])
        return byte == word.utf8Start[index - range.lowerBound]
    }
}

@inline(__always)
func matchesExactly(_ bytes: UnsafeRawBufferPointer, _ range: Range<Int>, _ word: StaticString) -> Bool {
    guard range.count == word.utf8CodeUnitCount else { return false }
    for index in 0..<range.count where bytes[range.lowerBound + index] != word.utf8Start[index] { return false }
    return true
}

@inline(__always)
func lowercased(_ byte: UInt8) -> UInt8 {
    byte >= UInt8(ascii: "A") && byte <= UInt8(ascii: "Z") ? byte | 0x20 : byte
}
