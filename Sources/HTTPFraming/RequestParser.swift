public import NIOCore

/// One step of reading messages from a connection.
public enum ParseStep<Head: Sendable>: Sendable {
    case needMore
    case head(Head)
    /// A part of the body, sharing the buffer's storage. Chunks are taken apart already.
    case body(ByteBuffer)
    /// The message is whole; the next one follows in the same buffer.
    case end
    /// Nothing after this can be trusted: answer if there is something to answer, and close.
    case failure(FramingError)
}

/// Reads HTTP/1.x requests out of the bytes of one connection, one step at a time.
///
/// Stricter than RFC 9112 asks wherever two readers could disagree about where a message ends: bare LF, folded lines, several
/// Content-Lengths (even equal ones), Content-Length with Transfer-Encoding, transfer codings other than `chunked`, chunk
/// sizes with white space. One empty line before a request line is passed over. An absolute URL as the target is taken when
/// its authority is the same as Host.
///
///     var parser = RequestParser()
///     while true {
///         switch parser.next(from: &received) { case .needMore: return; case .head(let head): …; … }
///     }
public struct RequestParser: Sendable {
    private enum State: Sendable {
        case head
        case body(BodyReader)
        case failed(FramingError)
    }

    private let headBytesMax: Int
    private var state: State = .head
    private var scanner = HeadScanner()
    private var mayBeginEmpty = true
    private var isStartLineSound = false
    /// The last head's fields: their memory serves again when nobody holds that head any more.
    private var fields: [HeaderField] = []

    public init(headBytesMax: Int = 65_536) { self.headBytesMax = headBytesMax }

    /// True between messages: nothing of the next request has been taken yet.
    public var isBetweenMessages: Bool {
        if case .head = state { return true }
        return false
    }

    public mutating func next(from buffer: inout ByteBuffer) -> ParseStep<RequestHead> {
        switch state {
        case .failed(let error): return .failure(error)
        case .body(var reader):
            let step = reader.next(from: &buffer)
            state = .body(reader)
            switch step {
            case .needMore: return .needMore
            case .body(let part): return .body(part)
            case .end:
                state = .head
                mayBeginEmpty = true
                return .end
            case .failure(let error): return fail(error)
            }
        case .head: return nextHead(&buffer)
        }
    }

    /// The ordinary request, which lies in one piece in `bytes` with nothing read of it before: its head (whose `bytes` are still to
    /// be given by `moved(to:)`), and the lengths of head and body. nil, and nothing changed, for any other; ask `next` then.
    ///
    /// - Parameter bodyBytesMax: a request with a larger body is not ordinary.
    public mutating func nextWhole(_ bytes: UnsafeRawBufferPointer, bodyBytesMax: Int) -> WholeRequest? {
        guard case .head = state, scanner.scanned == 0, bytes.first != 0x0D else { return nil }
        var scanner = HeadScanner()
        guard case .complete(let length) = scanner.scan(bytes, limit: headBytesMax),
            case .success(let head) = RequestHead.parse(UnsafeRawBufferPointer(rebasing: bytes[0..<length]), fields: &fields)
        else { return nil }
        let bodyLength: Int
        switch head.framing {
        case .none: bodyLength = 0
        case .length(let said): bodyLength = said
        case .chunked, .untilClose: return nil
        }
        guard bodyLength <= bodyBytesMax, length + bodyLength <= bytes.count else { return nil }
        mayBeginEmpty = true
        return WholeRequest(head: head, headLength: length, bodyLength: bodyLength)
    }

    private mutating func fail(_ error: FramingError) -> ParseStep<RequestHead> {
        state = .failed(error)
        return .failure(error)
    }

    /// A broken start line is refused as soon as it is whole: HTTP/0.9 sends nothing after it, and would wait for ever.
    private mutating func startLineError(_ buffer: ByteBuffer) -> FramingError? {
        guard !isStartLineSound, scanner.firstLineEnd > 0 else { return nil }
        let line = buffer.withUnsafeReadableBytes {
            RequestLine.parse(UnsafeRawBufferPointer(rebasing: $0[0..<scanner.firstLineEnd]))
        }
        guard case .failure(let error) = line else {
            isStartLineSound = true
            return nil
        }
        return error
    }

