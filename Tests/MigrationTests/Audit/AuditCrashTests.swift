import Foundation
import Testing

@testable import Migration

@Suite("Crashes and full disks under the audit log")
struct AuditCrashTests {
    private static let person = Person(name: "kim", role: "operator")

    @Test("a last line torn at any byte is no tampering; mending replaces it and says so")
    func tornAnywhere() throws {
        let folder = try AuditFolder()
        let heads = try folder.write(3)
        let bytes = try folder.bytes()
        let lastLine = try folder.lines()[2].utf8.count + 1
        for kept in 1..<lastLine {
            let torn = Array(bytes.dropLast(lastLine - kept))
            try folder.put(torn)
            let report = try AuditVerification.verify(path: folder.path, expected: heads[2])
            #expect(report == AuditReport(head: heads[2], problem: nil, tornBytes: kept))
            #expect(auditCode { _ = try AuditLog(path: folder.path) } == .torn)
            // Nothing was changed by looking.
            #expect(try folder.bytes() == torn)
            let head = try AuditLog.mend(path: folder.path, by: Self.person, at: AuditFolder.now, expected: heads[2])
            let entries = try AuditVerification.entries(path: folder.path)
            #expect(entries.count == 3 && entries[2].action == "audit-mended" && entries[2].actor == "kim")
            #expect(entries[2].details["torn-bytes"] == "\(kept)")
            #expect(entries[2].details["torn-digest"] == AuditEntry.digest(torn.suffix(kept)))
            #expect(try AuditVerification.verify(path: folder.path, expected: head).isWhole)
            #expect(try AuditLog(path: folder.path).head == head)
        }
    }

    @Test("what a crash leaves of a long line, of zeros, or of mending itself can be mended as well")
    func strangeTails() throws {
        for tail in [Array(repeating: UInt8(0), count: 4_096), Array(repeating: UInt8(ascii: "x"), count: 100_000), [0xff]] {
            let folder = try AuditFolder()
            try folder.write(2)
            try folder.put(try folder.bytes() + tail)
            let head = try AuditLog.mend(path: folder.path, by: Self.person, at: AuditFolder.now)
            let whole = try folder.bytes()
            #expect(AuditVerification.verify(whole, expected: head).isWhole)
            // A crash amid mending: the mending line in part over the torn one.
            let before = Array(whole.prefix(whole.count - whole.split(separator: UInt8(ascii: "\n"))[2].count - 1))
            for kept in [1, 50, whole.count - before.count - 1] {
                let mending = whole.dropFirst(before.count).prefix(kept)
                try folder.put(before + mending + tail.dropFirst(kept))
                let again = try AuditLog.mend(path: folder.path, by: Self.person, at: AuditFolder.now)
                #expect(try AuditVerification.verify(path: folder.path, expected: again).isWhole)
            }
            // The whole mending line, and what it did not cover of a longer tail.
            try folder.put(whole + tail.suffix(10))
            let last = try AuditLog.mend(path: folder.path, by: Self.person, at: AuditFolder.now)
            #expect(last.sequence == 4)
            #expect(try AuditVerification.verify(path: folder.path, expected: last).isWhole)
        }
    }

    @Test("mending a whole log does nothing")
    func nothingToMend() throws {
        let folder = try AuditFolder()
        let heads = try folder.write(2)
        let bytes = try folder.bytes()
        #expect(try AuditLog.mend(path: folder.path, by: Self.person, at: AuditFolder.now) == heads[2])
        #expect(try folder.bytes() == bytes)
    }

