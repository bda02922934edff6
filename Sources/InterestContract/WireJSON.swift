/// A JSON document as the contract reads it: integers exact from their text, other numbers kept apart, duplicate keys refused.
///
/// Foundation's decoders take `1.0` or `1e3` for an integer and let the last of two equal keys win; with money, neither will do.
public indirect enum WireJSON: Sendable, Hashable {
    case null
    case bool(Bool)
    /// Written without fraction and exponent, and within 64 bits.
    case integer(Int64)
    /// Any other number, as it was written.
    case otherNumber(String)
    case string(String)
    case array([WireJSON])
    case object([String: WireJSON])
}

/// Why bytes are not a document of the contract.
public struct WireJSONError: Error, Sendable, Hashable, CustomStringConvertible {
    public let description: String
    /// Byte offset at which reading stopped.
    public let offset: Int
}

extension WireJSON {
    /// Reads exactly one document (RFC 8259, UTF-8, at most 32 levels deep).
    public init(_ bytes: [UInt8]) throws(WireJSONError) {
        var reader = WireJSONReader(bytes: bytes)
        self = try reader.document()
    }

    public var integer: Int64? { if case .integer(let value) = self { value } else { nil } }
    public var string: String? { if case .string(let value) = self { value } else { nil } }
    public var bool: Bool? { if case .bool(let value) = self { value } else { nil } }
    public var array: [WireJSON]? { if case .array(let value) = self { value } else { nil } }
    public var object: [String: WireJSON]? { if case .object(let value) = self { value } else { nil } }

    public subscript(_ key: String) -> WireJSON? { object?[key] }
}

struct WireJSONReader {
    private let bytes: [UInt8]
    private var at = 0

    init(bytes: [UInt8]) { self.bytes = bytes }

    mutating func document() throws(WireJSONError) -> WireJSON {
        let value = try value(depth: 0)
        skipSpace()
        guard at == bytes.count else { throw error("text after the end of the document") }
        return value
    }

    private func error(_ text: String) -> WireJSONError {
        WireJSONError(description: "not the contract's JSON: " + text, offset: at)
    }

    private mutating func skipSpace() {
        while at < bytes.count, [0x20, 0x09, 0x0A, 0x0D].contains(bytes[at]) { at += 1 }
    }

    private mutating func value(depth: Int) throws(WireJSONError) -> WireJSON {
        guard depth <= 32 else { throw error("nested too deeply") }
        skipSpace()
        guard at < bytes.count else { throw error("it ends where a value is expected") }
        switch bytes[at] {
        case UInt8(ascii: "{"): return try object(depth: depth)
        case UInt8(ascii: "["): return try array(depth: depth)
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t"): return try word("true", .bool(true))
        case UInt8(ascii: "f"): return try word("false", .bool(false))
        case UInt8(ascii: "n"): return try word("null", .null)
        default: return try number()
        }
    }

    private mutating func word(_ text: String, _ value: WireJSON) throws(WireJSONError) -> WireJSON {
        let wanted = Array(text.utf8)
        guard bytes.count - at >= wanted.count, Array(bytes[at..<at + wanted.count]) == wanted else {
            throw error("an unknown word")
        }
        at += wanted.count
        return value
    }

    private mutating func object(depth: Int) throws(WireJSONError) -> WireJSON {
        at += 1
        var members: [String: WireJSON] = [:]
        skipSpace()
        if take(UInt8(ascii: "}")) { return .object(members) }
        while true {
            skipSpace()
            guard at < bytes.count, bytes[at] == UInt8(ascii: "\"") else { throw error("a member's name is expected") }
            let name = try string()
            skipSpace()
            guard take(UInt8(ascii: ":")) else { throw error("`:` is expected") }
            guard members.updateValue(try value(depth: depth + 1), forKey: name) == nil else {
                throw error("the member `\(name)` stands twice")
            }
            skipSpace()
            if take(UInt8(ascii: "}")) { return .object(members) }
            guard take(UInt8(ascii: ",")) else { throw error("`,` or `}` is expected") }
        }
    }

