import Comparison
import Testing

/// The public suite of nst/JSONTestSuite: the first letter of a file's name says what must come of it.
@Suite struct JSONSuiteTests {
    private static let folder = "json-test-suite/test_parsing"

    /// Whether a body is taken as JSON, by the comparison with itself and one space more, and by the redactor.
    private func verdicts(_ body: [UInt8]) -> (compared: Bool, redacted: Bool) {
        let outcome = compare(Answer(bytes: body), Answer(bytes: body + [0x20]), ResponseRules())
        let isMalformed = outcome.differences.contains { $0.kind == .malformed || $0.kind == .body }
        let redacted = body.withUnsafeBytes { JSONRedactor(paths: []).redact($0) { _ in "" } }
        if let redacted { #expect(redacted == body) }
        return (!isMalformed && outcome == .equal, redacted != nil)
    }

    @Test func everyFileIsJudgedAsItsNameSays() throws {
        var counts = [Character: Int]()
        for name in try Fixtures.names(Self.folder) where name.hasSuffix(".json") {
            let body = try Fixtures.bytes("\(Self.folder)/\(name)")
            let verdicts = verdicts(body)
            #expect(compare(Answer(bytes: body), Answer(bytes: body)) == .equalBytes, "\(name)")
            #expect(verdicts.compared == verdicts.redacted, "\(name): two verdicts on one document")
            switch name.first {
            case "y": #expect(verdicts.compared, "\(name) must parse")
            case "n": #expect(!verdicts.compared, "\(name) must be refused")
            default: break  // `i_`: either way, but both verdicts the same, and no crash
            }
            counts[name.first ?? "?", default: 0] += 1
        }
        #expect(counts["y"] == 95 && counts["n"] == 188 && counts["i"] == 35)
    }

    @Test func cuttingAnyDocumentAnywhereNeverCrashes() throws {
        for name in try Fixtures.names(Self.folder) where name.hasPrefix("y_") {
            let body = try Fixtures.bytes("\(Self.folder)/\(name)")
            for end in 0..<body.count {
                let outcome = compare(Answer(bytes: Array(body[..<end])), Answer(bytes: body))
                if outcome == .equal {
                    // What was cut off can only have been white space.
                    #expect(body[end...].allSatisfy { [0x20, 0x0A, 0x0D, 0x09].contains($0) }, "\(name) cut at \(end)")
                }
            }
        }
    }

    @Test(arguments: [(127, true), (128, true), (129, false), (100_000, false)])
    func nestingIsBounded(depth: Int, isTaken: Bool) {
        let body = String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
        #expect(verdicts(Array(body.utf8)).compared == isTaken)
    }
}
