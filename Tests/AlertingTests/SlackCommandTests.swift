import Comparison
import Foundation
import Testing
import Verdicts

@testable import Alerting

/// What a caller sent stands in a line that an engineer pastes into a shell: it is there to the last character, or not at all.
@Suite("Commands in Slack")
struct SlackCommandTests {
    /// The command, and what stands for it in the notice's blocks: those with code, and those that say why there is none.
    private func shown(_ body: String) throws -> (command: String, code: [String], refusals: Int) {
        let evidence = AlertingFixture.evidence("e", headers: [["Idempotency-Key", "k"]], body: body)
        let settings = AlertSettings(channels: [], legacyURL: "http://l", candidateURL: "http://l")
        var incident = Incident(opening: evidence)
        incident.exhibit = IncidentExhibit(evidence, settings: settings)
        let notice = Notice(
            id: "n", kind: .incident(.opened), at: 0, channel: "ops", group: "payout",
            items: [Notice.Item(incident: incident, step: .opened, sequence: 1)], standing: nil)
        let json = try JSONSerialization.jsonObject(with: Data(notice.body(for: .slack).utf8)) as? [String: Any]
        let texts = (json?["blocks"] as? [[String: Any]] ?? []).compactMap { ($0["text"] as? [String: Any])?["text"] as? String }
        let code = texts.compactMap { $0.split(separator: "```", omittingEmptySubsequences: false).dropFirst().first }
        return (
            try #require(incident.exhibit?.reproduce.legacy),
            code.map { String($0).replacing("&lt;", with: "<").replacing("&gt;", with: ">").replacing("&amp;", with: "&") },
            texts.filter { $0.contains("countersign replay") && !$0.contains("```") }.count
        )
    }

    /// The words that a shell makes of a line.
    private func words(_ line: String) throws -> [String] {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/sh")
        process.arguments = ["-c", "curl() { printf '%s\\n' \"$@\"; }\n" + line]
        let output = Pipe()
        process.standardOutput = output
        process.standardError = Pipe()
        try process.run()
        process.waitUntilExit()
        return String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
            .split(separator: "\n", omittingEmptySubsequences: false).dropLast().map(String.init)
    }

    @Test(
        "shown as it is, entities aside, and the shell takes it for one command",
        arguments: [
            "plain", "it's", "<b>&amp;</b>", "x;echo evil|sh;y", "$(echo evil)", "'; echo evil; '", "\\'; echo evil #", "합계",
        ])
    func whole(body: String) throws {
        let (command, code, refusals) = try shown(body)
        #expect(code == [command, command] && refusals == 0)
        let words = try words(try #require(code.first))
        #expect(words.suffix(3) == ["--data-raw", body, "http://l/v1/accounts/1000-0000-0001/interest-payouts"])
        #expect(words.count == 12)
    }

    @Test(
        "left out, and said so, where Slack would change it",
        arguments: ["x`;echo evil|sh;`y", "`", "`\u{301}", String(repeating: "x'", count: 3_000)])
    func leftOut(body: String) throws {
        let (_, code, refusals) = try shown(body)
        #expect(code == [] && refusals == 2)
    }

    @Test("the longest that is shown whole has 2900 characters as Slack counts them, entities included")
    func longest() {
        let text = String(repeating: "&", count: 579)
        #expect(SlackNotice.code(text + "12345", max: 2_900)?.utf16.count == 2_900)
        #expect(SlackNotice.code(text + "123456", max: 2_900) == nil)
    }

    @Test("a header's 150 characters are scalars, however many of them are seen as one")
    func header() {
        let family = "👨‍👩‍👧‍👦"
        #expect(family.count == 1 && family.unicodeScalars.count == 7)
        #expect(SlackNotice.plain(String(repeating: family, count: 21) + "abc", max: 150).unicodeScalars.count == 150)
        let cut = SlackNotice.plain(String(repeating: family, count: 21) + "abcd", max: 150)
        #expect(cut.unicodeScalars.count == 150 && cut.hasSuffix("ab…"))
    }
}
