import Comparison
import Testing
import Verdicts

@Suite("What is taken out of evidence")
struct RedactionTests {
    private func redaction(_ paths: [String], headers: [String] = [], bodyBytesMax: Int = 65_536) throws -> Redaction {
        Redaction(headers: headers, paths: try paths.map { try PathPattern($0) }, bodyBytesMax: bodyBytesMax) { "h\($0.count)" }
    }

    private func everything(_ evidence: Evidence) -> String {
        let bodies = [evidence.request.body, evidence.primary?.body ?? [], evidence.shadow?.body ?? []]
        let headers = evidence.request.headers + (evidence.primary?.headers ?? []) + (evidence.shadow?.headers ?? [])
        let differences = evidence.differences.map { "\($0.primary ?? "") \($0.shadow ?? "")" }
        return bodies.map { String(decoding: $0, as: UTF8.self) }.joined() + headers.joined().joined(separator: " ")
            + differences.joined()
    }

    @Test("credentials go whatever is configured, named headers in any case; others stay")
    func headers() throws {
        var evidence = Samples.evidence("e")
        evidence.request.headers = [
            ["AUTHORIZATION", "Bearer s3cret"], ["Cookie", "s3cret"], ["X-Person", "s3cret"], ["X-Kept", "kept"],
        ]
        evidence.primary?.headers = [["Set-Cookie", "s3cret"]]
        evidence.differences = [
            Difference(
                path: "header:set-cookie", genericPath: "header:set-cookie", kind: .header, primary: "s3cret", shadow: "s3cret2")
        ]
        let redacted = try redaction([], headers: ["x-PERSON"]).applied(to: evidence)
        #expect(!everything(redacted).contains("s3cret"))
        #expect(redacted.request.headers[0] == ["AUTHORIZATION", "redacted:h13"])
        #expect(redacted.request.headers[3] == ["X-Kept", "kept"])
        #expect(redacted.differences[0].primary != redacted.differences[0].shadow)
        #expect(Redaction().applied(to: evidence).request.headers[0] == ["AUTHORIZATION", "redacted"])
    }

    @Test("values at a path go from bodies and from differences, and stay comparable; the rest of the body stays byte for byte")
    func paths() throws {
        var evidence = Samples.evidence("e", body: #"{ "name":"Kim Yuna", "amount" : 5 }"#)
        evidence.primary?.body = Array(#"{"holder":{"name":"Kim Yuna","phone":"010"},"net":99}"#.utf8)
        evidence.shadow?.body = Array(#"{"holder":{"name":"Kim Yu-na","phone":"010"},"net":100}"#.utf8)
        evidence.differences = [
            Difference(
                path: "$.holder.name", genericPath: "$.holder.name", kind: .value, primary: #""Kim Yuna""#,
                shadow: #""Kim Yu-na""#),
            Difference(path: "$.holder", genericPath: "$.holder", kind: .missing, primary: #"{"name":"Kim Yuna"}"#, shadow: nil),
            Difference(path: "$.net", genericPath: "$.net", kind: .value, primary: "99", shadow: "100"),
        ]
        let redacted = try redaction(["$..name"]).applied(to: evidence)
        #expect(!everything(redacted).contains("Kim"))
        #expect(String(decoding: redacted.request.body, as: UTF8.self) == #"{ "name":"redacted:h10", "amount" : 5 }"#)
        #expect(redacted.differences[0].primary == "redacted:h10")
        #expect(redacted.differences[0].shadow == "redacted:h11")
        #expect(redacted.differences[2].primary == "99")
        #expect(redacted.differences[2].shadow == "100")
    }

    @Test("what lies inside a redacted container does not show in a difference either")
    func containers() throws {
        var evidence = Samples.evidence("e")
        evidence.primary?.body = Array(#"{"holder":{"name":"Kim"}}"#.utf8)
        evidence.shadow?.body = Array(#"{"holder":{"name":"Lee"}}"#.utf8)
        evidence.differences = [
            Difference(path: "$.holder.name", genericPath: "$.holder.name", kind: .value, primary: #""Kim""#, shadow: #""Lee""#)
        ]
        let redacted = everything(try redaction(["$.holder"]).applied(to: evidence))
        #expect(!redacted.contains("Kim") && !redacted.contains("Lee"))
    }

    @Test("a body that is no JSON is not stored when paths are to be redacted, and stored when none are")
    func notJSON() throws {
        let evidence = Samples.evidence("e", body: "name=Kim")
        let redacted = try redaction(["$.name"]).applied(to: evidence)
        #expect(redacted.request.body.isEmpty)
        #expect(redacted.request.wholeBodyBytes == 8)
        #expect(try redaction([]).applied(to: evidence).request.body == evidence.request.body)
    }

    @Test("bodies are cut at their bound, not before, and say how long they were; secrets go before the cut")
    func cut() throws {
        let evidence = Samples.evidence("e", body: #"{"a":"123456"}"#)
        let whole = try redaction([], bodyBytesMax: 14).applied(to: evidence)
        #expect(whole.request.body.count == 14)
        #expect(whole.request.wholeBodyBytes == nil)
        let cut = try redaction([], bodyBytesMax: 13).applied(to: evidence)
        #expect(cut.request.body.count == 13)
        #expect(cut.request.wholeBodyBytes == 14)
        let secret = try redaction(["$.a"], bodyBytesMax: 10).applied(to: evidence)
        #expect(!everything(secret).contains("123"))
    }
}

@Suite("What evidence is grouped by")
struct FingerprintTests {
    @Test("values and ids take no part; operation, path and trouble do")
    func groups() {
        let one = Samples.evidence("1")
        #expect(one.fingerprint == Samples.evidence("2", at: 9, body: "other").fingerprint)
        let all = [
            one, Samples.evidence("3", operation: "preview"), Samples.evidence("4", path: "$.tax"),
            Samples.evidence("5", verdict: .shadowError), Samples.evidence("6", verdict: .shadowTimeout),
            Samples.evidence("7", verdict: .shadowError, caughtUp: true, shadow: false),
            Samples.evidence("8", operation: "preview", verdict: .shadowError),
        ]
        #expect(Set(all.map(\.fingerprint)).count == all.count)
        #expect(all.map(\.trouble) == [.mismatch, .mismatch, .mismatch, .shadowError, .shadowTimeout, .diverged, .shadowError])
        #expect(all[5].severity == .critical)
        #expect(Samples.evidence("9", verdict: .primaryError).trouble == .other)
    }
}
