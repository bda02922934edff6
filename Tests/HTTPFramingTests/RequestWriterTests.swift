import HTTPFraming
import NIOCore
import Testing

@Suite("Forwarded requests")
struct RequestWriterTests {
    static let ids: (UInt64, UInt64, UInt64) = (0x0123_4567_89AB_CDEF, 2, 0xFEDC_BA98_7654_3210)

    /// The head that a side gets, closed.
    static func forward(
        _ bytes: String, body: ForwardedBody = .none, trusted: Bool = false, isTLS: Bool = false
    ) throws -> String {
        var out = ByteBuffer()
        RequestWriter(trusted: trusted, isTLS: isTLS).write(
            try requestHead(bytes), body: body, clientAddress: Array("192.0.2.7".utf8), trace: ids, into: &out)
        RequestWriter.close(&out)
        return out.text
    }

    static let added =
        "X-Forwarded-Host: h\r\nX-Forwarded-Proto: http\r\nX-Forwarded-For: 192.0.2.7\r\nVia: 1.1 countersign\r\n"
        + "traceparent: 00-0123456789abcdef0000000000000003-fedcba9876543211-00\r\n\r\n"

    @Test("method, target, Host and end-to-end headers go on byte for byte and in order")
    func verbatim() throws {
        let lines = "Host: h\r\nx-B:  two  words \r\nX-a:\tä\r\nx-B: again\r\ncookie: a=b; c=d\r\nEmpty:\r\n"
        #expect(
            try Self.forward("GET /p%2Fq?b=2&a=1&&%ee HTTP/1.1\r\n\(lines)\r\n")
                == "GET /p%2Fq?b=2&a=1&&%ee HTTP/1.1\r\n\(lines)\(Self.added)")
    }

    @Test("callers over TLS are said to be, unless an earlier hop has spoken", arguments: [nil, "http", "https"])
    func forwardedProto(said: String?) throws {
        let line = said.map { "X-Forwarded-Proto: \($0)\r\n" } ?? ""
        let out = try Self.forward("GET / HTTP/1.1\r\nHost: h\r\n\(line)\r\n", isTLS: true)
        #expect(out.split(separator: "X-Forwarded-Proto: ").count == 2)
        #expect(out.contains("X-Forwarded-Proto: \(said ?? "https")\r\n"))
    }

    static let dropped = [
        "Connection: close", "connection: keep-alive, x-mine\r\nX-Mine: 1\r\nx-mine: 2", "Keep-Alive: timeout=5",
        "Proxy-Connection: x",
        "Proxy-Authenticate: x", "PROXY-AUTHORIZATION: x", "TE: trailers", "Trailer: x", "Upgrade: h2c", "Expect: 100-continue",
        "X-Request-Time: 2026-03-02T09:00:00+09:00", "x-shadow-mode: mirror", "X_Request_Time: 1", "x_shadow-mode: mirror",
        "Connection: X-One\r\nConnection: x-two\r\nX-One: 1\r\nX-Two: 2", "traceparent: broken\r\ntracestate: a=b",
    ]

    @Test("what concerns the connection or is ours alone to say goes no further, wherever it stands", arguments: dropped)
    func leftOut(_ lines: String) throws {
        let expected = "GET / HTTP/1.1\r\nHost: h\r\nA: 1\r\nB: 2\r\n" + Self.added
        for order in [
            "Host: h\r\nA: 1\r\nB: 2\r\n\(lines)\r\n", "\(lines)\r\nHost: h\r\nA: 1\r\nB: 2\r\n",
            "Host: h\r\nA: 1\r\n\(lines)\r\nB: 2\r\n",
        ] {
            #expect(try Self.forward("GET / HTTP/1.1\r\n\(order)\r\n") == expected)
        }
    }

    @Test(
        "names that only look like those go on",
        arguments: ["Connections: close", "Te-x: 1", "X-Shadow-Modes: mirror", "Keep_Alive: 1", "Upgrade-Insecure-Requests: 1"])
    func kept(_ line: String) throws {
        #expect(
            try Self.forward("GET / HTTP/1.1\r\nHost: h\r\n\(line)\r\n\r\n")
                == "GET / HTTP/1.1\r\nHost: h\r\n\(line)\r\n\(Self.added)")
    }

    @Test("a trusted listener passes the caller's instant and shadow mode")
    func trusted() throws {
        let head = "GET / HTTP/1.1\r\nHost: h\r\nX-Request-Time: t\r\nX-Shadow-Mode: dry-run\r\n"
        #expect(try Self.forward(head + "\r\n", trusted: true) == head + Self.added)
    }

    @Test("framing is said anew")
    func framing() throws {
        let held = "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 03\r\n\r\n"
        let chunked = "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n"
        for (bytes, body, line) in [
            (held, ForwardedBody.length(3), "Content-Length: 3\r\n"), (chunked, .length(10), "Content-Length: 10\r\n"),
            (held, .length(0), "Content-Length: 0\r\n"), (chunked, .chunked, "Transfer-Encoding: chunked\r\n"), (held, .none, ""),
        ] {
            #expect(try Self.forward(bytes, body: body) == "POST / HTTP/1.1\r\nHost: h\r\n\(line)\(Self.added)")
        }
    }

    @Test("an HTTP/1.0 caller's request goes on as HTTP/1.1, with the Host that it needs there and no X-Forwarded-Host")
    func oldCaller() throws {
        let text = try Self.forward("GET / HTTP/1.0\r\nA: b\r\n\r\n")
        #expect(text.hasPrefix("GET / HTTP/1.1\r\nA: b\r\nHost: localhost\r\n"))
        #expect(!text.contains("X-Forwarded-Host"))
    }

    @Test(
        "an absolute URL goes on as its path and query",
        arguments: [
            ("GET http://h/a?b", "GET /a?b"), ("GET http://H", "GET /"), ("GET http://h?b", "GET /?b"),
            ("OPTIONS http://h", "OPTIONS *"), ("OPTIONS http://h?", "OPTIONS /?"),
        ])
    func absolute(_ line: String, _ forwarded: String) throws {
        #expect(try Self.forward("\(line) HTTP/1.1\r\nHost: h\r\n\r\n") == "\(forwarded) HTTP/1.1\r\nHost: h\r\n\(Self.added)")
    }

    @Test("forwarding headers of the hops before stay, and we add our line")
    func forwarded() throws {
        let lines =
            "Host: h\r\nX-Forwarded-For: 198.51.100.1\r\nX-Forwarded-Host: outer\r\nX-Forwarded-Proto: https\r\nVia: 1.1 edge\r\n"
        let text = try Self.forward("GET / HTTP/1.1\r\n\(lines)\r\n")
        #expect(text.hasPrefix("GET / HTTP/1.1\r\n\(lines)X-Forwarded-For: 192.0.2.7\r\nVia: 1.1 countersign\r\n"))
    }

    static let trace = "0af7651916cd43dd8448eb211c80319c"
    static let traceparents: [(value: String, isKept: Bool)] = [
        ("00-\(trace)-b7ad6b7169203331-01", true), ("cc-\(trace)-b7ad6b7169203331-01", true),
        ("cc-\(trace)-b7ad6b7169203331-01-more", true),
        ("00-\(trace)-b7ad6b7169203331-01-more", false), ("cc-\(trace)-b7ad6b7169203331-01more", false),
        ("ff-\(trace)-b7ad6b7169203331-01", false),
        ("00-00000000000000000000000000000000-b7ad6b7169203331-01", false), ("00-\(trace)-0000000000000000-01", false),
        ("00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01", false), ("00-\(trace)-b7ad6b7169203331-0", false),
        ("", false),
    ]

    @Test("a sound traceparent passes, a broken one is replaced", arguments: traceparents)
    func traceparent(value: String, isKept: Bool) throws {
        let text = try Self.forward("GET / HTTP/1.1\r\nHost: h\r\ntraceparent: \(value)\r\ntracestate: a=b\r\n\r\n")
        #expect(text.contains("traceparent: \(value)\r\ntracestate: a=b\r\n") == isKept)
        #expect(text.contains("traceparent: 00-0123456789abcdef0000000000000003-") == !isKept)
        #expect(text.contains("tracestate") == isKept)
    }

    @Test("two traceparents are none")
    func twoTraceparents() throws {
        let line = "traceparent: 00-\(Self.trace)-b7ad6b7169203331-01\r\n"
        #expect(
            try Self.forward("GET / HTTP/1.1\r\nHost: h\r\n\(line)\(line)\r\n") == "GET / HTTP/1.1\r\nHost: h\r\n\(Self.added)")
    }

    @Test("an open head takes more lines for one side alone")
    func open() throws {
        var primary = ByteBuffer()
        RequestWriter(trusted: false).write(
            try requestHead("GET / HTTP/1.1\r\nHost: h\r\n\r\n"), body: .none, clientAddress: Array("::1".utf8), trace: Self.ids,
            into: &primary)
        var shadow = primary
        shadow.writeStaticString("X-Shadow-Mode: mirror\r\n")
        RequestWriter.close(&primary)
        RequestWriter.close(&shadow)
        #expect(readRequests([Array(primary.readableBytesView)]).refusal == nil)
        let mirrored = readRequests([Array(shadow.readableBytesView)])
        #expect(mirrored.messages.first?.fields.last == ["X-Shadow-Mode", "mirror"])
        #expect(!primary.text.contains("mirror"))
    }
}
