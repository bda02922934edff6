import Comparison
import HTTPFraming
import NIOCore
import Verdicts

/// One side's whole answer: the head as it came, the body without its framing.
struct SideAnswer: Sendable {
    var head: ResponseHead
    var body: ByteBuffer
    var latencyMicroseconds: Int

    /// A small answer moves into memory of the lane's, head and body behind each other.
    mutating func pack(_ lane: Lane) {
        guard bytes <= Self.packedMax else { return }
        var store = lane.spareBuffers.take(lane.allocator)
        store.writeImmutableBuffer(head.bytes)
        store.writeImmutableBuffer(body)
        guard let copy = store.readSlice(length: head.bytes.readableBytes) else { return }
        head = head.moved(to: copy)
        body = store
    }

    /// Head and body together.
    static let packedMax = 16_384

    var status: Int { head.status }
    var bytes: Int { head.bytes.readableBytes + body.readableBytes }

    /// Lends status, content type, the headers where they are wanted, and the body to a comparison.
    ///
    /// - Parameter planted: a status that the answer has not.
    @inline(__always)
    func withView<Result>(withHeaders wantsHeaders: Bool, status planted: Int? = nil, _ body: (AnswerView) -> Result) -> Result {
        let contentType = head.contentType
        return head.bytes.withUnsafeReadableBytes { all in
            var fields: [AnswerView.HeaderField] = []
            if wantsHeaders {
                fields = head.fields.map { field in
                    AnswerView.HeaderField(
                        name: UnsafeRawBufferPointer(rebasing: all[field.name]),
                        value: UnsafeRawBufferPointer(rebasing: all[field.value]))
                }
            }
            return self.body.withUnsafeReadableBytes { bytes in
                body(
                    AnswerView(
                        status: planted ?? status, contentType: contentType.map { UnsafeRawBufferPointer(rebasing: all[$0]) },
                        headers: fields, body: bytes))
            }
        }
    }

    /// The member `code` of a problem.
    var problemCode: String? {
        body.withUnsafeReadableBytes { SideAnswer.codeField?.text(in: $0) }
    }

    private static let codeField: JSONField? = {
        guard let path = try? PathPattern("$.code") else { return nil }
        return try? JSONField(path)
    }()

    /// For evidence and the catch-up.
    func recorded(_ side: Side) -> RecordedAnswer {
        RecordedAnswer(
            side: side, status: status, headers: head.texts, body: Array(body.readableBytesView),
            latencyMicroseconds: latencyMicroseconds)
    }

    /// A kept answer, to compare a late one with. nil if what was kept is no answer.
    init?(_ recorded: RecordedAnswer, allocator: ByteBufferAllocator) {
        var text = allocator.buffer(capacity: 512)
        text.writeString("HTTP/1.1 \(recorded.status) \r\n")
        for field in recorded.headers where field.count == 2 { text.writeString("\(field[0]): \(field[1])\r\n") }
        text.writeStaticString("\r\n")
        var parser = ResponseParser()
        parser.expect(head: true)
        guard case .head(let head) = parser.next(from: &text) else { return nil }
        self.init(
            head: head, body: allocator.buffer(bytes: recorded.body), latencyMicroseconds: recorded.latencyMicroseconds)
    }

    init(head: ResponseHead, body: ByteBuffer, latencyMicroseconds: Int) {
        self.head = head
        self.body = body
        self.latencyMicroseconds = latencyMicroseconds
    }
}

extension PrimaryAnswer {
    /// What a complete answer means for a mirrored write.
    init(_ answer: SideAnswer, notDone: [NotDoneAnswer]) {
        switch answer.status {
        case 408, 425, 429:
            self = .notDone
            return
        case 500...:
            self = .serverError
            return
        default: break
        }
        for rule in notDone where rule.status == answer.status {
            if rule.code == nil || answer.problemCode == rule.code {
                self = .notDone
                return
            }
        }
        self = .definite
    }
}
