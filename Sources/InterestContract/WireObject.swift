/// Writes one JSON object with its members in the order given.
struct WireObject {
    private var bytes: [UInt8] = [UInt8(ascii: "{")]

    mutating func member(_ name: String, _ value: Int64) { raw(name, String(value)) }
    mutating func member(_ name: String, _ value: Int64?) { raw(name, value.map { String($0) } ?? "null") }
    mutating func member(_ name: String, _ value: Bool) { raw(name, value ? "true" : "false") }
    mutating func member(_ name: String, _ value: CivilDate?) { raw(name, value.map { "\"\($0)\"" } ?? "null") }

    mutating func member(_ name: String, _ value: String) {
        begin(name)
        WireObject.quote(value, into: &bytes)
    }

    mutating func member(_ name: String, object: (inout WireObject) -> Void) {
        begin(name)
        var inner = WireObject()
        object(&inner)
        bytes.append(contentsOf: inner.finished)
    }

    mutating func member(_ name: String, objects: [[UInt8]]) {
        begin(name)
        bytes.append(UInt8(ascii: "["))
        bytes.append(contentsOf: objects.joined(separator: [UInt8(ascii: ",")]))
        bytes.append(UInt8(ascii: "]"))
    }

    var finished: [UInt8] { bytes + [UInt8(ascii: "}")] }

    private mutating func raw(_ name: String, _ text: String) {
        begin(name)
        bytes.append(contentsOf: text.utf8)
    }

    private mutating func begin(_ name: String) {
        if bytes.count > 1 { bytes.append(UInt8(ascii: ",")) }
        WireObject.quote(name, into: &bytes)
        bytes.append(UInt8(ascii: ":"))
    }

    private static func quote(_ text: String, into bytes: inout [UInt8]) {
        bytes.append(UInt8(ascii: "\""))
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"): bytes.append(contentsOf: [UInt8(ascii: "\\"), byte])
            case 0..<0x20:
                let digits = String(byte, radix: 16)
                bytes.append(contentsOf: ("\\u" + String(repeating: "0", count: 4 - digits.count) + digits).utf8)
            default: bytes.append(byte)
            }
        }
        bytes.append(UInt8(ascii: "\""))
    }
}
