/// What a header is to the framing and to the writers; told once, when the head is read.
enum FieldKind: UInt8, Sendable {
    case other
    case host
    case expect
    case connection
    /// Concerns this connection alone, and says nothing of framing (RFC 9110 §7.6.1).
    case hopByHop
    case transferEncoding
    case contentLength
    case contentType
    case traceparent
    case tracestate
    case forwardedHost
    case forwardedProto
    /// `X-Request-Time`, `X-Shadow-Mode`: our own; only a trusted caller may say them.
    case requestTime
    case shadowMode
    /// The same two with an underscore for a hyphen, as a gateway that turns names into variables would read them.
    case disguisedOwn
    /// Content-Length or Transfer-Encoding with an underscore for a hyphen.
    case disguisedFraming
    case idempotencyKey

    /// By length and first letter before names are compared.
    @inline(__always)
    static func of(_ all: UnsafeRawBufferPointer, _ name: Range<Int>) -> FieldKind {
        let first = all[name.lowerBound] | 0x20
        switch (name.count, first) {
        case (2, UInt8(ascii: "t")) where matches(all, name, "te"): return .hopByHop
        case (4, UInt8(ascii: "h")) where matches(all, name, "host"): return .host
        case (6, UInt8(ascii: "e")) where matches(all, name, "expect"): return .expect
        case (7, UInt8(ascii: "t")) where matches(all, name, "trailer"): return .hopByHop
        case (7, UInt8(ascii: "u")) where matches(all, name, "upgrade"): return .hopByHop
        case (10, UInt8(ascii: "c")) where matches(all, name, "connection"): return .connection
        case (10, UInt8(ascii: "k")) where matches(all, name, "keep-alive"): return .hopByHop
        case (10, UInt8(ascii: "t")) where matches(all, name, "tracestate"): return .tracestate
        case (11, UInt8(ascii: "t")) where matches(all, name, "traceparent"): return .traceparent
        case (12, UInt8(ascii: "c")) where matches(all, name, "content-type"): return .contentType
        case (13, UInt8(ascii: "x")): return own(all, name, "x-shadow-mode", .shadowMode)
        case (14, UInt8(ascii: "c")): return framing(all, name, "content-length", .contentLength)
        case (14, UInt8(ascii: "x")): return own(all, name, "x-request-time", .requestTime)
        case (15, UInt8(ascii: "i")) where matches(all, name, "idempotency-key"): return .idempotencyKey
        case (16, UInt8(ascii: "x")) where matches(all, name, "x-forwarded-host"): return .forwardedHost
        case (16, UInt8(ascii: "p")) where matches(all, name, "proxy-connection"): return .hopByHop
        case (17, UInt8(ascii: "x")) where matches(all, name, "x-forwarded-proto"): return .forwardedProto
        case (17, UInt8(ascii: "t")): return framing(all, name, "transfer-encoding", .transferEncoding)
        case (18, UInt8(ascii: "p")) where matches(all, name, "proxy-authenticate"): return .hopByHop
        case (19, UInt8(ascii: "p")) where matches(all, name, "proxy-authorization"): return .hopByHop
        default: return .other
        }
    }

    private static func own(_ all: UnsafeRawBufferPointer, _ name: Range<Int>, _ word: StaticString, _ kind: FieldKind)
        -> FieldKind
    {
        if matches(all, name, word) { return kind }
        return imitates(all, name, word) ? .disguisedOwn : .other
    }

    private static func framing(_ all: UnsafeRawBufferPointer, _ name: Range<Int>, _ word: StaticString, _ kind: FieldKind)
        -> FieldKind
    {
        if matches(all, name, word) { return kind }
        return imitates(all, name, word) ? .disguisedFraming : .other
    }

    /// Never passed on by either writer. (Content-Length is: its line stays where it stood in an answer.)
    @inline(__always)
    var staysHere: Bool { self == .connection || self == .hopByHop || self == .transferEncoding }
}
