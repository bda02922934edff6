public import NIOCore

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Reads HTTP/1.x answers out of the bytes of one connection to a side.
///
/// Call `expect(head:)` before each answer, since only the request says whether a body follows. Interim answers (1xx) are read
/// and passed over; `101` is a failure, for nothing that we forward asks for it.
public struct ResponseParser: Sendable {
    private enum State: Sendable {
        case idle
        case head
        case body(BodyReader)
        case failed(FramingError)
    }

    private let headBytesMax: Int
    private var state: State = .idle
    private var answersHead = false
    private var scanner = HeadScanner()
    private var interimAnswers = 0
    /// The last head that came whole: a side often sends the same one again, and then it need not be read again.
    private var lastBytes: [UInt8] = []
    private var lastHead: ResponseHead?
    /// Interim answers (1xx) taken before the final one.
    static let interimAnswersMax = 32

    public init(headBytesMax: Int = 65_536) { self.headBytesMax = headBytesMax }

    /// Announces the next answer; `head` says that it answers a HEAD request.
    public mutating func expect(head: Bool) {
        answersHead = head
        if case .failed = state { return }
        state = .head
        interimAnswers = 0
        scanner.reset()
    }

    /// The ordinary answer, which lies in one piece in `bytes` with nothing read of it before: its head (whose `bytes` are still to
    /// be given by `moved(to:)`), and the lengths of head and body. nil, and nothing changed, for any other; ask `next` then.
    ///
    /// - Parameter bytesMax: of head and body together; a larger answer is not ordinary.
    public mutating func nextWhole(_ bytes: UnsafeRawBufferPointer, bytesMax: Int) -> WholeAnswer? {
        guard case .head = state, scanner.scanned == 0, !answersHead else { return nil }
        let head: ResponseHead
        let length: Int
        if let lastHead, begins(bytes, with: lastBytes) {
            head = lastHead
            length = lastBytes.count
        } else {
            var scanner = HeadScanner()
            guard case .complete(let complete) = scanner.scan(bytes, limit: headBytesMax),
                case .success(let parsed) = ResponseHead.parse(
                    UnsafeRawBufferPointer(rebasing: bytes[0..<complete]), answersHead: false),
                parsed.status >= 200
            else { return nil }
            head = parsed
            length = complete
            lastHead = parsed
            lastBytes.removeAll(keepingCapacity: true)
            lastBytes.append(contentsOf: UnsafeRawBufferPointer(rebasing: bytes[0..<complete]))
        }
        let bodyLength: Int
        switch head.framing {
        case .none: bodyLength = 0
        case .length(let said): bodyLength = said
        case .chunked, .untilClose: return nil
        }
        guard bodyLength <= bytesMax, length + bodyLength <= min(bytes.count, bytesMax) else { return nil }
        state = .idle
        return WholeAnswer(head: head, headLength: length, bodyLength: bodyLength)
    }

    @inline(__always)
    private func begins(_ bytes: UnsafeRawBufferPointer, with known: [UInt8]) -> Bool {
        guard bytes.count >= known.count, let base = bytes.baseAddress else { return false }
        return known.withUnsafeBytes { known in known.baseAddress.map { memcmp(base, $0, known.count) == 0 } ?? false }
    }

