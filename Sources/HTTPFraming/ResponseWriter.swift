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
        head.bytes.withUnsafeReadableBytes { all in
            // What is added is within these 128 bytes.
            out.append(atMost: all.count + 128) { out in
                let isOrdinary =
                    head.minorVersion == 1 && head.leftOut.areAllKnown && !head.connectionNamesFields && body != .chunked
                var hasLength = head.hasContentLength
                if isOrdinary { copyRuns(head, all, into: &out) } else { hasLength = copy(head, all, body, into: &out) }
                switch body {
                case .none: break
                case .length(let length):
                    if !hasLength {
                        out.append("Content-Length: ")
                        out.appendDecimal(length)
                        out.append("\r\n")
                    }
                case .chunked: out.append("Transfer-Encoding: chunked\r\n")
                }
                if close {
                    out.append("Connection: close\r\n")
                } else if callerMinorVersion == 0 {
                    out.append("Connection: keep-alive\r\n")
                }
                out.append("\r\n")
            }
        }
    }

    /// An HTTP/1.1 head with at most two lines to leave out: three runs, the status line among them.
    @inline(__always)
    private static func copyRuns(_ head: ResponseHead, _ all: UnsafeRawBufferPointer, into out: inout ByteAppender) {
        let end = all.count - 2
        switch head.leftOut.count {
        case 0: out.append(all, 0..<end)
        case 1:
            out.append(all, 0..<head.leftOut.first.lowerBound)
            out.append(all, head.leftOut.first.upperBound..<end)
        default:
            out.append(all, 0..<head.leftOut.first.lowerBound)
            out.append(all, head.leftOut.first.upperBound..<head.leftOut.second.lowerBound)
            out.append(all, head.leftOut.second.upperBound..<end)
        }
    }

    /// Any other head, line by line. True when a Content-Length was among what was copied.
    private static func copy(
        _ head: ResponseHead, _ all: UnsafeRawBufferPointer, _ body: ForwardedBody, into out: inout ByteAppender
    ) -> Bool {
        out.append("HTTP/1.1 ")
        out.append(all, head.statusAndReason)
        out.append("\r\n")
        let fields = head.fields
        let keepsLength = body != .chunked
        FieldCopier.copy(fields, from: head.fieldsStart, of: all, into: &out) { field in
            if field.kind == .contentLength { return keepsLength ? .keep : .drop }
            if field.kind.staysHere { return .drop }
            if head.connectionNamesFields, !isProtected(all, field.name),
                FieldCopier.isNamedByConnection(all, field.name, fields)
            {
                return .drop
            }
            return .keep
        }
        return head.hasContentLength && keepsLength
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
