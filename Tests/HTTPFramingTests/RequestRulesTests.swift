import HTTPFraming
import NIOCore
import Testing

/// Every rule that refuses a request, with the nearest request that passes beside it.
@Suite("Rules for requests")
struct RequestRulesTests {
    struct Refused: CustomTestStringConvertible, Sendable {
        let rule: String
        let bytes: String
        let code: FramingError.Code
        var status: Int = 400

        init(_ rule: String, _ bytes: String, _ code: FramingError.Code, status: Int = 400) {
            (self.rule, self.bytes, self.code, self.status) = (rule, bytes, code, status)
        }

        var testDescription: String { rule }
    }

    static func get(_ lines: String...) -> String {
        "GET / HTTP/1.1\r\nHost: a\r\n" + lines.map { $0 + "\r\n" }.joined() + "\r\n"
    }
    static func post(_ lines: String..., body: String = "") -> String {
        "POST / HTTP/1.1\r\nHost: a\r\n" + lines.map { $0 + "\r\n" }.joined() + "\r\n" + body
    }
    static func chunks(_ body: String) -> String { post("Transfer-Encoding: chunked", body: body) }

    static let startLines: [Refused] = [
        Refused("bare LF after the request line", "GET / HTTP/1.1\nHost: a\r\n\r\n", .bareLineFeed),
        Refused("bare LF after a header", "GET / HTTP/1.1\r\nHost: a\n\r\n", .bareLineFeed),
        Refused("bare LF as the empty line", "GET / HTTP/1.1\r\nHost: a\r\n\n", .bareLineFeed),
        Refused("LF before the request line", "\nGET / HTTP/1.1\r\nHost: a\r\n\r\n", .bareLineFeed),
        Refused("two empty lines before the request line", "\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n", .badStartLine),
        Refused("CR without LF before the request line", "\rGET / HTTP/1.1\r\nHost: a\r\n\r\n", .bareCarriageReturn),
        Refused("HTTP/0.9", "GET /\r\n", .badStartLine),
        Refused("no target", "GET HTTP/1.1\r\n", .badStartLine),
        Refused("two spaces before the target", "GET  / HTTP/1.1\r\n", .badStartLine),
        Refused("two spaces before the version", "GET /  HTTP/1.1\r\n", .badStartLine),
        Refused("space after the version", "GET / HTTP/1.1 \r\n", .badStartLine),
        Refused("tab for a space", "GET\t/ HTTP/1.1\r\n", .badStartLine),
        Refused("space in the target", "GET /a b HTTP/1.1\r\n", .badStartLine),
        Refused("space before the method", " GET / HTTP/1.1\r\n", .badStartLine),
        Refused("a method that is no token", "G(T / HTTP/1.1\r\n", .badStartLine),
        Refused("tab in the target", "GET /a\tb HTTP/1.1\r\n", .badTarget),
        Refused("NUL in the target", "GET /a\0b HTTP/1.1\r\n", .badTarget),
        Refused("DEL in the target", "GET /a\u{7F}b HTTP/1.1\r\n", .badTarget),
        Refused("HTTP/2.0's preface", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", .versionNotSupported, status: 505),
        Refused("HTTP/1.2", "GET / HTTP/1.2\r\n", .versionNotSupported, status: 505),
        Refused("HTTP/0.9 by name", "GET / HTTP/0.9\r\n", .versionNotSupported, status: 505),
        Refused("HTTP/1.10", "GET / HTTP/1.10\r\n", .badStartLine),
        Refused("http in small letters", "GET / http/1.1\r\n", .badStartLine),
        Refused("another protocol", "GET / RTSP/1.0\r\n", .badStartLine),
        Refused("CONNECT", "CONNECT a:443 HTTP/1.1\r\nHost: a:443\r\n\r\n", .methodNotSupported, status: 501),
        Refused("authority as the target", "GET a:80 HTTP/1.1\r\nHost: a:80\r\n\r\n", .badTarget),
        Refused("path without its slash", "GET index.html HTTP/1.1\r\nHost: a\r\n\r\n", .badTarget),
        Refused("asterisk with another method than OPTIONS", "GET * HTTP/1.1\r\nHost: a\r\n\r\n", .badTarget),
        Refused("asterisk and more", "OPTIONS */a HTTP/1.1\r\nHost: a\r\n\r\n", .badTarget),
        Refused("fragment in the path", "GET /a#b HTTP/1.1\r\nHost: a\r\n\r\n", .badTarget),
        Refused("fragment in the query", "GET /a?b#c HTTP/1.1\r\nHost: a\r\n\r\n", .badTarget),
        Refused("absolute URL of another host", "GET http://b/ HTTP/1.1\r\nHost: a\r\n\r\n", .badTarget),
        Refused("absolute URL with user information", "GET http://u@a/ HTTP/1.1\r\nHost: a\r\n\r\n", .badTarget),
        Refused("absolute URL without a host", "GET http:/// HTTP/1.1\r\nHost: a\r\n\r\n", .badTarget),
        Refused("absolute URL of another scheme", "GET ftp://a/ HTTP/1.1\r\nHost: a\r\n\r\n", .badTarget),
    ]

    static let headers: [Refused] = [
        Refused("folded line", get("X: 1", " 2"), .obsoleteFold),
        Refused("folded line with a tab", get("X: 1", "\t2"), .obsoleteFold),
        Refused("first line indented", "GET / HTTP/1.1\r\n Host: a\r\n\r\n", .obsoleteFold),
        Refused("space before the colon", get("X : 1"), .badFieldName),
        Refused("tab before the colon", get("X\t: 1"), .badFieldName),
        Refused("no name", get(": 1"), .badFieldName),
        Refused("no colon", get("X"), .badFieldName),
        Refused("name with a bracket", get("X(: 1"), .badFieldName),
        Refused("name with a letter above 127", get("Xé: 1"), .badFieldName),
        Refused("name with NUL", get("X\0: 1"), .badFieldName),
        Refused("value with NUL", get("X: a\0b"), .badFieldValue),
        Refused("value with a control character", get("X: a\u{1}b"), .badFieldValue),
        Refused("value with DEL", get("X: a\u{7F}"), .badFieldValue),
        Refused("value with a bare CR", get("X: a\rb"), .bareCarriageReturn),
        Refused("Host missing", "GET / HTTP/1.1\r\n\r\n", .badHost),
        Refused("Host twice", get("Host: a"), .badHost),
        Refused("Host twice in HTTP/1.0", "GET / HTTP/1.0\r\nHost: a\r\nhost: b\r\n\r\n", .badHost),
        Refused("Host empty", "GET / HTTP/1.1\r\nHost:\r\n\r\n", .badHost),
        Refused("Host of two words", "GET / HTTP/1.1\r\nHost: a b\r\n\r\n", .badHost),
        Refused("Host with user information", "GET / HTTP/1.1\r\nHost: u@a\r\n\r\n", .badHost),
        Refused("Host with a path", "GET / HTTP/1.1\r\nHost: a/b\r\n\r\n", .badHost),
        Refused("Connection names Host", get("Connection: host"), .badConnection),
        Refused("Connection names the idempotency key", get("Connection: close, Idempotency-Key"), .badConnection),
        Refused(
            "Connection names 33 headers", get("Connection: " + Array(repeating: "a", count: 33).joined(separator: ",")),
            .badConnection),
        Refused("unknown expectation", get("Expect: tea"), .unknownExpectation, status: 417),
        Refused(
            "201 headers", get().replacing("\r\n\r\n", with: "\r\n" + String(repeating: "X: 1\r\n", count: 200) + "\r\n"),
            .headTooLarge, status: 431),
        Refused("head beyond the limit", get("X: " + String(repeating: "a", count: 65_536)), .headTooLarge, status: 431),
        Refused("endless first line", "GET /" + String(repeating: "a", count: 65_536), .headTooLarge, status: 431),
    ]

    static let framing: [Refused] = [
        Refused(
            "Content-Length and Transfer-Encoding", post("Content-Length: 1", "Transfer-Encoding: chunked"),
            .contentLengthAndTransferEncoding),
        Refused(
            "Transfer-Encoding and Content-Length", post("Transfer-Encoding: chunked", "Content-Length: 0"),
            .contentLengthAndTransferEncoding),
        Refused("two Content-Lengths", post("Content-Length: 1", "Content-Length: 2", body: "a"), .severalContentLengths),
        Refused("two equal Content-Lengths", post("Content-Length: 1", "content-length: 1", body: "a"), .severalContentLengths),
        Refused("a list of Content-Lengths", post("Content-Length: 1, 1", body: "a"), .badContentLength),
        Refused("signed Content-Length", post("Content-Length: +1", body: "a"), .badContentLength),
        Refused("negative Content-Length", post("Content-Length: -1"), .badContentLength),
        Refused("hexadecimal Content-Length", post("Content-Length: 0x1", body: "a"), .badContentLength),
        Refused("empty Content-Length", post("Content-Length:"), .badContentLength),
        Refused("Content-Length of 2⁶⁴", post("Content-Length: 18446744073709551616"), .badContentLength),
        Refused("Content_Length", post("Content_Length: 1"), .disguisedFraming),
        Refused("Transfer_Encoding", post("Transfer_encoding: chunked"), .disguisedFraming),
        Refused(
            "Transfer-Encoding twice", post("Transfer-Encoding: chunked", "Transfer-Encoding: chunked"), .badTransferEncoding),
        Refused(
            "Transfer-Encoding in HTTP/1.0", "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
            .badTransferEncoding),
        Refused("chunked, chunked", post("Transfer-Encoding: chunked, chunked"), .transferEncodingNotImplemented, status: 501),
        Refused("gzip, chunked", post("Transfer-Encoding: gzip, chunked"), .transferEncodingNotImplemented, status: 501),
        Refused("identity", post("Transfer-Encoding: identity"), .transferEncodingNotImplemented, status: 501),
        Refused("chunked with a parameter", post("Transfer-Encoding: chunked;q=1"), .transferEncodingNotImplemented, status: 501),
        Refused("empty Transfer-Encoding", post("Transfer-Encoding:"), .transferEncodingNotImplemented, status: 501),
    ]

    static let chunkRules: [Refused] = [
        Refused("no chunk size", chunks("\r\n"), .badChunk),
        Refused("chunk size that is no number", chunks("g\r\n"), .badChunk),
        Refused("chunk size with a prefix", chunks("0x1\r\na\r\n0\r\n\r\n"), .badChunk),
        Refused("chunk size with a sign", chunks("+1\r\na\r\n0\r\n\r\n"), .badChunk),
        Refused("space before the chunk size", chunks(" 1\r\na\r\n0\r\n\r\n"), .badChunk),
        Refused("space after the chunk size", chunks("1 \r\na\r\n0\r\n\r\n"), .badChunk),
        Refused("chunk size of 16 digits", chunks("1000000000000000\r\n"), .badChunk),
        Refused("chunk size ended by a bare LF", chunks("1\na\r\n0\r\n\r\n"), .badChunk),
        Refused("chunk size ended by a bare CR", chunks("1\ra\r\n0\r\n\r\n"), .badChunk),
        Refused("extension with a control character", chunks("1;a\u{1}\r\na\r\n0\r\n\r\n"), .badChunk),
        Refused("extension with a bare LF", chunks("1;a\na\r\n0\r\n\r\n"), .badChunk),
        Refused("endless extension", chunks("1;" + String(repeating: "a", count: 256)), .badChunk),
        Refused("chunk longer than it says", chunks("1\r\nab\r\n0\r\n\r\n"), .badChunk),
        Refused("chunk ended by a bare LF", chunks("1\r\na\n0\r\n\r\n"), .badChunk),
        Refused("chunk ended by two CRs", chunks("1\r\na\r\r0\r\n\r\n"), .badChunk),
        Refused("Content-Length as a trailer", chunks("0\r\nContent-Length: 1\r\n\r\n"), .contentLengthAndTransferEncoding),
        Refused("Transfer_Encoding as a trailer", chunks("0\r\nTransfer_Encoding: x\r\n\r\n"), .contentLengthAndTransferEncoding),
        Refused("trailer without a name", chunks("0\r\n: a\r\n\r\n"), .badFieldName),
        Refused("folded trailer", chunks("0\r\nA: b\r\n c\r\n\r\n"), .badFieldName),
        Refused("trailer with a bare LF", chunks("0\r\nA: b\n\r\n"), .bareLineFeed),
        Refused("trailer with a bare CR", chunks("0\r\nA: b\rc\r\n\r\n"), .bareCarriageReturn),
        Refused("trailer with NUL", chunks("0\r\nA: \0\r\n\r\n"), .badFieldValue),
        Refused("endless trailers", chunks("0\r\n" + String(repeating: "A: b\r\n", count: 1_366)), .headTooLarge, status: 431),
        Refused("endless trailer", chunks("0\r\nA: " + String(repeating: "b", count: 8_192)), .headTooLarge, status: 431),
    ]

    static let all = startLines + headers + framing + chunkRules

    @Test("a broken request is refused with the code and status of its rule", arguments: all)
    func refused(_ rule: Refused) {
        #expect(readRequests(rule.bytes).refusal == rule.code)
        #expect(FramingError(rule.code).status == rule.status)
    }

    @Test("a refusal is the same however the bytes are cut, and stays", arguments: all.filter { $0.bytes.utf8.count < 512 })
    func refusedInPieces(_ rule: Refused) {
        let bytes = Array(rule.bytes.utf8)
        let whole = readRequests([bytes])
        #expect(readRequests(bytes.map { [$0] }) == whole)
        for cut in 1..<bytes.count { #expect(readRequests([Array(bytes[..<cut]), Array(bytes[cut...])]) == whole) }
        var parser = RequestParser()
        var buffer = ByteBuffer(bytes: bytes + Array("GET / HTTP/1.1\r\nHost: a\r\n\r\n".utf8))
        var codes: [FramingError.Code] = []
        for _ in 0..<64 { if case .failure(let error) = parser.next(from: &buffer) { codes.append(error.code) } }
        #expect(codes.count > 32)
        #expect(Set(codes) == [rule.code])
    }

    struct Accepted: CustomTestStringConvertible, Sendable {
        let rule: String
        let bytes: String
        var body: String = ""

        init(_ rule: String, _ bytes: String, body: String = "") { (self.rule, self.bytes, self.body) = (rule, bytes, body) }

        var testDescription: String { rule }
    }

    static let accepted: [Accepted] = [
        Accepted("the plainest", get()),
        Accepted("one empty line before the request line", "\r\n" + get()),
        Accepted("HTTP/1.0 without Host", "GET / HTTP/1.0\r\n\r\n"),
        Accepted("a method of its own", "M-SEARCH! / HTTP/1.1\r\nHost: a\r\n\r\n"),
        Accepted("OPTIONS *", "OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n"),
        Accepted("absolute URL that agrees with Host", "GET http://A:80/x?y HTTP/1.1\r\nHost: a:80\r\n\r\n"),
        Accepted("target with brackets, quotes and bars", #"GET /a[1]{2}|"\^`?<>'; HTTP/1.1"# + "\r\nHost: a\r\n\r\n"),
        Accepted("target in unescaped UTF-8", "GET /계좌 HTTP/1.1\r\nHost: a\r\n\r\n"),
        Accepted("a host with a port and brackets", "GET / HTTP/1.1\r\nHost: [::1]:80\r\n\r\n"),
        Accepted("every token character in a name", get("!#$%&'*+-.^_`|~09AZaz: 1")),
        Accepted("value with tab and bytes above 127", get("X: a\tb é")),
        Accepted("empty value", get("X:")),
        Accepted("white space around the value", get("X: \t a \t ")),
        Accepted("200 headers", get().replacing("\r\n\r\n", with: "\r\n" + String(repeating: "X: 1\r\n", count: 199) + "\r\n")),
        Accepted("Connection names 32 headers", get("Connection: " + Array(repeating: "a", count: 32).joined(separator: ","))),
        Accepted("Content-Length 0", post("Content-Length: 0")),
        Accepted("Content-Length with zeros before it", post("Content-Length: 0003", body: "abc"), body: "abc"),
        Accepted("a GET with a body", get("Content-Length: 3") + "abc", body: "abc"),
        Accepted("chunked in any case", post("transfer-encoding: CHUNKED", body: "0\r\n\r\n")),
        Accepted("chunks", chunks("3\r\nabc\r\nA\r\n0123456789\r\n0\r\n\r\n"), body: "abc0123456789"),
        Accepted("chunk size with zeros before it", chunks("003\r\nabc\r\n000\r\n\r\n"), body: "abc"),
        Accepted("chunk size of 15 digits", chunks("000000000000003\r\nabc\r\n0\r\n\r\n"), body: "abc"),
        Accepted("extensions are passed over", chunks("3;a=b;c=\"d e\"\r\nabc\r\n0;last\r\n\r\n"), body: "abc"),
        Accepted("trailers are passed over", chunks("3\r\nabc\r\n0\r\nContent-Type: z\r\nX: y\r\n\r\n"), body: "abc"),
        Accepted("CR LF in a chunk's data", chunks("4\r\n\r\n\r\n\r\n0\r\n\r\n"), body: "\r\n\r\n"),
    ]

    @Test("a sound request is taken whole, and the one behind it too, however the bytes are cut", arguments: accepted)
    func taken(_ rule: Accepted) {
        let bytes = Array((rule.bytes + "GET /behind HTTP/1.1\r\nHost: a\r\n\r\n").utf8)
        let whole = readRequests([bytes])
        #expect(whole.refusal == nil)
        #expect(whole.messages.count == 2)
        #expect(whole.messages.first?.body == Array(rule.body.utf8))
        #expect(whole.messages.last?.target == "/behind")
        #expect(whole.messages.map(\.isWhole) == [true, true])
        #expect(readRequests(bytes.map { [$0] }) == whole)
        for cut in 1..<bytes.count { #expect(readRequests([Array(bytes[..<cut]), Array(bytes[cut...])]) == whole) }
    }

    @Test("a head of exactly the limit passes, one byte more does not")
    func headLimit() {
        let head = "GET /a HTTP/1.1\r\nHost: a\r\n\r\n"
        #expect(readRequests([Array(head.utf8)], headBytesMax: head.utf8.count).refusal == nil)
        #expect(readRequests([Array(head.utf8)], headBytesMax: head.utf8.count - 1).refusal == .headTooLarge)
        #expect(readRequests(head.utf8.map { [$0] }, headBytesMax: head.utf8.count - 1).refusal == .headTooLarge)
    }

    @Test(
        "keep-alive follows version and Connection",
        arguments: [
            ("GET / HTTP/1.1\r\nHost: a\r\n\r\n", true), ("GET / HTTP/1.1\r\nHost: a\r\nConnection: Close\r\n\r\n", false),
            ("GET / HTTP/1.1\r\nHost: a\r\nConnection: x, close\r\n\r\n", false), ("GET / HTTP/1.0\r\n\r\n", false),
            ("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n", true),
            ("GET / HTTP/1.0\r\nConnection: keep-alive, close\r\n\r\n", false),
            ("GET / HTTP/1.1\r\nHost: a\r\nConnection: closed\r\n\r\n", true),
        ])
    func keepAlive(_ bytes: String, _ keepAlive: Bool) throws {
        #expect(try requestHead(bytes).keepAlive == keepAlive)
    }

    @Test("the path ends before the query; an absolute URL's begins behind the authority")
    func path() throws {
        for (target, path) in [
            ("/", "/"), ("/a/b?c=/d", "/a/b"), ("/?a", "/"), ("/a?", "/a"), ("http://h/x?y", "/x"), ("http://h", ""),
            ("http://h?y", ""),
        ] {
            let head = try requestHead("GET \(target) HTTP/1.1\r\nHost: h\r\n\r\n")
            #expect(head.text(head.path) == path)
            #expect(head.text(head.target) == target)
        }
    }

    @Test("Expect is heard on HTTP/1.1 alone")
    func expectation() throws {
        #expect(try requestHead("PUT / HTTP/1.1\r\nHost: a\r\nExpect: 100-Continue\r\n\r\n").expectsContinue)
        #expect(try requestHead("PUT / HTTP/1.0\r\nExpect: 100-continue\r\n\r\n").expectsContinue == false)
    }

    @Test("every code has a status of refusal and one sentence", arguments: FramingError.Code.allCases)
    func sentences(_ code: FramingError.Code) {
        let error = FramingError(code)
        #expect([400, 417, 431, 501, 505].contains(error.status))
        #expect(error.sentence.hasSuffix("."))
        #expect(
            error.sentence.utf8.allSatisfy { $0 >= 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "\\") })
    }
}
