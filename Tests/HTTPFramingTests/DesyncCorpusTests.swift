import HTTPFraming
import NIOCore
import Testing

/// The http-desync corpus (fixtures/http-desync): what is severe is refused, what is compliant is taken, and what is ambiguous
/// is refused unless its framing leaves no doubt. Every departure stands in a table here.
@Suite("The http-desync corpus")
struct DesyncCorpusTests {
    enum Outcome: Hashable {
        case taken(BodyFraming)
        case refused(FramingError.Code)
    }

    static func outcome(_ bytes: [UInt8]) -> Outcome? {
        var parser = RequestParser()
        var buffer = ByteBuffer(bytes: bytes)
        switch parser.next(from: &buffer) {
        case .head(let head): return .taken(head.framing)
        case .failure(let error): return .refused(error.code)
        case .needMore, .body, .end: return nil
        }
    }

    static func cases(_ tier: String) throws -> [DesyncCase] { try DesyncCase.all().filter { $0.tier == tier } }

    @Test("the corpus is whole, and its bytes are what it means")
    func whole() throws {
        let all = try DesyncCase.all()
        #expect(
            Dictionary(grouping: all, by: \.tier).mapValues(\.count) == [
                "Severe": 58, "Ambiguous": 58, "Acceptable": 15, "Compliant": 28,
            ])
        #expect(all.contains { $0.bytes.contains(0) })
        #expect(all.contains { $0.bytes.contains(0xA0) })
    }

    @Test("every severe case is refused, and the connection is of no more use")
    func severe() throws {
        for one in try Self.cases("Severe") {
            var parser = RequestParser()
            var buffer = ByteBuffer(bytes: one.bytes + Array("GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n".utf8))
            for _ in 0..<3 {
                guard case .failure = parser.next(from: &buffer) else {
                    Issue.record("taken: \(one)")
                    break
                }
            }
        }
    }

    /// Compliant by RFC 9112, and refused all the same.
    static let compliantRefused: [String: FramingError.Code] = [
        // Codings besides chunked: we would have to undo them to compare what they hold.
        "more-compliant-tests: Correct TE OK": .transferEncodingNotImplemented,
        "more-compliant-tests: Transfer-Encoding: identity and chunked OK": .transferEncodingNotImplemented,
        "more-compliant-tests: TE with custom parameters OK": .transferEncodingNotImplemented,
        "rfc-compliant: Different Transfer-Encoding headers combined": .transferEncodingNotImplemented,
        "more-compliant-tests: Multiple transfer encoding headers in a single request OK": .badTransferEncoding,
        "rfc-compliant: Different Transfer-Encoding headers": .badTransferEncoding,
        "rfc-compliant: Transfer-Encoding with a param: chunked;custom_param": .badTransferEncoding,
        // A fragment never travels (RFC 9112 §3.2), and readers cut it off at different places.
        "rfc-compliant: Compliant URL": .badTarget,
        // RFC 9112 has no empty target.
        "rfc-compliant: Empty URI": .badStartLine,
    ]

    @Test("every compliant case is taken, save transfer codings that we do not speak and targets that are none")
    func compliant() throws {
        var refused: [String: FramingError.Code] = [:]
        for one in try Self.cases("Compliant") {
            if case .refused(let code) = Self.outcome(one.bytes) { refused[one.description] = code }
        }
        #expect(refused == Self.compliantRefused)
    }

    /// Ambiguous or merely acceptable, and taken: the framing is the only one that a reader of RFC 9112 can find.
    static let ambiguousTaken: [String: BodyFraming] = [
        // A body of a GET or HEAD means nothing, but where it ends is plain, and it goes on framed anew.
        "acceptable: Get with a body and Content-Length:0": .length(0),
        "ambiguous: Get with a body and Content-Length": .length(1_000),
        "ambiguous: Head with a body and Content-Length": .length(1_000),
        "ambiguous: Get with a body and Transfer-Encoding": .chunked,
        "ambiguous: Head with a body and Transfer-Encoding": .chunked,
        "real-life-test-cases: Has a CL in GET": .length(22),
        "real-life-test-cases: Has a TE in GET": .chunked,
        // Other headers altogether: no reader takes three hyphens for one.
        "ambiguous: Transfer-Encoding with multiple hyphens": .none,
        "ambiguous: Transfer-Encoding with multiple delimiters": .none,
    ]

    @Test("every ambiguous or acceptable case is refused, save those whose framing leaves no doubt")
    func ambiguous() throws {
        var taken: [String: BodyFraming] = [:]
        for one in try Self.cases("Ambiguous") + Self.cases("Acceptable") {
            if case .taken(let framing) = Self.outcome(one.bytes) { taken[one.description] = framing }
        }
        #expect(taken == Self.ambiguousTaken)
    }
}
