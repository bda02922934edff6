import HTTPFraming
import NIOCore
import Testing

@Suite("Answers to the caller")
struct ResponseWriterTests {
    static func answer(_ bytes: String, body: ForwardedBody, close: Bool = false, callerMinor: Int = 1, toHead: Bool = false)
        throws -> String
    {
        var out = ByteBuffer()
        ResponseWriter.write(
            try responseHead(bytes, toHead: toHead), body: body, close: close, callerMinorVersion: callerMinor, into: &out)
        return out.text
    }

    @Test(
        "a held answer is the primary's head byte for byte",
        arguments: ["200 OK", "200 ", "200", "299 Nobody's  reason ä", "302 Found", "503 Busy"])
    func verbatim(_ status: String) throws {
        let head =
            "HTTP/1.1 \(status)\r\nset-cookie: a=b, c\r\nSet-Cookie: d\r\nContent-length:  4\r\nLocation: http://elsewhere/?b&a\r\nX:\r\n\r\n"
        #expect(try Self.answer(head, body: .length(4)) == head)
    }

    @Test("hop-by-hop headers and those that Connection names are the primary's and ours alone; what a body needs stays")
    func hopByHop() throws {
        let head =
            "HTTP/1.1 200 OK\r\nA: 1\r\nConnection: close, X-Hop, Content-Type\r\nX-Hop: 1\r\nKeep-Alive: a\r\nContent-Type: t\r\nProxy-Authenticate: x\r\nTrailer: q\r\nUpgrade: h2\r\nContent-Length: 0\r\n\r\n"
        #expect(
            try Self.answer(head, body: .length(0)) == "HTTP/1.1 200 OK\r\nA: 1\r\nContent-Type: t\r\nContent-Length: 0\r\n\r\n")
    }

    @Test("a chunked answer that was held gets its length; one that is streamed stays chunked")
    func chunked() throws {
        let head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nA: 1\r\n\r\n"
        #expect(try Self.answer(head, body: .length(120)) == "HTTP/1.1 200 OK\r\nA: 1\r\nContent-Length: 120\r\n\r\n")
        #expect(try Self.answer(head, body: .chunked) == "HTTP/1.1 200 OK\r\nA: 1\r\nTransfer-Encoding: chunked\r\n\r\n")
        #expect(
            try Self.answer(head, body: .none, close: true, callerMinor: 0)
                == "HTTP/1.1 200 OK\r\nA: 1\r\nConnection: close\r\n\r\n")
    }

    @Test("answers without a body keep the length they announce")
    func bodiless() throws {
        let length = "Content-Length: 512\r\n\r\n"
        #expect(try Self.answer("HTTP/1.1 200 OK\r\n" + length, body: .none, toHead: true) == "HTTP/1.1 200 OK\r\n" + length)
        #expect(
            try Self.answer("HTTP/1.1 304 Not Modified\r\n" + length, body: .none) == "HTTP/1.1 304 Not Modified\r\n" + length)
        #expect(try Self.answer("HTTP/1.1 204 No Content\r\n\r\n", body: .none) == "HTTP/1.1 204 No Content\r\n\r\n")
    }

    @Test("we say when we close, and tell an HTTP/1.0 caller who may go on")
    func connection() throws {
        let head = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
        #expect(
            try Self.answer(head, body: .length(0), close: true)
                == "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
        #expect(
            try Self.answer(head, body: .length(0), callerMinor: 0)
                == "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: keep-alive\r\n\r\n")
    }

    @Test(
        "chunks that we write are read back, at every edge of a digit",
        arguments: [0, 1, 15, 16, 17, 255, 256, 4_095, 4_096, 65_535, 65_536])
    func chunks(_ length: Int) {
        var out = ByteBuffer(string: "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
        let body = [UInt8](repeating: 7, count: length)
        ChunkWriter.write(ByteBuffer(bytes: body), into: &out)
        ChunkWriter.write(ByteBuffer(bytes: [1]), into: &out)
        ChunkWriter.end(into: &out)
        let answers = readAnswers([Array(out.readableBytesView)])
        #expect(answers.messages.map(\.body) == [body + [1]])
        #expect(answers.messages.map(\.isWhole) == [true])
    }

    @Test("our own answers are whole and say what is wrong", arguments: FramingError.Code.allCases)
    func problems(_ code: FramingError.Code) {
        let error = FramingError(code)
        var out = ByteBuffer()
        ProblemAnswer.write(
            status: error.status, code: "BAD_REQUEST", detail: error.sentence, close: true, retryAfterSeconds: 1, into: &out)
        let answers = readAnswers([Array(out.readableBytesView)])
        #expect(answers.refusal == nil)
        #expect(answers.messages.map(\.isWhole) == [true])
        #expect(answers.messages.map(\.keepAlive) == [false])
        #expect(answers.messages.first?.fields.contains(["Retry-After", "1"]) == true)
        let text = answers.messages.first.map { latin1($0.body) } ?? ""
        #expect(text.contains("\"status\":\(error.status),\"code\":\"BAD_REQUEST\",\"detail\":\"\(error.sentence)\"}"))
        #expect(answers.messages.first?.statusAndReason.contains("Error") == false)
        var head = ByteBuffer()
        ProblemAnswer.write(
            status: error.status, code: "BAD_REQUEST", detail: error.sentence, close: true, isHead: true, into: &head)
        #expect(head.text.hasSuffix("\r\n\r\n"))
    }
}
