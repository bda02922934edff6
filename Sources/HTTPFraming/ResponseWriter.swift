public import NIOCore

/// Writes the head that the caller gets from the head that the primary sent: status, reason and every end-to-end header byte
/// for byte and in order, framing as the primary said it where the body is whole.
public enum ResponseWriter {
    /// - Parameters:
    ///   - body: `.length` for a held body (the primary's own Content-Length line stays where it stood), `.chunked` for a streamed
    ///     one, `.none` where no framing is to be written: answers without a body (HEAD, 204, 304, whose own Content-Length stays),
    ///     and streams that end with the connection.
    ///   - close: whether the connection to the caller ends after this answer.
    ///   - callerMinorVersion: 0 or 1; an HTTP/1.0 caller who may go on is told so.
    public static func write(
        _ head: ResponseHead, body: ForwardedBody, close: Bool, callerMinorVersion: Int, into out: inout ByteBuffer
    ) {
        out.writeStaticString("HTTP/1.1 ")
        head.bytes.withUnsafeReadableBytes { all in
            _ = out.writeBytes(UnsafeRawBufferPointer(rebasing: all[head.statusAndReason]))
        }
        out.writeStaticString("\r\n")
        var hasLength = false
        let keepsLength = body != .chunked
        FieldCopier.copy(head, into: &out) { all, field in
            let name = field.name
            if matches(all, name, "content-length") {
                hasLength = true
                return keepsLength ? .keep : .drop
            }
            if FieldCopier.isHopByHop(all, name) { return .drop }
            if head.connectionNamesFields, !isProtected(all, name), FieldCopier.isNamedByConnection(all, name, head.fields) {
                return .drop
            }
            return .keep
        }
        switch body {
        case .none: break
        case .length(let length):
            if !hasLength {
                out.writeStaticString("Content-Length: ")
                out.writeDecimal(length)
                out.writeStaticString("\r\n")
            }
        case .chunked: out.writeStaticString("Transfer-Encoding: chunked\r\n")
        }
        if close {
            out.writeStaticString("Connection: close\r\n")
        } else if callerMinorVersion == 0 {
            out.writeStaticString("Connection: keep-alive\r\n")
        }
        out.writeStaticString("\r\n")
    }
}

/// Chunks of a streamed body.
public enum ChunkWriter {
    /// Appends `part` as one chunk; an empty part appends nothing, since an empty chunk would end the body.
    public static func write(_ part: ByteBuffer, into out: inout ByteBuffer) {
        guard part.readableBytes > 0 else { return }
        var digits = 1
        while part.readableBytes >> (digits * 4) > 0 { digits += 1 }
        for index in stride(from: digits - 1, through: 0, by: -1) {
            let digit = UInt8(truncatingIfNeeded: part.readableBytes >> (index * 4) & 15)
            out.writeInteger(digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10)
        }
        out.writeStaticString("\r\n")
        out.writeImmutableBuffer(part)
        out.writeStaticString("\r\n")
    }

    /// Ends a chunked body, without trailers.
    public static func end(into out: inout ByteBuffer) { out.writeStaticString("0\r\n\r\n") }
}
