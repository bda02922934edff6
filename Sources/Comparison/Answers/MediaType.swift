/// What a `Content-Type` says about a body, as far as a comparison cares.
enum MediaType {
    /// `application/problem+json`
    case problem
    /// `application/json`, `text/json`, `…/…+json`
    case json
    case other
    case absent

    var claimsJSON: Bool { self == .json || self == .problem }

    /// Parameters and letter case mean nothing.
    init(_ value: UnsafeRawBufferPointer?) {
        guard let value else {
            self = .absent
            return
        }
        var essence = value.prefix { $0 != UInt8(ascii: ";") }
        while let last = essence.last, last == 0x20 || last == 0x09 { essence = essence.dropLast() }
        while let first = essence.first, first == 0x20 || first == 0x09 { essence = essence.dropFirst() }
        func matches(_ bytes: Slice<UnsafeRawBufferPointer>, _ wanted: StaticString) -> Bool {
            guard bytes.count == wanted.utf8CodeUnitCount else { return false }
            for (index, byte) in bytes.enumerated() {
                let lower = byte &- 0x41 < 26 ? byte | 0x20 : byte
                if lower != wanted.utf8Start[index] { return false }
            }
            return true
        }
        if essence.isEmpty {
            self = .absent
        } else if matches(essence, "application/problem+json") {
            self = .problem
        } else if matches(essence, "application/json") || matches(essence, "text/json") || matches(essence.suffix(5), "+json") {
            self = .json
        } else {
            self = .other
        }
    }
}
