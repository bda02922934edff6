import HTTPFraming
import NIOCore
import Testing

@Suite("Rules for answers")
struct ResponseRulesTests {
    static let refusals: [(rule: String, bytes: String, code: FramingError.Code)] = [
        ("bare LF", "HTTP/1.1 200 OK\nContent-Length: 0\r\n\r\n", .bareLineFeed),
        ("folded line", "HTTP/1.1 200 OK\r\nA: b\r\n c\r\n\r\n", .obsoleteFold),
        ("another protocol", "HTTP/2.0 200 OK\r\n\r\n", .badStartLine),
        ("status of two digits", "HTTP/1.1 20 OK\r\n\r\n", .badStartLine),
        ("status of four digits", "HTTP/1.1 2000 OK\r\n\r\n", .badStartLine),
        ("status below 100", "HTTP/1.1 099 OK\r\n\r\n", .badStartLine),
        ("control character in the reason", "HTTP/1.1 200 O\u{1}K\r\n\r\n", .badStartLine),
        ("garbage", "lorem ipsum dolor sit amet\r\n\r\n", .badStartLine),
        ("empty line first", "\r\nHTTP/1.1 200 OK\r\n\r\n", .badStartLine),
        (
            "both framings", "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
            .contentLengthAndTransferEncoding
        ),
        ("two Content-Lengths", "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\na", .severalContentLengths),
        ("bad Content-Length", "HTTP/1.1 200 OK\r\nContent-Length: 1a\r\n\r\na", .badContentLength),
        (
            "another transfer coding", "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n",
            .transferEncodingNotImplemented
        ),
        ("chunked in HTTP/1.0", "HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", .badTransferEncoding),
        ("bad chunk", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", .badChunk),
        ("switch of protocols", "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n", .unexpectedUpgrade),
        ("33 interim answers", String(repeating: "HTTP/1.1 100 Continue\r\n\r\n", count: 33), .tooManyInterimAnswers),
    ]

    @Test("a broken answer is refused by its rule, however it is cut", arguments: refusals)
    func refused(rule: String, bytes: String, code: FramingError.Code) {
        #expect(readAnswers(bytes).refusal == code)
        let all = Array(bytes.utf8)
        #expect(readAnswers(all.map { [$0] }) == readAnswers([all]))
    }

    static let sound: [(rule: String, bytes: String, framing: BodyFraming, keepAlive: Bool, body: String)] = [
        ("held", "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nab", .length(2), true, "ab"),
        ("empty", "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", .length(0), true, ""),
        ("chunked", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2;x\r\nab\r\n0\r\nT: u\r\n\r\n", .chunked, true, "ab"),
        ("ended by the connection", "HTTP/1.1 200 OK\r\n\r\nab", .untilClose, false, "ab"),
        ("HTTP/1.0", "HTTP/1.0 200 OK\r\nContent-Length: 1\r\n\r\na", .length(1), false, "a"),
        ("HTTP/1.0 kept alive", "HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 1\r\n\r\na", .length(1), true, "a"),
        ("close", "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 1\r\n\r\na", .length(1), false, "a"),
        ("no reason", "HTTP/1.1 200 \r\nContent-Length: 0\r\n\r\n", .length(0), true, ""),
        ("no reason and no space", "HTTP/1.1 200\r\nContent-Length: 0\r\n\r\n", .length(0), true, ""),
        ("unknown status", "HTTP/1.1 799 계좌\r\nContent-Length: 0\r\n\r\n", .length(0), true, ""),
        ("204", "HTTP/1.1 204 No Content\r\n\r\n", .none, true, ""),
        ("204 that announces a body", "HTTP/1.1 204 No Content\r\nContent-Length: 5\r\n\r\n", .none, false, ""),
        ("chunked 204", "HTTP/1.1 204 No Content\r\nTransfer-Encoding: chunked\r\n\r\n", .none, false, ""),
        ("304 with the length of what it stands for", "HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n", .none, true, ""),
        (
            "interim answers first",
            "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early\r\nLink: a\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\na",
            .length(1), true, "a"
        ),
    ]

    @Test("a sound answer is taken whole, however it is cut", arguments: sound)
    func taken(rule: String, bytes: String, framing: BodyFraming, keepAlive: Bool, body: String) {
        let all = Array(bytes.utf8)
        let whole = readAnswers([all], thenClosed: true)
        #expect(whole.refusal == nil)
        #expect(whole.messages.map(\.framing) == [framing])
        #expect(whole.messages.map(\.keepAlive) == [keepAlive])
        #expect(whole.messages.map(\.body) == [Array(body.utf8)])
        #expect(whole.messages.map(\.isWhole) == [true])
        #expect(readAnswers(all.map { [$0] }, thenClosed: true) == whole)
        for cut in 1..<all.count { #expect(readAnswers([Array(all[..<cut]), Array(all[cut...])], thenClosed: true) == whole) }
    }

    @Test("an answer to HEAD has no body, whatever it announces")
    func head() {
        for framing in ["Content-Length: 5", "Transfer-Encoding: chunked", "X: y"] {
            let answers = readAnswers("HTTP/1.1 200 OK\r\n\(framing)\r\n\r\nHTTP/1.1 404 No\r\n\r\n", toHead: true)
            #expect(answers.messages.map(\.statusAndReason) == ["200 OK", "404 No"])
            #expect(answers.messages.map(\.keepAlive) == [true, true])
            #expect(answers.refusal == nil)
        }
    }

    @Test(
        "a connection that ends before the answer does is a truncation",
        arguments: [
            "", "HTTP/1.1 2", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nab",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n",
        ])
    func truncated(_ bytes: String) {
        #expect(readAnswers(bytes, thenClosed: true).refusal == .truncated)
    }

    @Test("a side that speaks when nothing was asked is refused, and stays so")
    func outOfTurn() {
        var parser = ResponseParser()
        var buffer = ByteBuffer(string: "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
        guard case .failure = parser.next(from: &buffer) else {
            Issue.record("an answer that nobody asked for was taken")
            return
        }
        parser.expect(head: false)
        guard case .failure = parser.next(from: &buffer) else {
            Issue.record("a refused connection was used again")
            return
        }
    }

    @Test("the end of an idle connection is no failure")
    func idleClose() {
        var parser = ResponseParser()
        guard case .needMore = parser.connectionClosed() else {
            Issue.record("closing an idle connection was taken for a failure")
            return
        }
    }
}
