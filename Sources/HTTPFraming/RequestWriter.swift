public import NIOCore

/// How a forwarded message's body is framed.
public enum ForwardedBody: Sendable, Hashable {
    /// No body, and no framing header.
    case none
    case length(Int)
    case chunked
}

/// Writes the head that the sides get from the head that the caller sent, by copying ranges.
///
/// Method, target, Host and every end-to-end header go on byte for byte and in order; an absolute URL goes on as its path and
/// query, since it agrees with Host. Left out: hop-by-hop headers and those
/// that Connection names, Expect, the framing headers (written anew), and, unless the listener is trusted, the caller's own
/// `X-Request-Time` and `X-Shadow-Mode`. Added: `Via`, `X-Forwarded-For` (one more line), `X-Forwarded-Host` and
/// `X-Forwarded-Proto` when the caller sent none, and a `traceparent` when the caller's is missing or broken.
///
/// The head is left open, so that one side can get a line that the other does not: append lines, then `RequestWriter.close`.
public struct RequestWriter: Sendable {
    /// Whether the caller's own `X-Request-Time` and `X-Shadow-Mode` pass.
    public var trusted: Bool

    /// Host for HTTP/1.0 requests that name none, since HTTP/1.1 requires one.
    public var fallbackHost: [UInt8]

    public init(trusted: Bool, fallbackHost: [UInt8] = Array("localhost".utf8)) {
        self.trusted = trusted
        self.fallbackHost = fallbackHost
    }

    /// - Parameters:
    ///   - clientAddress: the caller's address as text, for `X-Forwarded-For`.
    ///   - trace: random bits for a `traceparent` of our own.
    public func write(
        _ head: RequestHead, body: ForwardedBody, clientAddress: [UInt8], trace: @autoclosure () -> (UInt64, UInt64, UInt64),
        into out: inout ByteBuffer
    ) {
        var traceparents = 0
        var isTraceValid = false
        var hasForwardedHost = false
        var hasForwardedProto = false
        head.bytes.withUnsafeReadableBytes { all in
            RequestWriter.writeMethodAndTarget(head, all, into: &out)
            for field in head.fields where matches(all, field.name, "traceparent") {
                traceparents += 1
                isTraceValid = RequestWriter.isTraceparent(all, field.value)
            }
        }
        let keepsTrace = traceparents == 1 && isTraceValid
        out.writeStaticString(" HTTP/1.1\r\n")
        FieldCopier.copy(head, into: &out) { all, field in
            let name = field.name
            switch lowercased(all[name.lowerBound]) {
            case UInt8(ascii: "c") where matches(all, name, "content-length"): return .drop
            case UInt8(ascii: "e") where matches(all, name, "expect"): return .drop
            case UInt8(ascii: "t") where !keepsTrace && (matches(all, name, "traceparent") || matches(all, name, "tracestate")):
                return .drop
            case UInt8(ascii: "x"):
                if matches(all, name, "x-forwarded-host") { hasForwardedHost = true }
                if matches(all, name, "x-forwarded-proto") { hasForwardedProto = true }
                if !trusted, imitates(all, name, "x-request-time") || imitates(all, name, "x-shadow-mode") { return .drop }
            default: break
            }
            if FieldCopier.isHopByHop(all, name) { return .drop }
            if head.connectionNamesFields, FieldCopier.isNamedByConnection(all, name, head.fields) { return .drop }
            return .keep
        }
        if head.host.isEmpty {
            out.writeStaticString("Host: ")
            out.writeBytes(fallbackHost)
            out.writeStaticString("\r\n")
        }
        switch body {
        case .none: break
        case .length(let length):
            out.writeStaticString("Content-Length: ")
            out.writeDecimal(length)
            out.writeStaticString("\r\n")
        case .chunked: out.writeStaticString("Transfer-Encoding: chunked\r\n")
        }
        if !hasForwardedHost, !head.host.isEmpty {
            out.writeStaticString("X-Forwarded-Host: ")
            head.bytes.withUnsafeReadableBytes { all in
                _ = out.writeBytes(UnsafeRawBufferPointer(rebasing: all[head.host]))
            }
            out.writeStaticString("\r\n")
        }
        if !hasForwardedProto { out.writeStaticString("X-Forwarded-Proto: http\r\n") }
        out.writeStaticString("X-Forwarded-For: ")
        out.writeBytes(clientAddress)
        out.writeStaticString("\r\nVia: 1.1 countersign\r\n")
        if !keepsTrace { RequestWriter.writeTraceparent(trace(), into: &out) }
    }

