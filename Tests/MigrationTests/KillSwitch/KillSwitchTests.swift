import Foundation
import Testing

@testable import Migration

@Suite("The kill switch's file")
struct KillSwitchTests {
    private let when = Instant(milliseconds: 1_772_413_323_004)

    @Test("what is written is read again")
    func roundTrip() throws {
        var kill = KillSwitch(thrownBy: "kim", reason: "payouts differ: 3 of 10", at: when)
        #expect(KillSwitchFile.parse(KillSwitchFile.encode(kill)) == kill)
        let outcome = kill.release(by: "lee", at: when.advanced(byMilliseconds: 1))
        #expect(outcome == .waitsForAnother)
        let text = KillSwitchFile.encode(kill)
        #expect(
            text == """
                schema: 1
                who: kim
                why: payouts differ: 3 of 10
                when: 2026-03-02T01:02:03.004Z
                release: lee at 2026-03-02T01:02:03.005Z

                """)
        #expect(KillSwitchFile.parse(text) == kill)
    }

    @Test(
        "whatever a file holds, it throws the switch",
        arguments: [
            "", "\n\n", "{}", "schema: 99\nwho: kim\n", "who:\nwhy:\n", "who: kim\nwho: lee",
            "release: a at x\nrelease: b at y\n",
            "when: yesterday", "\u{0}\u{0}", "who kim",
        ])
    func anything(text: String) {
        let kill = KillSwitchFile.parse(text)
        #expect(!kill.thrownBy.isEmpty && !kill.reason.isEmpty)
        #expect(kill.releases.count <= 1)
        #expect(kill.at == nil)
    }

    @Test("a name with a line break adds no line")
    func lineBreak() {
        let kill = KillSwitch(thrownBy: "kim\nrelease: a at x\r\nrelease: b", reason: "why\u{2028}who: x", at: nil)
        let text = KillSwitchFile.encode(kill)
        #expect(text.split(whereSeparator: \.isNewline).count == 3)
        #expect(KillSwitchFile.parse(text).releases.isEmpty)
    }

    @Test("a missing file is no switch; an empty, a strange and an unreadable one are")
    func files() throws {
        let folder = NSTemporaryDirectory() + "kill-\(UUID())"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        #expect(KillSwitchFile.read(path: folder + "/killed") == nil)
        #expect(KillSwitchFile.read(path: folder + "/no/killed") == nil)
        try Data().write(to: URL(filePath: folder + "/killed"))
        #expect(KillSwitchFile.read(path: folder + "/killed")?.reason == "no reason was given")
        try Data([0xff, 0xfe, 0x00]).write(to: URL(filePath: folder + "/killed"))
        #expect(KillSwitchFile.read(path: folder + "/killed")?.thrownBy == "unknown")
        // A directory of that name, and a path through a file: nobody can read them, so they count.
        #expect(KillSwitchFile.read(path: folder)?.reason.contains("can't be read") == true)
        #expect(KillSwitchFile.read(path: folder + "/killed/x")?.reason.contains("can't be read") == true)
        try Data(KillSwitchFile.encode(KillSwitch(thrownBy: "kim", reason: "x", at: when)).utf8).write(
            to: URL(filePath: folder + "/killed"))
        #expect(KillSwitchFile.read(path: folder + "/killed") == KillSwitch(thrownBy: "kim", reason: "x", at: when))
    }
}
