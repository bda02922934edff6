/// One step down from the top of a document.
struct PathStep {
    enum Kind {
        /// `number` is the entry of the name in the primary's document.
        case primaryMember
        /// … in the shadow's.
        case shadowMember
        /// `number` is the index.
        case element
    }

    let kind: Kind
    let number: Int32
}

/// Writes paths as ``PathPattern`` reads them.
enum WirePath {
    /// The path, and the path with every index as `[]`.
    static func text(_ steps: [PathStep], primary: JSONDocument, shadow: JSONDocument) -> (path: String, generic: String) {
        var path = "$"
        var generic = "$"
        for step in steps {
            switch step.kind {
            case .element:
                path += "[\(step.number)]"
                generic += "[]"
            case .primaryMember, .shadowMember:
                let document = step.kind == .primaryMember ? primary : shadow
                let member = member(document.decoded(Int(step.number)))
                path += member
                generic += member
            }
        }
        return (path, generic)
    }

    /// `.name` where the name is a plain word, else `['any name']`.
    static func member(_ name: [UInt8]) -> String {
        let isWord = { (byte: UInt8) in byte &- 0x30 < 10 || (byte | 0x20) &- 0x61 < 26 || byte == 0x5F || byte == 0x2D }
        if !name.isEmpty, name.allSatisfy(isWord) { return "." + String(decoding: name, as: UTF8.self) }
        var text: [UInt8] = Array("['".utf8)
        var at = 0
        while at < name.count {
            let byte = name[at]
            if byte == UInt8(ascii: "'") || byte == UInt8(ascii: "\\") {
                text += [UInt8(ascii: "\\"), byte]
            } else if byte < 0x20 || byte == 0x7F {
                text += escaped(UInt32(byte))
            } else if byte == 0xED, at + 2 < name.count, name[at + 1] >= 0xA0 {
                // An unpaired surrogate has no character to show.
                text += escaped(0xD000 | UInt32(name[at + 1] & 0x3F) << 6 | UInt32(name[at + 2] & 0x3F))
                at += 2
            } else {
                text.append(byte)
            }
            at += 1
        }
        return String(decoding: text, as: UTF8.self) + "']"
    }

    private static func escaped(_ unit: UInt32) -> [UInt8] {
        let digits = String(unit, radix: 16)
        return Array(("\\u" + String(repeating: "0", count: 4 - digits.count) + digits).utf8)
    }
}
