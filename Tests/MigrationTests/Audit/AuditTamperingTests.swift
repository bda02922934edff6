import Foundation
import Testing

@testable import Migration

@Suite("Tampering with the audit log")
struct AuditTamperingTests {
    /// What is done to the seven lines of a log, and what is said of it.
    static let cases: [(String, @Sendable ([String]) -> [String], AuditProblem.Kind, line: Int)] = [
        ("a value edited", { edit($0, 3, #""b":"2""#, #""b":"9""#) }, .edited, 3),
        ("a name edited", { edit($0, 1, "kim", "lee") }, .edited, 1),
        ("a number edited", { edit($0, 4, #""sequence":4"#, #""sequence":5"#) }, .edited, 4),
        ("a link edited", { edit($0, 5, #""previous":"#, #""previous":"0"#, dropping: 2) }, .edited, 4),
        ("a line made nonsense", { replace($0, 4, "hello") }, .edited, 4),
        ("a line emptied", { replace($0, 4, "") }, .edited, 4),
        ("a key added", { edit($0, 2, #"{"action""#, #"{"a":1,"action""#) }, .edited, 2),
        ("a space added", { edit($0, 2, #"{"action""#, #"{ "action""#) }, .edited, 2),
        ("a newer form", { edit($0, 6, #""schema":1"#, #""schema":2"#) }, .newer, 6),
        (
            "two lines swapped",
            { lines in
                var lines = lines; lines.swapAt(2, 3); return lines
            }, .reordered, 3
        ),
        ("a line moved to the end", { Array($0[0..<2] + $0[3...] + [$0[2]]) }, .reordered, 3),
        ("a line removed", { Array($0[0..<3] + $0[4...]) }, .removed, 4),
        ("the first line removed", { Array($0.dropFirst()) }, .removed, 1),
        ("a line repeated", { Array($0[0..<4] + [$0[3]] + $0[4...]) }, .inserted, 4),
        ("an old line put in", { Array($0[0..<5] + [$0[1]] + $0[5...]) }, .inserted, 6),
        ("a line put in that fits", { Array($0[0..<3] + [forged($0[3])] + $0[3...]) }, .inserted, 4),
        ("a line put in that is no entry", { Array($0[0..<3] + ["{}"] + $0[3...]) }, .edited, 4),
    ]

    private static func edit(_ lines: [String], _ line: Int, _ old: String, _ new: String, dropping: Int = 0) -> [String] {
        let text = lines[line - 1]
        guard let range = text.firstRange(of: old) else { return lines }
        let end = text.index(range.upperBound, offsetBy: dropping)
        return replace(lines, line, text[..<range.lowerBound] + new + text[end...])
    }

    private static func replace(_ lines: [String], _ line: Int, _ text: some StringProtocol) -> [String] {
        var lines = lines
        lines[line - 1] = String(text)
        return lines
    }

    /// Another entry with the same number and link.
    private static func forged(_ line: String) -> String { line.replacing("kim", with: "lee") }

    @Test("is found, with the line; the log does not open", arguments: cases.indices)
    func found(index: Int) throws {
        let (title, spoil, kind, line) = Self.cases[index]
        let folder = try AuditFolder()
        try folder.write(7)
        let before = try folder.lines()
        try folder.put(lines: spoil(before))
        #expect(try folder.lines() != before)
        let problem = try AuditVerification.verify(path: folder.path).problem
        #expect(problem?.kind == kind, "\(title): \(String(describing: problem))")
        #expect(problem?.line == line, "\(title): \(String(describing: problem))")
        let code: AuditError.Code = kind == .newer ? .newer : .tampered
        #expect(auditCode { _ = try AuditLog(path: folder.path) } == code)
        // Mending is for crashes alone.
        let person = Person(name: "kim", role: "operator")
        #expect(auditCode { _ = try AuditLog.mend(path: folder.path, by: person, at: AuditFolder.now) } == code)
    }

    @Test("no single byte can be changed unseen, given the head")
    func everyByte() throws {
        let folder = try AuditFolder()
        let head = try #require(try folder.write(3).last)
        let bytes = try folder.bytes()
        for place in bytes.indices {
            var spoilt = bytes
            spoilt[place] ^= 0x04
            #expect(!AuditVerification.verify(spoilt, expected: head).isWhole, "byte \(place)")
        }
    }

    @Test("a cut end shows by a head that was kept elsewhere, and only by that")
    func cut() throws {
        let folder = try AuditFolder()
        let heads = try folder.write(7)
        try folder.put(lines: Array(try folder.lines().dropLast(2)))
        #expect(try AuditVerification.verify(path: folder.path).isWhole)
        for head in heads.prefix(6) { #expect(try AuditVerification.verify(path: folder.path, expected: head).isWhole) }
        for head in heads.suffix(2) {
            let problem = try AuditVerification.verify(path: folder.path, expected: head).problem
            #expect(problem?.kind == .cut && problem?.line == 5)
            #expect(auditCode { _ = try AuditLog(path: folder.path, expected: head) } == .tampered)
        }
        try folder.put([])
        #expect(try AuditVerification.verify(path: folder.path, expected: heads[1]).problem?.kind == .cut)
        #expect(try AuditVerification.verify(path: folder.path, expected: .empty).isWhole)
    }

    @Test("a last line edited, or the whole log written anew, shows by a head too")
    func rewritten() throws {
        let folder = try AuditFolder()
        let heads = try folder.write(3)
        try folder.put(lines: Self.edit(try folder.lines(), 3, "kim", "lee"))
        #expect(try AuditVerification.verify(path: folder.path).isWhole)
        let problem = try AuditVerification.verify(path: folder.path, expected: heads[3]).problem
        #expect(problem?.kind == .rewritten && problem?.line == 3)
        #expect(try AuditVerification.verify(path: folder.path, expected: heads[2]).isWhole)

        let other = try AuditFolder()
        do {
            let log = try AuditLog(path: other.path)
            for _ in 0..<5 { try log.append("x", actor: "y", role: "z", at: AuditFolder.now) }
        }
        #expect(try AuditVerification.verify(path: other.path, expected: heads[2]).problem?.kind == .rewritten)
    }
}