    @Test("a cut log is not mended into a sound one when a head says otherwise")
    func tornAndCut() throws {
        let folder = try AuditFolder()
        let heads = try folder.write(3)
        try folder.put(try folder.bytes().dropLast(10))
        #expect(
            auditCode { _ = try AuditLog.mend(path: folder.path, by: Self.person, at: AuditFolder.now, expected: heads[3]) }
                == .tampered)
    }

    @Test("a device without room refuses, and goes on refusing in the same words")
    func noRoom() throws {
        let log = try AuditLog(path: "/dev/full")
        for _ in 0..<2 { #expect(auditCode { try log.append("a", actor: "b", role: "c", at: AuditFolder.now) } == .unwritable) }
        #expect(log.head == .empty)
    }

    /// In a process of its own: the limit is the whole process's.
    @Test("a disk that fills up amid a line leaves no half of it; with room again the log goes on")
    func fullDisk() async throws {
        await #expect(processExitsWith: .success) {
            signal(SIGXFSZ, SIG_IGN)
            let folder = try AuditFolder()
            do {
                let log = try AuditLog(path: folder.path)
                var head = try log.append("first", actor: "a", role: "r", at: AuditFolder.now)
                let length = try folder.bytes().count
                var limit = rlimit()
                guard getrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit) == 0 else { exit(3) }
                let before = limit.rlim_cur
                // Room for half a line.
                limit.rlim_cur = rlim_t(length + 50)
                guard setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit) == 0 else { exit(4) }
                for _ in 0..<3 {
                    guard auditCode({ try log.append("second", actor: "a", role: "r", at: AuditFolder.now) }) == .unwritable
                    else { exit(5) }
                    guard try folder.bytes().count == length, log.head == head else { exit(6) }
                }
                limit.rlim_cur = before
                guard setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit) == 0 else { exit(7) }
                head = try log.append("third", actor: "a", role: "r", at: AuditFolder.now)
                guard try AuditVerification.verify(path: folder.path, expected: head).isWhole, head.sequence == 2 else { exit(8) }
            }
            exit(0)
        }
    }

    /// The process dies within its write: the system kills whoever writes past the limit after part of the line is there.
    @Test("a writer killed amid a line leaves a torn one, and all that it was told of")
    func killedAmidALine() async throws {
        let folder = try AuditFolder()
        let path = folder.path
        await #expect(processExitsWith: .signal(SIGXFSZ)) { [path = path as String] in
            let log = try AuditLog(path: path)
            for _ in 0..<5 { try log.append("told", actor: "a", role: "r", at: AuditFolder.now) }
            let length = try Data(contentsOf: URL(filePath: path)).count
            var limit = rlimit(rlim_cur: rlim_t(length + 50), rlim_max: rlim_t(length + 50))
            guard setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit) == 0 else { exit(4) }
            // The pool's threads hold most signals back.
            var signals = sigset_t()
            sigemptyset(&signals)
            sigaddset(&signals, SIGXFSZ)
            pthread_sigmask(SIG_UNBLOCK, &signals, nil)
            signal(SIGXFSZ, SIG_DFL)
            try log.append("not told", actor: "a", role: "r", at: AuditFolder.now)
        }
        let report = try AuditVerification.verify(path: path)
        #expect(report.head.sequence == 5 && report.problem == nil && report.tornBytes == 50)
        _ = try AuditLog.mend(path: path, by: Self.person, at: AuditFolder.now)
        #expect(try AuditLog(path: path).head.sequence == 6)
    }

    @Test("a writer killed at any moment leaves a log whose every told entry is there", arguments: [3, 11, 23])
    func killed(milliseconds: Int) async throws {
        let folder = try AuditFolder()
        let path = folder.path
        await #expect(processExitsWith: .signal(SIGKILL)) { [path = path as String, milliseconds = milliseconds as Int] in
            let log = try AuditLog(path: path)
            let told = open(path + ".told", O_WRONLY | O_CREAT, 0o600)
            Thread.detachNewThread {
                usleep(UInt32(milliseconds * 1_000))
                kill(getpid(), SIGKILL)
            }
            while true {
                let head = try log.append("a", actor: "b", role: "c", at: AuditFolder.now)
                var text = Array(head.description.utf8)
                pwrite(told, &text, text.count, 0)
            }
        }
        let told = try? String(contentsOfFile: path + ".told", encoding: .utf8)
        let report = try AuditVerification.verify(path: path, expected: told.flatMap(AuditHead.init) ?? .empty)
        #expect(report.problem == nil)
        if report.tornBytes > 0 { _ = try AuditLog.mend(path: path, by: Self.person, at: AuditFolder.now) }
        _ = try AuditLog(path: path)
    }
}
