import Foundation
import Testing

@testable import countersign

@Suite("The alert as its reader sees it")
struct LetterTests {
    private let message = #"""
        {"text":"payout: $.netInterest differs","blocks":[
          {"type":"header","text":{"type":"plain_text","text":"payout: $.netInterest differs"}},
          {"type":"section","fields":[{"type":"mrkdwn","text":"*Operation*\n`payout`"},{"type":"mrkdwn","text":"*Legacy*\n`2329 &lt;1&gt;`"}]},
          {"type":"section","text":{"type":"mrkdwn","text":"*legacy*\n```curl -sS 'http://h/a?b=1&amp;c=2'```"}},
          {"type":"context","elements":[{"type":"mrkdwn","text":"`countersign replay 01a2-x` · incident inc_1"}]}]}
        """#

    @Test("Fields stand in columns, entities as characters, in a frame of one width")
    func frame() throws {
        let letter = try #require(Letter(slack: Data(message.utf8)))
        let lines = letter.framed(width: 60).split(separator: "\n")
        #expect(Set(lines.map(\.count)) == [60])
        #expect(lines.contains { $0.contains("Operation  payout") })
        #expect(lines.contains { $0.contains("Legacy     2329 <1>") })
        #expect(lines.contains { $0.contains("curl -sS 'http://h/a?b=1&c=2'") })
    }

    @Test("It names the evidence")
    func evidence() throws { #expect(try #require(Letter(slack: Data(message.utf8))).evidenceID == "01a2-x") }

    @Test("What is no message is none")
    func broken() { #expect(Letter(slack: Data("[]".utf8)) == nil) }
}
