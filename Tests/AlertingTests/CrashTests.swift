import Alerting
import Foundation
import TestKit
import Testing
import Verdicts

/// Runs of `alertdrill` that are killed between two steps and started again.
@Suite("Killed between any two steps of an alert's way", .serialized)
struct CrashTests {
    private struct Cut {
        let seed: Int
        let engine: Engine
        let step: AlertStep
        let passing: Int

        /// Every step in turn, each on both stores, at passings that a seed draws.
        init(_ seed: Int) {
            self.seed = seed
            let steps = AlertStep.allCases
            step = steps[seed % steps.count]
            engine = Engine.allCases[(seed / steps.count + seed) % Engine.allCases.count]
            var random = UInt64(seed) &* 0x9E37_79B9_7F4A_7C15 ^ 0xD1B5_4A32_D192_ED03
            random ^= random >> 29
            // Four kinds are met twice each, and told of three times at least: as opened, as still open, as resolved.
            passing = 1 + Int(random % (step == .evidenceStored || step == .incidentWritten ? 8 : 12))
        }
    }

    private struct Found {
        var runs = 0
        var killed = 0
        var told = 0
        var posts = 0
        var duplicates = 0
    }

    private static var seeds: Int { ProcessInfo.processInfo.environment["ALERT_CRASH_SEEDS"].flatMap { Int($0) } ?? 10 }

    @Test("every incident is told as opened, still open and resolved; what comes twice comes under the same id")
    func crashes() async throws {
        var table: [AlertStep: Found] = [:]
        for seed in 0..<Self.seeds {
            let cut = Cut(seed)
            let found = try await run(cut)
            table[cut.step, default: Found()].runs += 1
            table[cut.step]?.killed += found.killed
            table[cut.step]?.told += found.told
            table[cut.step]?.posts += found.posts
            table[cut.step]?.duplicates += found.duplicates
        }
        print("alerts killed: step, runs, killed, incidents told, notices posted, of these again under the same id")
        for step in AlertStep.allCases {
            guard let found = table[step] else { continue }
            print(
                "alerts killed: \(step.rawValue), \(found.runs), \(found.killed), \(found.told), \(found.posts), \(found.duplicates)"
            )
            #expect(found.killed == found.runs, "\(step) was not passed often enough")
        }
    }

    private func run(_ cut: Cut) async throws -> Found {
        let receiver = try await WebhookReceiver.start()
        let folder = try TemporaryDirectory()
        let place = try await cut.engine.place(in: folder)
        var store = "-"
        if cut.engine != .sqlite {
            _ = try await cut.engine.store(at: place)
            store = place
        }
        func drill(_ from: Int, _ crash: [String]) async throws -> Int32 {
            let program = try ProgramUnderTest(
                "alertdrill", [folder.file("state"), receiver.url, store, "\(from)", "8"] + crash)
            let status = try await program.exit()
            if status != 0, status != -9 { Issue.record("\(program.errors)") }
            return status
        }
        var found = Found()
        if try await drill(0, ["\(cut.step.rawValue):\(cut.passing)"]) == -9 { found.killed = 1 }
        #expect(try await drill(8, []) == 0)

        var bodies: [String: Set<String>] = [:]
        var steps: [String: [Int: String]] = [:]
        for notice in receiver.notices {
            let id = try #require(notice.header("webhook-id"))
            bodies[id, default: []].insert(notice.bodyText)
            let json = try JSONSerialization.jsonObject(with: Data(notice.body)) as? [String: Any]
            for item in (json?["data"] as? [String: Any])?["incidents"] as? [[String: Any]] ?? [] {
                let (operation, number) = ("\(item["operation"] ?? "?")", item["sequence"] as? Int ?? 0)
                let told = "\(item["step"] ?? "?") \(id)"
                // A number under a second id would be a second alarm.
                #expect(steps[operation]?[number] ?? told == told, "\(cut)")
                steps[operation, default: [:]][number] = told
            }
        }
        #expect(Set(steps.keys) == Set((0..<4).map { "kind-\($0)" }), "\(cut)")
        for (operation, told) in steps {
            // None is missing, from the first to the one that says it is over; how often it was still open depends on time.
            let words = told.sorted { $0.key < $1.key }.map { $0.value.split(separator: " ")[0] }
            #expect(told.keys.sorted() == Array(1...told.count), "\(operation): \(cut)")
            #expect(words.first == "opened" && words.last == "resolved" && words.contains("updated"), "\(operation), \(cut)")
        }
        #expect(bodies.values.allSatisfy { $0.count == 1 }, "\(cut)")
        #expect(bodies.keys.contains { $0.hasPrefix("heartbeat") }, "\(cut)")
        found.told = steps.count
        found.posts = receiver.notices.count
        found.duplicates = receiver.notices.count - bodies.count
        try await receiver.side.shutdown()
        return found
    }
}