    private mutating func nextHead(_ buffer: inout ByteBuffer) -> ParseStep<RequestHead> {
        if mayBeginEmpty, scanner.scanned == 0, let first = buffer.getInteger(at: buffer.readerIndex, as: UInt8.self),
            first == 0x0D
        {
            guard buffer.readableBytes >= 2 else { return .needMore }
            guard buffer.readInteger(as: UInt16.self) == 0x0D0A else { return fail(FramingError(.bareCarriageReturn)) }
            mayBeginEmpty = false
        }
        switch scanner.scan(buffer, limit: headBytesMax) {
        case .needMore:
            if let error = startLineError(buffer) { return fail(error) }
            return .needMore
        case .failure(let error): return fail(startLineError(buffer) ?? error)
        case .complete(let length):
            scanner.reset()
            isStartLineSound = false
            guard let bytes = buffer.readSlice(length: length) else { return .needMore }
            let parsed = bytes.withUnsafeReadableBytes { RequestHead.parse($0, fields: &fields) }
            switch parsed.map({ $0.moved(to: bytes) }) {
            case .failure(let error): return fail(error)
            case .success(let head):
                state = .body(BodyReader(head.framing))
                return .head(head)
            }
        }
    }
}

/// A whole request as it lies in received bytes.
public struct WholeRequest: Sendable {
    /// Its `bytes` are empty: `moved(to:)` gives it some.
    public let head: RequestHead
    public let headLength: Int
    public let bodyLength: Int
}

extension RequestHead {
    /// - Parameters:
    ///   - all: the head, its empty line included. The result has no `bytes` yet.
    ///   - fields: memory for the result's fields; afterwards shared with them.
    static func parse(_ all: UnsafeRawBufferPointer, fields: inout [HeaderField]) -> Result<RequestHead, FramingError> {
        let line: RequestLine
        switch RequestLine.parse(all) {
        case .failure(let error): return .failure(error)
        case .success(let whole): line = whole
        }
        let (method, target, minor, fieldsStart) = (line.method, line.target, line.minorVersion, line.end)
        var parser = FieldParser(reusing: exchange(&fields, with: []))
        if let error = parser.parse(all, from: fieldsStart) { return .failure(error) }
        fields = parser.fields
        guard parser.hosts == 1 || (minor == 0 && parser.hosts == 0) else { return .failure(FramingError(.badHost)) }
        let host = parser.host
        guard parser.hosts == 0 || (!host.isEmpty && isAuthority(all, host)) else { return .failure(FramingError(.badHost)) }
        guard !parser.connectionNamesProtected else { return .failure(FramingError(.badConnection)) }
        guard let path = pathRange(all, target, method: method, host: host) else { return .failure(FramingError(.badTarget)) }
        let framing: BodyFraming
        switch parser.framing(minorVersion: minor) {
        case .failure(let error): return .failure(error)
        case .success(let said): framing = said ?? .none
        }
        guard !parser.hasUnknownExpectation else { return .failure(FramingError(.unknownExpectation)) }
        return .success(
            RequestHead(
                bytes: ByteBuffer(), method: method, target: target, path: path, minorVersion: minor, fieldsStart: fieldsStart,
                fields: fields, framing: framing,
                keepAlive: !parser.saysClose && (minor == 1 || parser.saysKeepAlive),
                expectsContinue: parser.expectsContinue && minor == 1, hasIdempotencyKey: parser.hasIdempotencyKey,
                host: host, connectionNamesFields: parser.connectionNamesFields))
    }

    private static func pathRange(_ all: UnsafeRawBufferPointer, _ target: Range<Int>, method: Range<Int>, host: Range<Int>)
        -> Range<Int>?
    {
        var start = target.lowerBound
        if all[start] == UInt8(ascii: "*") {
            return target.count == 1 && matchesExactly(all, method, "OPTIONS") ? target : nil
        }
        if all[start] != UInt8(ascii: "/") {
            guard target.count > 7, matches(all, start..<start + 7, "http://") else { return nil }
            let authorityStart = start + 7
            var end = authorityStart
            while end < target.upperBound, all[end] != UInt8(ascii: "/"), all[end] != UInt8(ascii: "?") { end += 1 }
            guard end > authorityStart, isAuthority(all, authorityStart..<end), end - authorityStart == host.count,
                (0..<host.count).allSatisfy({ lowercased(all[authorityStart + $0]) == lowercased(all[host.lowerBound + $0]) })
            else { return nil }
            start = end
        }
        var end = start
        while end < target.upperBound, all[end] != UInt8(ascii: "?") {
            if all[end] == UInt8(ascii: "#") { return nil }
            end += 1
        }
        return (end..<target.upperBound).contains { all[$0] == UInt8(ascii: "#") } ? nil : start..<end
    }
}