    private mutating func array(depth: Int) throws(WireJSONError) -> WireJSON {
        at += 1
        var elements: [WireJSON] = []
        skipSpace()
        if take(UInt8(ascii: "]")) { return .array(elements) }
        while true {
            elements.append(try value(depth: depth + 1))
            skipSpace()
            if take(UInt8(ascii: "]")) { return .array(elements) }
            guard take(UInt8(ascii: ",")) else { throw error("`,` or `]` is expected") }
        }
    }

    private mutating func take(_ byte: UInt8) -> Bool {
        guard at < bytes.count, bytes[at] == byte else { return false }
        at += 1
        return true
    }

    private mutating func number() throws(WireJSONError) -> WireJSON {
        let start = at
        _ = take(UInt8(ascii: "-"))
        let integerDigits = digits()
        guard integerDigits > 0, integerDigits == 1 || bytes[at - integerDigits] != UInt8(ascii: "0") else {
            throw error("no number")
        }
        var isInteger = true
        if take(UInt8(ascii: ".")) {
            isInteger = false
            guard digits() > 0 else { throw error("a digit is expected after `.`") }
        }
        if take(UInt8(ascii: "e")) || take(UInt8(ascii: "E")) {
            isInteger = false
            if !take(UInt8(ascii: "+")) { _ = take(UInt8(ascii: "-")) }
            guard digits() > 0 else { throw error("a digit is expected in the exponent") }
        }
        let text = String(decoding: bytes[start..<at], as: UTF8.self)
        if isInteger, let value = Int64(text) { return .integer(value) }
        return .otherNumber(text)
    }

    private mutating func digits() -> Int {
        let start = at
        while at < bytes.count, bytes[at] >= UInt8(ascii: "0"), bytes[at] <= UInt8(ascii: "9") { at += 1 }
        return at - start
    }

    private mutating func string() throws(WireJSONError) -> String {
        at += 1
        var decoded: [UInt8] = []
        while at < bytes.count {
            let byte = bytes[at]
            at += 1
            switch byte {
            case UInt8(ascii: "\""):
                guard let text = String(validating: decoded, as: UTF8.self) else { throw error("a string is not UTF-8") }
                return text
            case UInt8(ascii: "\\"): try escape(into: &decoded)
            case 0..<0x20: throw error("a control character in a string")
            default: decoded.append(byte)
            }
        }
        throw error("a string does not end")
    }

    private mutating func escape(into decoded: inout [UInt8]) throws(WireJSONError) {
        guard at < bytes.count else { throw error("a string does not end") }
        let letter = bytes[at]
        at += 1
        switch letter {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): decoded.append(letter)
        case UInt8(ascii: "b"): decoded.append(0x08)
        case UInt8(ascii: "f"): decoded.append(0x0C)
        case UInt8(ascii: "n"): decoded.append(0x0A)
        case UInt8(ascii: "r"): decoded.append(0x0D)
        case UInt8(ascii: "t"): decoded.append(0x09)
        case UInt8(ascii: "u"):
            var code = try hexUnit()
            if (0xD800..<0xDC00).contains(code) {
                guard take(UInt8(ascii: "\\")), take(UInt8(ascii: "u")) else { throw error("half a surrogate pair") }
                let low = try hexUnit()
                guard (0xDC00..<0xE000).contains(low) else { throw error("half a surrogate pair") }
                code = 0x10000 + (code - 0xD800) << 10 + (low - 0xDC00)
            }
            guard let scalar = Unicode.Scalar(code) else { throw error("half a surrogate pair") }
            decoded.append(contentsOf: String(Character(scalar)).utf8)
        default: throw error("an unknown escape")
        }
    }

    private mutating func hexUnit() throws(WireJSONError) -> UInt32 {
        guard bytes.count - at >= 4, let value = UInt32(String(decoding: bytes[at..<at + 4], as: UTF8.self), radix: 16),
            bytes[at] != UInt8(ascii: "+")
        else { throw error("four hexadecimal digits are expected after \\u") }
        at += 4
        return value
    }
}
