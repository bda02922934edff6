/// RFC 9110 `token`: what a method or a header name is made of.
@inline(__always)
func isToken(_ byte: UInt8) -> Bool {
    byte < 128 && (byte < 64 ? tokenLow : tokenHigh) & (UInt64(1) << UInt64(byte & 63)) != 0
}

/// Bits of `!#$%&'*+-.` with the digits, and of the letters with ``^_`|~``: literals, so that no byte pays for a lazy global.
private let tokenLow: UInt64 = 0x03FF6CFA00000000
private let tokenHigh: UInt64 = 0x57FFFFFFC7FFFFFE

/// What a header value may hold: anything but control characters; tab and bytes above 127 pass as they are.
@inline(__always)
func isFieldContent(_ byte: UInt8) -> Bool { byte >= 0x20 ? byte != 0x7F : byte == 0x09 }

@inline(__always)
func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }

@inline(__always)
func isDigit(_ byte: UInt8) -> Bool { byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9") }

/// A host and an optional port, as Host and an absolute URL's authority write them; user information is refused.
func isAuthority(_ bytes: UnsafeRawBufferPointer, _ range: Range<Int>) -> Bool {
    for index in range {
        switch bytes[index] {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
            UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "~"), UInt8(ascii: ":"), UInt8(ascii: "["),
            UInt8(ascii: "]"), UInt8(ascii: "%"):
            continue
        default: return false
        }
    }
    return true
}
