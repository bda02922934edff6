import Foundation
import Testing

@testable import Migration

@Suite("Failures of the candidate")
struct CandidateWatchTests {
    private func watch(every: Int = 10_000, ratio: Int = 2, row: Int = 5) -> CandidateWatch {
        CandidateWatch(
            policy: RollbackPolicy(writtenKeys: .keep, failuresInARow: row, errorRatio: ratio, errorFalseAlarmEvery: every))
    }

    /// `c`: the candidate failed alone; `l`: the legacy alone; `b`: both; `n`: the candidate, the legacy was not asked; `.`: neither.
    private func run(_ course: String, _ watch: inout CandidateWatch) -> (at: Int, trigger: RollbackTrigger)? {
        for (index, letter) in course.enumerated() {
            let legacy: Bool? = letter == "n" ? nil : letter == "l" || letter == "b"
            if let trigger = watch.record(candidateFailed: "cbn".contains(letter), legacyFailed: legacy) {
                return (index + 1, trigger)
            }
        }
        return nil
    }

    @Test(
        "five in a row, and only failures that the legacy does not share",
        arguments: [
            ("cccc", nil), ("ccccc", 5), ("nnnnn", 5), ("cccc.c", nil), ("cccc.ccccc", 10), ("ccccbbbb", nil), ("ccbbcbcc", 8),
            ("bbbbbbbbbb", nil), ("cccclc", nil), ("....cc.ccccc", 12),
        ] as [(String, Int?)])
    func inARow(course: String, at: Int?) {
        var watch = watch()
        let found = run(course, &watch)
        #expect(found?.at == at)
        if at != nil { #expect(found?.trigger == .failuresInARow(5)) }
    }

    /// ln 10 000 = 9.2103; a failure alone adds ln 4/3 = 0.28768: 32.02 of them.
    @Test("a rate above the legacy's is found with the failure that passes the threshold")
    func rate() throws {
        var watch = watch()
        #expect(run(String(repeating: "c.", count: 32), &watch) == nil)
        let found = try #require(run("c.", &watch))
        #expect(found.at == 1)
        #expect(found.trigger == .errorRate(candidateAlone: 33, legacyAlone: 0))
    }

    @Test("a legacy that fails takes back more than one failure of the candidate, and a month of it is no credit")
    func balance() {
        var watch = watch()
        // ln 2/3 = −0.405: two to one for the candidate still rises, slowly; one to one never does.
        #expect(run(String(repeating: "c.l.", count: 5_000), &watch) == nil)
        #expect(run(String(repeating: "l.", count: 100_000), &watch) == nil)
        #expect(run(String(repeating: "c.", count: 33), &watch)?.at == 65)
    }

    @Test("with equal rates an alarm is as rare as promised, on average over many runs")
    func falseAlarms() {
        var random = SeededGenerator(seed: 11)
        var total = 0
        let runs = 300
        for _ in 0..<runs {
            var watch = watch(every: 100, row: 1_000)
            // Far beyond the promise an alarm that never comes is no virtue, but a test that never ends is none either.
            for _ in 0..<100_000 {
                total += 1
                let isCandidate = random.next() % 2 == 0
                if watch.record(candidateFailed: isCandidate, legacyFailed: !isCandidate) != nil { break }
            }
        }
        // The time to an alarm is nearly exponential: the mean of 300 has a standard deviation of about a seventeenth of itself.
        #expect(Double(total) / Double(runs) >= 100)
    }

    @Test("twice as many failures are found soon")
    func detection() {
        var random = SeededGenerator(seed: 12)
        var longest = 0
        for _ in 0..<300 {
            var watch = watch(row: 1_000)
            var count = 0
            while count < 2_000 {
                count += 1
                let isCandidate = random.next() % 3 < 2
                if watch.record(candidateFailed: isCandidate, legacyFailed: !isCandidate) != nil { break }
            }
            longest = max(longest, count)
        }
        #expect(longest < 2_000)
    }

    @Test("it survives a restart")
    func restart() throws {
        var watch = watch()
        #expect(run("cccc", &watch) == nil)
        var after = try JSONDecoder().decode(CandidateWatch.self, from: JSONEncoder().encode(watch))
        #expect(run("c", &after)?.trigger == .failuresInARow(5))
    }
}
