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

/// The first byte from `start` on that no header value may hold (the line's CR, in a sound head): eight bytes at a time.
///
/// The head ends with CR LF, so there is one.
@inline(__always)
func endOfFieldContent(_ bytes: UnsafeRawBufferPointer, from start: Int) -> Int {
    let ones: UInt64 = 0x0101_0101_0101_0101
    var at = start
    while at + 8 <= bytes.count {
        let word = bytes.loadUnaligned(fromByteOffset: at, as: UInt64.self).littleEndian
        let delete = word ^ (ones &* 0x7F)
        // Marks bytes below 0x20 and 0x7F; tab among them, which is looked at by itself. A borrow can only mark a byte too many,
        // behind one that is rightly marked.
        let special = ((word &- (ones &* 0x20)) & ~word | (delete &- ones) & ~delete) & (ones &* 0x80)
        if special == 0 {
            at += 8
            continue
        }
        at += special.trailingZeroBitCount / 8
        if isFieldContent(bytes[at]) { at += 1 } else { return at }
    }
    while isFieldContent(bytes[at]) { at += 1 }
    return at
}
