/// Why a body is not JSON (RFC 8259), or more of it than the bounds allow, and where.
struct JSONFault: Error {
    let offset: Int
    /// What was expected there, or which bound was reached.
    let reason: StaticString
}

/// Reads a document once, strictly by RFC 8259, and leaves its values on a tape.
///
/// Nothing is allocated per value; UTF-8 is checked on the way; nesting is bounded, and no recursion takes the thread's stack.
struct JSONScanner: ~Copyable {
    private let bytes: UnsafePointer<UInt8>
    private let end: Int
    private var at = 0

    /// The fault, or nil when `body` is one JSON document; the tape then describes it.
    static func scan(_ body: UnsafeRawBufferPointer, into tape: inout JSONTape, depthMax: Int) -> JSONFault? {
        tape.removeAll()
        guard body.count < Int(Int32.max) else { return JSONFault(offset: 0, reason: "the document is larger than 2 GiB") }
        guard let base = body.baseAddress else { return JSONFault(offset: 0, reason: "the document is empty") }
        var scanner = JSONScanner(bytes: base.assumingMemoryBound(to: UInt8.self), end: body.count)
        do throws(JSONFault) {
            try scanner.document(into: &tape, depthMax: depthMax)
            return nil
        } catch {
            return error
        }
    }

    /// Whether all of `text` is a number as JSON writes it.
    static func isNumber(_ text: UnsafeRawBufferPointer) -> Bool {
        guard let base = text.baseAddress, text.count > 0 else { return false }
        var scanner = JSONScanner(bytes: base.assumingMemoryBound(to: UInt8.self), end: text.count)
        do throws(JSONFault) {
            try scanner.number()
            return scanner.at == scanner.end
        } catch {
            return false
        }
    }

    /// Where the one string, number, `true`, `false` or `null` ends that begins at `start`; nil when none does.
    static func endOfScalar(_ body: UnsafeRawBufferPointer, from start: Int) -> Int? {
        guard let base = body.baseAddress, start < body.count else { return nil }
        var scanner = JSONScanner(bytes: base.assumingMemoryBound(to: UInt8.self), end: body.count)
        scanner.at = start
        do throws(JSONFault) {
            switch body[start] {
            case UInt8(ascii: "\""): _ = try scanner.string()
            case UInt8(ascii: "-"), 0x30...0x39: try scanner.number()
            case UInt8(ascii: "t"): try scanner.word("true")
            case UInt8(ascii: "f"): try scanner.word("false")
            case UInt8(ascii: "n"): try scanner.word("null")
            default: return nil
            }
            return scanner.at
        } catch {
            return nil
        }
    }

    private init(bytes: UnsafePointer<UInt8>, end: Int) {
        self.bytes = bytes
        self.end = end
    }

    private mutating func document(into tape: inout JSONTape, depthMax: Int) throws(JSONFault) {
        var open = -1
        var depth = 0
        while true {
            // One value.
            skipSpace()
            guard at < end else { throw fault("a value is missing") }
            if open >= 0 { tape.entries[open].count += 1 }
            let start = at
            switch bytes[at] {
            case UInt8(ascii: "\""):
                let hasEscape = try string()
                tape.append(.string, start: start + 1, end: at - 1, isMarked: hasEscape)
            case UInt8(ascii: "-"), 0x30...0x39:
                try number()
                tape.append(.number, start: start, end: at)
            case UInt8(ascii: "t"):
                try word("true")
                tape.append(.true, start: start, end: at)
            case UInt8(ascii: "f"):
                try word("false")
                tape.append(.false, start: start, end: at)
            case UInt8(ascii: "n"):
                try word("null")
                tape.append(.null, start: start, end: at)
            case UInt8(ascii: "{"):
                depth += 1
                guard depth <= depthMax else { throw fault("it is nested deeper than the limit") }
                tape.append(.object, start: start, end: start, next: open)
                open = tape.count - 1
                at += 1
                skipSpace()
                if at < end, bytes[at] == UInt8(ascii: "}") { break }
                try name(into: &tape)
                continue
            case UInt8(ascii: "["):
                depth += 1
                guard depth <= depthMax else { throw fault("it is nested deeper than the limit") }
                tape.append(.array, start: start, end: start, next: open)
                open = tape.count - 1
                at += 1
                skipSpace()
                if at < end, bytes[at] == UInt8(ascii: "]") { break }
                continue
            default:
                throw fault("a value begins with `{`, `[`, a quote, a digit, `-`, `true`, `false` or `null`")
            }
            // What follows it: the end of containers, then a comma.
            while true {
                skipSpace()
                if open < 0 {
                    guard at == end else { throw fault("something stands after the end of the document") }
                    return
                }
                guard at < end else { throw fault("the document ends inside an object or array") }
                let isObject = tape.entries[open].kind == .object
                if bytes[at] == UInt8(ascii: ",") {
                    at += 1
                    if isObject {
                        skipSpace()
                        try name(into: &tape)
                    }
                    break
                }
                guard bytes[at] == (isObject ? UInt8(ascii: "}") : UInt8(ascii: "]")) else {
                    throw isObject ? fault("`,` or `}` goes on an object") : fault("`,` or `]` goes on an array")
                }
                at += 1
                depth -= 1
                let around = Int(Int32(bitPattern: tape.entries[open].next))
                tape.entries[open].next = UInt32(truncatingIfNeeded: tape.count)
                tape.entries[open].end = UInt32(truncatingIfNeeded: at)
                if isObject {
                    if DuplicateNames.stand(in: open, of: tape, bytes: UnsafeRawPointer(bytes)) {
                        tape.entries[open].isMarked = true
                        tape.hasDuplicates = true
                    }
                }
                open = around
            }
        }
    }

