/// Writes the columns of missed writes and evidence, which may come by the thousand in a second; `JSONDecoder` reads them. With
/// `JSONEncoder` a third of the writers' time went into them.
struct RecordedJSON {
    private var bytes: [UInt8] = []

    /// An object with an empty `body` (which lies beside it) and the members that are added.
    static func text(_ add: (inout RecordedJSON) -> Void) -> String {
        var json = RecordedJSON()
        json.bytes.reserveCapacity(1_024)
        json.bytes += #"{"body":[]"#.utf8
        add(&json)
        json.bytes.append(UInt8(ascii: "}"))
        return String(decoding: json.bytes, as: UTF8.self)
    }

    /// A list of strings.
    static func list(_ texts: [String]) -> String {
        var json = RecordedJSON()
        json.write(texts) { json, text in json.write(text) }
        return String(decoding: json.bytes, as: UTF8.self)
    }

    mutating func member(_ name: String, _ value: Int) {
        begin(name)
        bytes += String(value).utf8
    }

    mutating func member(_ name: String, _ text: String) {
        begin(name)
        write(text)
    }

    mutating func member(_ name: String, _ lists: [[String]]) {
        begin(name)
        write(lists) { json, list in json.write(list) { json, text in json.write(text) } }
    }

    private mutating func begin(_ name: String) {
        bytes.append(UInt8(ascii: ","))
        write(name)
        bytes.append(UInt8(ascii: ":"))
    }

    private mutating func write<Item>(_ items: [Item], _ write: (inout RecordedJSON, Item) -> Void) {
        bytes.append(UInt8(ascii: "["))
        for (index, item) in items.enumerated() {
            if index > 0 { bytes.append(UInt8(ascii: ",")) }
            write(&self, item)
        }
        bytes.append(UInt8(ascii: "]"))
    }

    private mutating func write(_ text: String) {
        bytes.append(UInt8(ascii: "\""))
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"):
                bytes.append(UInt8(ascii: "\\"))
                bytes.append(byte)
            case 0..<0x20:
                bytes += #"\u00"#.utf8
                bytes.append(byte < 0x10 ? UInt8(ascii: "0") : UInt8(ascii: "1"))
                let low = byte & 0xF
                bytes.append(low < 10 ? UInt8(ascii: "0") + low : UInt8(ascii: "a") + low - 10)
            default: bytes.append(byte)
            }
        }
        bytes.append(UInt8(ascii: "\""))
    }
}
