/// A JSON document as values, for readers that are not on the hot path: numbers exact, names of one object unique.
package indirect enum JSONValue: Sendable, Hashable {
    case null
    case bool(Bool)
    case number(ExactDecimal)
    case string(String)
    case array([JSONValue])
    case object([String: JSONValue])

    /// Nil when `body` is not one JSON document (RFC 8259) of at most `depthMax` levels, when an object names a member twice, and when a
    /// number's exponent is beyond ``ExactDecimal/exponentMax``.
    package init?(_ body: [UInt8], depthMax: Int = 128) {
        var tape = JSONTape()
        // The document below only borrows the tape's memory.
        defer { withExtendedLifetime(tape) {} }
        let read: JSONValue? = body.withUnsafeBytes { bytes in
            guard JSONScanner.scan(bytes, into: &tape, depthMax: depthMax) == nil, let base = bytes.baseAddress else {
                return nil
            }
            return JSONValue(JSONDocument(bytes: base, entries: UnsafePointer(tape.entries)), at: 0)
        }
        guard let read else { return nil }
        self = read
    }

    private init?(_ document: JSONDocument, at index: Int) {
        switch document.entries[index].kind {
        case .null: self = .null
        case .true: self = .bool(true)
        case .false: self = .bool(false)
        case .number:
            guard let text = DecimalText(document.text(index)), let number = ExactDecimal(text) else { return nil }
            self = .number(number)
        case .string: self = .string(String(decoding: document.decoded(index), as: UTF8.self))
        case .array:
            var elements: [JSONValue] = []
            var at = document.firstInside(index)
            for _ in 0..<document.count(index) {
                guard let element = JSONValue(document, at: at) else { return nil }
                elements.append(element)
                at = document.after(at)
            }
            self = .array(elements)
        case .object:
            var members: [String: JSONValue] = [:]
            var at = document.firstInside(index)
            for _ in 0..<document.count(index) {
                guard let value = JSONValue(document, at: at + 1),
                    members.updateValue(value, forKey: String(decoding: document.decoded(at), as: UTF8.self)) == nil
                else { return nil }
                at = document.after(at + 1)
            }
            self = .object(members)
        }
    }
}