    /// `"name" :`
    private mutating func name(into tape: inout JSONTape) throws(JSONFault) {
        guard at < end, bytes[at] == UInt8(ascii: "\"") else { throw fault("a member's name in quotes is missing") }
        let start = at + 1
        let hasEscape = try string()
        let text = UnsafeRawBufferPointer(start: bytes + start, count: at - 1 - start)
        tape.append(
            .string, start: start, end: at - 1, count: hasEscape ? KeyHash.ofEscaped(text) : KeyHash.of(text), isMarked: hasEscape
        )
        skipSpace()
        guard at < end, bytes[at] == UInt8(ascii: ":") else { throw fault("`:` after a member's name is missing") }
        at += 1
    }

    @inline(__always)
    private mutating func skipSpace() {
        while at < end {
            let byte = bytes[at]
            if byte > 0x20 { return }
            guard byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 else { return }
            at += 1
        }
    }

    private mutating func word(_ word: StaticString) throws(JSONFault) {
        guard at + word.utf8CodeUnitCount <= end else { throw fault("`true`, `false` or `null` is cut off") }
        for index in 0..<word.utf8CodeUnitCount where bytes[at + index] != word.utf8Start[index] {
            throw fault("of words only `true`, `false` and `null` exist")
        }
        at += word.utf8CodeUnitCount
    }

    private mutating func number() throws(JSONFault) {
        // The ordinary number: digits, and then what may follow a value.
        if bytes[at] &- 0x31 < 9 {
            var stop = at + 1
            while stop < end, bytes[stop] &- 0x30 < 10 { stop += 1 }
            if stop == end || (bytes[stop] != UInt8(ascii: ".") && bytes[stop] | 0x20 != UInt8(ascii: "e")) {
                at = stop
                return
            }
        }
        if bytes[at] == UInt8(ascii: "-") { at += 1 }
        guard at < end, bytes[at] &- 0x30 < 10 else { throw fault("a digit is missing") }
        if bytes[at] == 0x30 {
            at += 1
            if at < end, bytes[at] &- 0x30 < 10 { throw fault("a number has no leading zeros") }
        } else {
            skipDigits()
        }
        if at < end, bytes[at] == UInt8(ascii: ".") {
            at += 1
            guard at < end, bytes[at] &- 0x30 < 10 else { throw fault("a digit after the point is missing") }
            skipDigits()
        }
        if at < end, bytes[at] | 0x20 == UInt8(ascii: "e") {
            at += 1
            if at < end, bytes[at] == UInt8(ascii: "+") || bytes[at] == UInt8(ascii: "-") { at += 1 }
            guard at < end, bytes[at] &- 0x30 < 10 else { throw fault("a digit of the exponent is missing") }
            skipDigits()
        }
    }

    @inline(__always)
    private mutating func skipDigits() {
        while at < end, bytes[at] &- 0x30 < 10 { at += 1 }
    }

    /// From the opening quote to behind the closing one; whether an escape stands in between.
    @inline(__always)
    private mutating func string() throws(JSONFault) -> Bool {
        let stop = afterPlain(from: at + 1)
        // The ordinary string: plain characters up to the closing quote.
        if stop < end, bytes[stop] == UInt8(ascii: "\"") {
            at = stop + 1
            return false
        }
        at = stop
        return try restOfString()
    }

    /// At something other than a plain character.
    @inline(never)
    private mutating func restOfString() throws(JSONFault) -> Bool {
        var hasEscape = false
        while true {
            guard at < end else { throw fault("the closing quote of a string is missing") }
            let byte = bytes[at]
            if byte == UInt8(ascii: "\"") {
                at += 1
                return hasEscape
            }
            if byte == UInt8(ascii: "\\") {
                hasEscape = true
                try escape()
            } else if byte >= 0x80 {
                let length = UTF8Sequence.length(bytes + at, count: end - at)
                guard length > 0 else { throw fault("this is not UTF-8") }
                at += length
            } else {
                throw fault("a control character in a string is written as an escape")
            }
            at = afterPlain(from: at)
        }
    }

    /// The next quote, backslash, control character or byte beyond ASCII: eight bytes at a time, then one by one.
    @inline(__always)
    private func afterPlain(from start: Int) -> Int {
        var at = start
        let ones: UInt64 = 0x0101_0101_0101_0101
        while at + 8 <= end {
            let word = UnsafeRawPointer(bytes + at).loadUnaligned(as: UInt64.self).littleEndian
            let quote = word ^ (ones &* 0x22)
            let backslash = word ^ (ones &* 0x5C)
            let special =
                ((word &- (ones &* 0x20)) & ~word | (quote &- ones) & ~quote | (backslash &- ones) & ~backslash | word)
                & (ones &* 0x80)
            if special != 0 {
                return at + special.trailingZeroBitCount / 8
            }
            at += 8
        }
        while at < end {
            let byte = bytes[at]
            if byte < 0x20 || byte >= 0x80 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") { return at }
            at += 1
        }
        return at
    }

    private mutating func escape() throws(JSONFault) {
        at += 1
        guard at < end else { throw fault("an escape is cut off") }
        switch bytes[at] {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"), UInt8(ascii: "f"), UInt8(ascii: "n"),
            UInt8(ascii: "r"), UInt8(ascii: "t"):
            at += 1
        case UInt8(ascii: "u"):
            at += 1
            for _ in 0..<4 {
                guard at < end else { throw fault("an escape is cut off") }
                let byte = bytes[at]
                guard byte &- 0x30 < 10 || (byte | 0x20) &- 0x61 < 6 else { throw fault("`\\u` takes four hexadecimal digits") }
                at += 1
            }
        default:
            throw fault("this escape does not exist in JSON")
        }
    }

    private func fault(_ reason: StaticString) -> JSONFault { JSONFault(offset: at, reason: reason) }
}
