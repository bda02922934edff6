import NIOCore

/// Copies header lines from one head into another, in runs as long as nothing is left out.
struct FieldCopier {
    /// What one header line is to the writer.
    enum Fate {
        case keep
        case drop
    }

    static func copy<Head: MessageHead>(
        _ head: Head, into out: inout ByteBuffer, fate: (UnsafeRawBufferPointer, HeaderField) -> Fate
    ) {
        head.bytes.withUnsafeReadableBytes { all in
            var runStart = head.fieldsStart
            let end = all.count - 2
            for (index, field) in head.fields.enumerated() {
                guard case .drop = fate(all, field) else { continue }
                let start = Int(field.nameStart)
                if start > runStart { out.writeBytes(UnsafeRawBufferPointer(rebasing: all[runStart..<start])) }
                runStart = index + 1 < head.fields.count ? Int(head.fields[index + 1].nameStart) : end
            }
            if end > runStart { out.writeBytes(UnsafeRawBufferPointer(rebasing: all[runStart..<end])) }
        }
    }

    /// RFC 9110 §7.6.1: what concerns this connection alone. Told by the first letter before names are compared.
    @inline(__always)
    static func isHopByHop(_ all: UnsafeRawBufferPointer, _ name: Range<Int>) -> Bool {
        switch lowercased(all[name.lowerBound]) {
        case UInt8(ascii: "c"): matches(all, name, "connection")
        case UInt8(ascii: "k"): matches(all, name, "keep-alive")
        case UInt8(ascii: "p"):
            matches(all, name, "proxy-connection") || matches(all, name, "proxy-authenticate")
                || matches(all, name, "proxy-authorization")
        case UInt8(ascii: "t"):
            matches(all, name, "te") || matches(all, name, "trailer") || matches(all, name, "transfer-encoding")
        case UInt8(ascii: "u"): matches(all, name, "upgrade")
        default: false
        }
    }

    /// Whether a Connection header of this head names that header.
    static func isNamedByConnection(_ all: UnsafeRawBufferPointer, _ name: Range<Int>, _ fields: [HeaderField]) -> Bool {
        var isNamed = false
        for field in fields where matches(all, field.name, "connection") {
            forEachToken(all, field.value) { token in
                if token.count == name.count,
                    (0..<name.count).allSatisfy({
                        lowercased(all[token.lowerBound + $0]) == lowercased(all[name.lowerBound + $0])
                    })
                {
                    isNamed = true
                }
            }
        }
        return isNamed
    }
}
