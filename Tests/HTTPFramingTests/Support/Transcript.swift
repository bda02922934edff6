import HTTPFraming
import NIOCore

/// A request as any reader of the same bytes must see it.
struct ReadRequest: Hashable, CustomStringConvertible {
    var method: String
    var target: String
    var minorVersion: Int
    var fields: [[String]]
    var body: [UInt8] = []
    var isWhole = false

    var description: String {
        "\(method) \(target) 1.\(minorVersion) \(fields) body \(body.count) B\(isWhole ? "" : " (unfinished)")"
    }
}

/// An answer as any reader of the same bytes must see it.
struct ReadAnswer: Hashable {
    var statusAndReason: String
    var fields: [[String]]
    var framing: BodyFraming
    var keepAlive: Bool
    var body: [UInt8] = []
    var isWhole = false
}

/// What a parser made of some bytes: the messages, and the refusal that ended them, if any.
struct Transcript<Message: Hashable>: Hashable {
    var messages: [Message] = []
    var refusal: FramingError.Code?
    /// Bytes left lying because a head or line is not whole; 0 after a refusal.
    var pendingBytes = 0
}

/// Latin-1, so that every byte is one character and nothing is repaired.
func latin1(_ bytes: some Sequence<UInt8>) -> String { String(String.UnicodeScalarView(bytes.map { Unicode.Scalar($0) })) }

extension MessageHead {
    func exact(_ range: Range<Int>) -> String { latin1(bytes.readableBytesView.dropFirst(range.lowerBound).prefix(range.count)) }
    var exactFields: [[String]] { fields.map { [exact($0.name), exact($0.value)] } }
}

/// Feeds the pieces one after another to a request parser.
func readRequests(_ pieces: [[UInt8]], headBytesMax: Int = 65_536) -> Transcript<ReadRequest> {
    var parser = RequestParser(headBytesMax: headBytesMax)
    var buffer = ByteBuffer()
    var transcript = Transcript<ReadRequest>()
    for piece in pieces {
        buffer.writeBytes(piece)
        reading: while true {
            switch parser.next(from: &buffer) {
            case .needMore: break reading
            case .head(let head):
                transcript.messages.append(
                    ReadRequest(
                        method: head.exact(head.method), target: head.exact(head.target), minorVersion: head.minorVersion,
                        fields: head.exactFields))
            case .body(let part): transcript.messages[transcript.messages.count - 1].body += Array(part.readableBytesView)
            case .end: transcript.messages[transcript.messages.count - 1].isWhole = true
            case .failure(let error):
                transcript.refusal = error.code
                return transcript
            }
        }
    }
    transcript.pendingBytes = buffer.readableBytes
    return transcript
}

func readRequests(_ text: String) -> Transcript<ReadRequest> { readRequests([Array(text.utf8)]) }

/// Feeds the pieces to a response parser, announcing the next answer after each whole one while bytes are left.
func readAnswers(_ pieces: [[UInt8]], toHead: Bool = false, thenClosed: Bool = false) -> Transcript<ReadAnswer> {
    var parser = ResponseParser()
    parser.expect(head: toHead)
    var isExpecting = true
    var buffer = ByteBuffer()
    var transcript = Transcript<ReadAnswer>()

    /// Whether the parser has more to say.
    func note(_ step: ParseStep<ResponseHead>) -> Bool {
        switch step {
        case .needMore: return false
        case .head(let head):
            transcript.messages.append(
                ReadAnswer(
                    statusAndReason: head.exact(head.statusAndReason), fields: head.exactFields, framing: head.framing,
                    keepAlive: head.keepAlive))
        case .body(let part): transcript.messages[transcript.messages.count - 1].body += Array(part.readableBytesView)
        case .end:
            transcript.messages[transcript.messages.count - 1].isWhole = true
            isExpecting = false
        case .failure(let error):
            transcript.refusal = error.code
            return false
        }
        return true
    }

    for piece in pieces where transcript.refusal == nil {
        buffer.writeBytes(piece)
        repeat {
            if !isExpecting, buffer.readableBytes > 0 {
                parser.expect(head: toHead)
                isExpecting = true
            }
        } while note(parser.next(from: &buffer))
    }
    if thenClosed, transcript.refusal == nil { _ = note(parser.connectionClosed()) }
    return transcript
}

func readAnswers(_ text: String, toHead: Bool = false, thenClosed: Bool = false) -> Transcript<ReadAnswer> {
    readAnswers([Array(text.utf8)], toHead: toHead, thenClosed: thenClosed)
}
