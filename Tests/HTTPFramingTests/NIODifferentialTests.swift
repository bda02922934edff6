import HTTPFraming
import NIOCore
import Testing

/// The same bytes through NIOHTTP1's decoder (llhttp): the same messages or the same refusal, save what is declared here and
/// in `NIOComparison.Looser`.
@Suite("Against NIOHTTP1's decoder")
struct NIODifferentialTests {
    /// Where we refuse what llhttp lets through, and why.
    static let stricter: [FramingError.Code: String] = [
        .bareLineFeed: "llhttp skips any LF before a request line",
        .bareCarriageReturn: "llhttp skips any CR before a request line",
        .badStartLine: "llhttp takes HTTP/0.9, other protocols' names, several spaces and several empty lines",
        .versionNotSupported: "llhttp takes HTTP/0.9 and HTTP/2.0 by name",
        .methodNotSupported: "CONNECT has no place before a service",
        .badTarget: "llhttp takes fragments, user information, `*` with any method, URLs of another host than Host",
        .badHost: "llhttp does not look at Host",
        .badConnection: "llhttp lets Connection name Host or the idempotency key, and any number of headers",
        .unknownExpectation: "llhttp does not look at Expect",
        .contentLengthAndTransferEncoding: "llhttp knows framing among the trailers by its own name alone",
        .disguisedFraming: "Content_Length is Content-Length to gateways that make variables of names",
        .badTransferEncoding: "llhttp takes Transfer-Encoding in HTTP/1.0, and several that end in chunked",
        .transferEncodingNotImplemented: "llhttp takes `gzip, chunked`, and a coding without a value",
        .badChunk: "llhttp takes sizes of 16 digits and extensions without end",
        .headTooLarge: "our limits are tighter, for trailers too",
    ]

    static let tables = RequestRulesTests.all.map(\.bytes) + RequestRulesTests.accepted.map(\.bytes)

    static func judge(_ bytes: [UInt8]) -> NIOComparison {
        let comparison = NIOComparison(bytes)
        switch comparison {
        case .same, .looser: break
        case .stricter(let code): #expect(stricter[code] != nil, "\(code) <- \(latin1(bytes).debugDescription)")
        case .undeclared(let what): Issue.record("\(what) <- \(latin1(bytes).debugDescription)")
        }
        return comparison
    }

    @Test("the rules' own examples, where every declared reason has one")
    func tables() {
        var seen: Set<FramingError.Code> = []
        for bytes in Self.tables {
            if case .stricter(let code) = Self.judge(Array(bytes.utf8)) { seen.insert(code) }
        }
        #expect(seen == Set(Self.stricter.keys))
    }

    @Test("the desync corpus")
    func corpus() throws {
        for one in try DesyncCase.all() { _ = Self.judge(one.bytes) }
    }

    @Test("damaged messages", arguments: MutationTests.seeds)
    func damaged(_ seed: UInt64) {
        var mutator = Mutator(seed: seed, corpus: MutationTests.requests)
        for _ in 0..<MutationTests.perSeed { _ = Self.judge(mutator.next()) }
    }
}
