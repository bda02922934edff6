import Crypto
import Foundation
import Testing

@testable import Migration

@Suite("The audit log")
struct AuditLogTests {
    @Test("a line is JSON with sorted keys, chained to the one before; the file is its owner's")
    func format() throws {
        let folder = try AuditFolder()
        let heads = try folder.write(2)
        let lines = try folder.lines()
        #expect(
            lines[0]
                == #"{"action":"step","actor":"kim","details":{"a":"이자 \"1\"\n","b":"0"},"previous":"\#(String(repeating: "0", count: 64))","role":"operator","schema":1,"sequence":1,"time":"2026-03-02T01:02:03.004Z"}"#
        )
        let digest = SHA256.hash(data: Data(lines[0].utf8)).map { String(format: "%02x", $0) }.joined()
        #expect(lines[1].contains(#""previous":"\#(digest)""#))
        #expect(heads[1] == AuditHead(sequence: 1, digest: digest))
        #expect(AuditHead(heads[1].description) == heads[1])
        let mode = try FileManager.default.attributesOfItem(atPath: folder.path)[.posixPermissions] as? Int
        #expect(mode == 0o600)
    }

    @Test("it goes on where it was")
    func reopen() throws {
        let folder = try AuditFolder()
        let first = try folder.write(3)
        let second = try folder.write(2)
        #expect(second[0] == first[3])
        let report = try AuditVerification.verify(path: folder.path)
        #expect(report == AuditReport(head: second[2], problem: nil, tornBytes: 0))
        #expect(try AuditVerification.entries(path: folder.path).map(\.sequence) == [1, 2, 3, 4, 5])
        // Any head that was ever told is still part of it.
        for head in first + second { #expect(try AuditVerification.verify(path: folder.path, expected: head).isWhole) }
    }

    @Test("one writer at a time; readers need not ask")
    func oneWriter() throws {
        let folder = try AuditFolder()
        try folder.write(1)
        do {
            let log = try AuditLog(path: folder.path)
            #expect(auditCode { _ = try AuditLog(path: folder.path) } == .inUse)
            #expect(try AuditVerification.verify(path: folder.path).head == log.head)
        }
        _ = try AuditLog(path: folder.path)
    }

    @Test("threads that write at once all get their line")
    func threads() async throws {
        let folder = try AuditFolder()
        do {
            let log = try AuditLog(path: folder.path)
            try await withThrowingTaskGroup(of: Void.self) { group in
                for task in 0..<4 {
                    group.addTask {
                        for number in 0..<10 {
                            try log.append("a", actor: "t\(task)", role: "r", details: ["n": "\(number)"], at: AuditFolder.now)
                        }
                    }
                }
                try await group.waitForAll()
            }
        }
        let report = try AuditVerification.verify(path: folder.path)
        #expect(report.isWhole && report.head.sequence == 40)
    }

    @Test("what somebody changes under an open log stops it for good")
    func changedWhileOpen() throws {
        let folder = try AuditFolder()
        try folder.write(2)
        let log = try AuditLog(path: folder.path)
        let handle = try FileHandle(forWritingTo: URL(filePath: folder.path))
        try handle.seekToEnd()
        try handle.write(contentsOf: Data("x\n".utf8))
        try handle.close()
        func append() throws { try log.append("a", actor: "b", role: "c", at: AuditFolder.now) }
        #expect(auditCode(append) == .tampered)
        #expect(auditCode(append) == .tampered)
        let removed = try AuditFolder()
        let other = try AuditLog(path: removed.path)
        try FileManager.default.removeItem(atPath: removed.path)
        #expect(auditCode { try other.append("a", actor: "b", role: "c", at: AuditFolder.now) } == .tampered)
    }

    @Test("a rollout's actions are written with who did them")
    func actions() throws {
        let folder = try AuditFolder()
        do {
            let log = try AuditLog(path: folder.path)
            let person = Person(name: "kim", role: "operator")
            try log.append(AuditedAction("promoted", by: person, ["from": "shadow", "to": "team 90/10"]), at: AuditFolder.now)
            try log.append(AuditedAction("rolled-back"), at: AuditFolder.now)
        }
        let entries = try AuditVerification.entries(path: folder.path).map(\.description)
        #expect(
            entries == [
                "#1 2026-03-02T01:02:03.004Z kim (operator): promoted; from=shadow to=team 90/10",
                "#2 2026-03-02T01:02:03.004Z countersign (rollout): rolled-back",
            ])
    }

    @Test("what is shown steers no terminal")
    func controlCharacters() {
        let entry = AuditEntry(
            sequence: 1, time: AuditFolder.now, actor: "k\u{1b}[31m", role: "r\u{202e}", action: "a\n#2 fake", details: [:],
            previous: "")
        #expect(entry.description == #"#1 2026-03-02T01:02:03.004Z k\u{1B}[31m (r\u{202E}): a\n#2 fake"#)
    }

    @Test(
        "what is no head is none",
        arguments: [
            "", ":", "1", "-1:" + String(repeating: "0", count: 64), "1:" + String(repeating: "A", count: 64), "1:00", "x:y",
        ])
    func heads(text: String) { #expect(AuditHead(text) == nil) }
}
