/// Takes values out of a JSON body before it is stored, leaving every other byte as it is.
///
///     let redactor = JSONRedactor(paths: [try PathPattern("$..accountId")])
///     let stored = redactor.redact(body) { value in "redacted:" + keyedHash(value) }
///
/// Equal values on the wire get equal replacements when the closure is a function of the value, so that redacted evidence still shows
/// whether the two sides agreed. A value is passed as it is written (strings with their quotes); a container is replaced whole.
public struct JSONRedactor: Sendable {
    private let tree: RuleTree
    private let depthMax: Int

    public init(paths: [PathPattern], depthMax: Int = 128) {
        self.tree = RuleTree(paths.map { Rule(path: $0, action: .ignore) })
        self.depthMax = depthMax
    }

    /// The body with each value at one of the paths replaced by a JSON string; nil when it is not JSON (or nested beyond the limit),
    /// in which case nobody can say where its secrets stand: don't store it.
    public func redact(_ body: UnsafeRawBufferPointer, replacing: (UnsafeRawBufferPointer) -> String) -> [UInt8]? {
        var tape = JSONTape()
        // The document below only borrows the tape's memory.
        defer { withExtendedLifetime(tape) {} }
        guard JSONScanner.scan(body, into: &tape, depthMax: depthMax) == nil, let bytes = body.baseAddress else { return nil }
        let document = JSONDocument(bytes: bytes, entries: UnsafePointer(tape.entries))
        var result: [UInt8] = []
        result.reserveCapacity(body.count)
        var copied = 0
        var cursor = RuleCursor()
        cursor.begin(tree)
        visit(0, document, &cursor) { value in
            let text = document.wireText(value)
            let start = text.baseAddress.map { bytes.distance(to: $0) } ?? copied
            result += UnsafeRawBufferPointer(rebasing: body[copied..<start])
            result += JSONQuoted.bytes(replacing(text))
            copied = start + text.count
        }
        result += UnsafeRawBufferPointer(rebasing: body[copied...])
        return result
    }

    private func visit(_ value: Int, _ document: JSONDocument, _ cursor: inout RuleCursor, _ take: (Int) -> Void) {
        if cursor.ignores { return take(value) }
        guard document.entries[value].isContainer else { return }
        let isObject = document.entries[value].kind == .object
        var inside = document.firstInside(value)
        for index in 0..<document.count(value) {
            let mark = isObject ? cursor.enterMember(document, inside) : cursor.enterElement(index)
            let element = isObject ? inside + 1 : inside
            visit(element, document, &cursor, take)
            cursor.leave(mark)
            inside = document.after(element)
        }
    }
}

/// Text as a JSON string.
enum JSONQuoted {
    static func bytes(_ text: String) -> [UInt8] {
        var result: [UInt8] = [UInt8(ascii: "\"")]
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"):
                result += [UInt8(ascii: "\\"), byte]
            case ..<0x20:
                let digits = Array("0123456789abcdef".utf8)
                result += Array("\\u00".utf8) + [digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            default:
                result.append(byte)
            }
        }
        result.append(UInt8(ascii: "\""))
        return result
    }
}