    /// In `idle` (no answer expected) any byte is a failure: the side spoke out of turn.
    public mutating func next(from buffer: inout ByteBuffer) -> ParseStep<ResponseHead> {
        while true {
            switch state {
            case .failed(let error): return .failure(error)
            case .idle: return buffer.readableBytes == 0 ? .needMore : fail(.badStartLine)
            case .body(var reader):
                let step = reader.next(from: &buffer)
                state = .body(reader)
                switch step {
                case .needMore: return .needMore
                case .body(let part): return .body(part)
                case .end:
                    state = .idle
                    return .end
                case .failure(let error): return fail(error.code)
                }
            case .head:
                switch scanner.scan(buffer, limit: headBytesMax) {
                case .needMore: return .needMore
                case .failure(let error): return fail(error.code)
                case .complete(let length):
                    scanner.reset()
                    guard let bytes = buffer.readSlice(length: length) else { return .needMore }
                    let parsed = bytes.withUnsafeReadableBytes { ResponseHead.parse($0, answersHead: answersHead) }
                    switch parsed.map({ $0.moved(to: bytes) }) {
                    case .failure(let error): return fail(error.code)
                    case .success(let head) where head.status == 101: return fail(.unexpectedUpgrade)
                    case .success(let head) where head.status < 200:
                        interimAnswers += 1
                        if interimAnswers > ResponseParser.interimAnswersMax { return fail(.tooManyInterimAnswers) }
                    case .success(let head):
                        state = .body(BodyReader(head.framing))
                        return .head(head)
                    }
                }
            }
        }
    }

    /// The side closed the connection: the end of a body that ends so, nothing between answers, else a failure.
    public mutating func connectionClosed() -> ParseStep<ResponseHead> {
        switch state {
        case .body(let reader) where reader.endsWithConnection:
            state = .idle
            return .end
        case .idle: return .needMore
        case .failed(let error): return .failure(error)
        case .head, .body: return fail(.truncated)
        }
    }

    private mutating func fail(_ code: FramingError.Code) -> ParseStep<ResponseHead> {
        state = .failed(FramingError(code))
        return .failure(FramingError(code))
    }
}

/// A whole answer as it lies in received bytes.
public struct WholeAnswer: Sendable {
    /// Its `bytes` are empty: `moved(to:)` gives it some.
    public let head: ResponseHead
    public let headLength: Int
    public let bodyLength: Int
}

extension ResponseHead {
    /// - Parameter all: the head, its empty line included. The result has no `bytes` yet.
    static func parse(_ all: UnsafeRawBufferPointer, answersHead: Bool) -> Result<ResponseHead, FramingError> {
        guard all.count >= 14, matchesExactly(all, 0..<7, "HTTP/1."),
            all[7] == UInt8(ascii: "0") || all[7] == UInt8(ascii: "1"),
            all[8] == 0x20, isDigit(all[9]), isDigit(all[10]), isDigit(all[11]), all[12] == 0x20 || all[12] == 0x0D
        else { return .failure(FramingError(.badStartLine)) }
        let digits = (Int(all[9] - 48), Int(all[10] - 48), Int(all[11] - 48))
        let status = digits.0 * 100 + digits.1 * 10 + digits.2
        var at = 12
        while isFieldContent(all[at]) { at += 1 }
        guard all[at] == 0x0D, all[at + 1] == 0x0A, status >= 100 else { return .failure(FramingError(.badStartLine)) }
        var parser = FieldParser(reusing: nil)
        if let error = parser.parse(all, from: at + 2) { return .failure(error) }
        let minor = Int(all[7] - UInt8(ascii: "0"))
        var framing: BodyFraming
        switch parser.framing(minorVersion: minor) {
        case .failure(let error): return .failure(error)
        case .success(let said): framing = said ?? .untilClose
        }
        // A 204 that announces a body may well send it: nothing more is read from such a connection.
        let announcesBody = status == 204 && !(framing == .untilClose || framing == .length(0))
        if answersHead || status == 204 || status == 304 || status < 200 { framing = .none }
        let keepAlive = !parser.saysClose && (minor == 1 || parser.saysKeepAlive) && framing != .untilClose && !announcesBody
        return .success(
            ResponseHead(
                bytes: ByteBuffer(), status: status, statusAndReason: 9..<at, minorVersion: minor, fieldsStart: at + 2,
                contentType: parser.contentType, framing: framing, keepAlive: keepAlive,
                hasContentLength: parser.contentLengths > 0, leftOut: parser.leftOut,
                connectionNamesFields: parser.connectionNamesFields))
    }
}
