public import NIOCore

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
                    switch ResponseHead.parse(bytes, answersHead: answersHead) {
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

extension ResponseHead {
    static func parse(_ bytes: ByteBuffer, answersHead: Bool) -> Result<ResponseHead, FramingError> {
        bytes.withUnsafeReadableBytes { all in
            guard all.count >= 14, matchesExactly(all, 0..<7, "HTTP/1."),
                all[7] == UInt8(ascii: "0") || all[7] == UInt8(ascii: "1"),
                all[8] == 0x20, isDigit(all[9]), isDigit(all[10]), isDigit(all[11]), all[12] == 0x20 || all[12] == 0x0D
            else { return .failure(FramingError(.badStartLine)) }
            let digits = (Int(all[9] - 48), Int(all[10] - 48), Int(all[11] - 48))
            let status = digits.0 * 100 + digits.1 * 10 + digits.2
            var at = 12
            while isFieldContent(all[at]) { at += 1 }
            guard all[at] == 0x0D, all[at + 1] == 0x0A, status >= 100 else { return .failure(FramingError(.badStartLine)) }
            var parser = FieldParser()
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
                    bytes: bytes, status: status, statusAndReason: 9..<at, minorVersion: minor, fieldsStart: at + 2,
                    fields: parser.fields, framing: framing, keepAlive: keepAlive,
                    connectionNamesFields: parser.connectionNamesFields))
        }
    }
}
