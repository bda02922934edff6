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

    /// Further headers that do not go on, nor what resembles them.
    public var leftOut: [FieldName] = []

    private let forwardedProto: StaticString

    /// - Parameter isTLS: whether the caller speaks TLS to us, for `X-Forwarded-Proto`.
    public init(trusted: Bool, isTLS: Bool = false, fallbackHost: [UInt8] = RequestWriter.localhost) {
        self.trusted = trusted
        forwardedProto = isTLS ? "X-Forwarded-Proto: https\r\n" : "X-Forwarded-Proto: http\r\n"
        self.fallbackHost = fallbackHost
    }

    /// The host where none is named.
    public static let localhost = Array("localhost".utf8)

    /// - Parameters:
    ///   - clientAddress: the caller's address as text, for `X-Forwarded-For`.
    ///   - trace: random bits for a `traceparent` of our own.
    public func write(
        _ head: RequestHead, body: ForwardedBody, clientAddress: [UInt8], trace: @autoclosure () -> (UInt64, UInt64, UInt64),
        into out: inout ByteBuffer
    ) {
        // What is added, and an absolute URL's path written anew, are within these 512 bytes, the address and a Host once more.
        let most = 512 + head.bytes.readableBytes + head.host.count + clientAddress.count + fallbackHost.count
        head.bytes.withUnsafeReadableBytes { all in
            out.append(atMost: most) { out in
                compose(head, all, body: body, clientAddress: clientAddress, trace: trace, into: &out)
            }
        }
    }

    @inline(__always)
    private func compose(
        _ head: RequestHead, _ all: UnsafeRawBufferPointer, body: ForwardedBody, clientAddress: [UInt8],
        trace: () -> (UInt64, UInt64, UInt64), into out: inout ByteAppender
    ) {
        var traceparents = 0
        var isTraceValid = false
        var hasForwardedHost = false
        var hasForwardedProto = false
        for field in head.fields {
            switch field.kind {
            case .traceparent:
                traceparents += 1
                isTraceValid = RequestWriter.isTraceparent(all, field.value)
            case .forwardedHost: hasForwardedHost = true
            case .forwardedProto: hasForwardedProto = true
            default: break
            }
        }
        let keepsTrace = traceparents == 1 && isTraceValid
        RequestWriter.writeMethodAndTarget(head, all, into: &out)
        out.append(" HTTP/1.1\r\n")
        FieldCopier.copy(head.fields, from: head.fieldsStart, of: all, into: &out) { field in
            switch field.kind {
            case .connection, .hopByHop, .transferEncoding, .contentLength, .expect: return .drop
            case .traceparent, .tracestate: if !keepsTrace { return .drop }
            case .requestTime, .shadowMode, .disguisedOwn: if !trusted { return .drop }
            default: break
            }
            if leftOut.contains(where: { $0.resembles(field.name, in: all) }) { return .drop }
            if head.connectionNamesFields, FieldCopier.isNamedByConnection(all, field.name, head.fields) { return .drop }
            return .keep
        }
        if head.host.isEmpty {
            out.append("Host: ")
            out.append(fallbackHost)
            out.append("\r\n")
        }
        switch body {
        case .none: break
        case .length(let length):
            out.append("Content-Length: ")
            out.appendDecimal(length)
            out.append("\r\n")
        case .chunked: out.append("Transfer-Encoding: chunked\r\n")
        }
        if !hasForwardedHost, !head.host.isEmpty {
            out.append("X-Forwarded-Host: ")
            out.append(all, head.host)
            out.append("\r\n")
        }
        if !hasForwardedProto { out.append(forwardedProto) }
        out.append("X-Forwarded-For: ")
        out.append(clientAddress)
        out.append("\r\nVia: 1.1 countersign\r\n")
        if !keepsTrace { RequestWriter.writeTraceparent(trace(), into: &out) }
    }

    private static func writeMethodAndTarget(
        _ head: RequestHead, _ all: UnsafeRawBufferPointer, into out: inout ByteAppender
    ) {
        if head.path.lowerBound == head.target.lowerBound {
            out.append(all, 0..<head.target.upperBound)
            return
        }
        out.append(all, 0..<head.target.lowerBound)
        if head.path.isEmpty {
            // RFC 9112 §3.2.4: OPTIONS of a whole server has no path at all.
            let isWhole = head.path.upperBound == head.target.upperBound && matchesExactly(all, head.method, "OPTIONS")
            out.append(isWhole ? "*" : "/")
        }
        out.append(all, head.path.lowerBound..<head.target.upperBound)
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

    private static func writeTraceparent(_ random: (UInt64, UInt64, UInt64), into out: inout ByteAppender) {
        out.append("traceparent: 00-")
        out.appendHexadecimal(random.0)
        out.appendHexadecimal(random.1 | 1)
        out.append("-")
        out.appendHexadecimal(random.2 | 1)
        out.append("-00\r\n")
    }
}

extension ByteBuffer {
    /// The number in decimal digits, without a `String`.
    public mutating func writeDecimal(_ value: Int) {
        append(atMost: 20) { $0.appendDecimal(value) }
    }
}
