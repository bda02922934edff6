/// Reads single values out of a body without decoding the rest: a request's key, a problem's `code`.
public struct JSONField: Sendable {
    private let names: [[UInt8]]

    /// `$.from`, `$.account.id`: a path of names alone, which takes exactly one place.
    public init(_ path: PathPattern) throws(RuleSyntaxError) {
        var names: [[UInt8]] = []
        for segment in path.segments {
            guard case .member(let name) = segment else {
                throw RuleSyntaxError(
                    text: path.description, offset: 0, reason: "only names can stand in the path of a single member")
            }
            names.append(name)
        }
        guard !names.isEmpty else {
            throw RuleSyntaxError(
                text: path.description, offset: 0, reason: "the path of a single member names one, as `$.from` does")
        }
        self.names = names
    }

    /// The decoded text of the string, number or boolean there. Nil when the body is not JSON, when there is no such member or two of
    /// that name (each reader may take another), and when it is null, an object or an array.
    public func text(in body: UnsafeRawBufferPointer, depthMax: Int = 128) -> String? {
        var tape = JSONTape()
        // The document below only borrows the tape's memory.
        defer { withExtendedLifetime(tape) {} }
        guard JSONScanner.scan(body, into: &tape, depthMax: depthMax) == nil, let bytes = body.baseAddress else { return nil }
        let document = JSONDocument(bytes: bytes, entries: UnsafePointer(tape.entries))
        var value = 0
        for wanted in names {
            guard document.entries[value].kind == .object else { return nil }
            var found: Int?
            var name = document.firstInside(value)
            for _ in 0..<document.count(value) {
                if document.decoded(name) == wanted {
                    if found != nil { return nil }
                    found = name + 1
                }
                name = document.after(name + 1)
            }
            guard let found else { return nil }
            value = found
        }
        let kind = document.entries[value].kind
        guard kind != .null, !document.entries[value].isContainer else { return nil }
        return String(validating: document.decoded(value), as: UTF8.self)
    }
}
