/// `GET /path HTTP/1.1`, as offsets.
struct RequestLine {
    let method: Range<Int>
    let target: Range<Int>
    /// 0 or 1.
    let minorVersion: Int
    /// Just behind the line's CR LF.
    let end: Int

    /// The line at the start of these bytes, which hold its CR LF.
    static func parse(_ all: UnsafeRawBufferPointer) -> Result<RequestLine, FramingError> {
        var at = 0
        while isToken(all[at]) { at += 1 }
        guard at > 0, all[at] == 0x20 else { return .failure(FramingError(.badStartLine)) }
        let method = 0..<at
        let targetStart = at + 1
        at = targetStart
        // Bytes above 127 pass, for callers that write their paths in UTF-8 unescaped: they move no boundary.
        while all[at] > 0x20, all[at] != 0x7F { at += 1 }
        guard at > targetStart, all[at] == 0x20 else {
            return .failure(FramingError(all[at] == 0x20 || all[at] == 0x0D ? .badStartLine : .badTarget))
        }
        guard let minor = minorVersion(all, at + 1) else { return .failure(versionError(all, at + 1)) }
        guard !matchesExactly(all, method, "CONNECT") else { return .failure(FramingError(.methodNotSupported)) }
        return .success(RequestLine(method: method, target: targetStart..<at, minorVersion: minor, end: at + 11))
    }

    /// `HTTP/1.0` or `HTTP/1.1` and the line's end.
    private static func minorVersion(_ all: UnsafeRawBufferPointer, _ start: Int) -> Int? {
        guard start + 10 <= all.count, matchesExactly(all, start..<start + 7, "HTTP/1."), all[start + 8] == 0x0D,
            all[start + 9] == 0x0A
        else { return nil }
        return all[start + 7] == UInt8(ascii: "1") ? 1 : all[start + 7] == UInt8(ascii: "0") ? 0 : nil
    }

    private static func versionError(_ all: UnsafeRawBufferPointer, _ start: Int) -> FramingError {
        let isOther =
            start + 10 <= all.count && matchesExactly(all, start..<start + 5, "HTTP/") && isDigit(all[start + 5])
            && all[start + 6] == UInt8(ascii: ".") && isDigit(all[start + 7]) && all[start + 8] == 0x0D
        return FramingError(isOther ? .versionNotSupported : .badStartLine)
    }
}