    private static func writeMethodAndTarget(_ head: RequestHead, _ all: UnsafeRawBufferPointer, into out: inout ByteBuffer) {
        if head.path.lowerBound == head.target.lowerBound {
            out.writeBytes(UnsafeRawBufferPointer(rebasing: all[0..<head.target.upperBound]))
            return
        }
        out.writeBytes(UnsafeRawBufferPointer(rebasing: all[0..<head.target.lowerBound]))
        if head.path.isEmpty {
            // RFC 9112 §3.2.4: OPTIONS of a whole server has no path at all.
            let isWhole = head.path.upperBound == head.target.upperBound && matchesExactly(all, head.method, "OPTIONS")
            out.writeStaticString(isWhole ? "*" : "/")
        }
        out.writeBytes(UnsafeRawBufferPointer(rebasing: all[head.path.lowerBound..<head.target.upperBound]))
    }

    /// Ends an open head.
    public static func close(_ out: inout ByteBuffer) { out.writeStaticString("\r\n") }

    /// W3C Trace Context: `00-32 hex-16 hex-2 hex`, lower case, neither id all zeros; later versions may be longer.
    static func isTraceparent(_ all: UnsafeRawBufferPointer, _ value: Range<Int>) -> Bool {
        guard value.count >= 55 else { return false }
        let start = value.lowerBound
        func isHex(_ range: Range<Int>) -> Bool {
            range.allSatisfy { isDigit(all[start + $0]) || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(all[start + $0]) }
        }
        func isZero(_ range: Range<Int>) -> Bool { range.allSatisfy { all[start + $0] == UInt8(ascii: "0") } }
        guard isHex(0..<2), all[start + 2] == UInt8(ascii: "-"), isHex(3..<35), all[start + 35] == UInt8(ascii: "-"),
            isHex(36..<52),
            all[start + 52] == UInt8(ascii: "-"), isHex(53..<55), !isZero(3..<35), !isZero(36..<52)
        else { return false }
        if isZero(0..<2) { return value.count == 55 }
        if all[start] == UInt8(ascii: "f"), all[start + 1] == UInt8(ascii: "f") { return false }
        return value.count == 55 || all[start + 55] == UInt8(ascii: "-")
    }

    private static func writeTraceparent(_ random: (UInt64, UInt64, UInt64), into out: inout ByteBuffer) {
        out.writeStaticString("traceparent: 00-")
        out.writeHexadecimal(random.0)
        out.writeHexadecimal(random.1 | 1)
        out.writeStaticString("-")
        out.writeHexadecimal(random.2 | 1)
        out.writeStaticString("-00\r\n")
    }
}

extension ByteBuffer {
    /// The number in decimal digits, without a `String`.
    public mutating func writeDecimal(_ value: Int) {
        var divisor = 1
        while value / divisor >= 10 { divisor *= 10 }
        while divisor > 0 {
            writeInteger(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: value / divisor % 10))
            divisor /= 10
        }
    }

    mutating func writeHexadecimal(_ value: UInt64) {
        for shift in stride(from: 60, through: 0, by: -4) {
            let digit = UInt8(truncatingIfNeeded: value >> UInt64(shift) & 15)
            writeInteger(digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10)
        }
    }
}
