import Foundation
import RolloutControl
import Testing
import Verdicts

@testable import Console

@Suite("The metrics page")
struct MetricsPageTests {
    let lines = MetricsPage(ConsoleReading.sample()).text.split(separator: "\n", omittingEmptySubsequences: false)

    @Test("Every family has HELP and TYPE before its samples, once")
    func families() throws {
        var typed: Set<Substring> = []
        var current: Substring = ""
        for line in lines.dropLast() {
            if line.hasPrefix("# HELP ") { continue }
            if line.hasPrefix("# TYPE ") {
                current = line.split(separator: " ")[2]
                #expect(typed.insert(current).inserted, "\(current) is declared twice")
                continue
            }
            let name = line.prefix { $0 != "{" && $0 != " " }
            let stems = ["", "_bucket", "_sum", "_count"].map { current + $0 }
            #expect(stems.contains(name), "\(line) stands under \(current)")
        }
        #expect(lines.last == "")
    }

    @Test("A label's value is escaped and stays on its line")
    func labels() {
        #expect(
            lines.contains("countersign_verdicts_total{operation=\"pre\\\"view\\\\\\n{x}\",verdict=\"mismatch\"} 3"))
    }

    @Test("Verdicts that never occurred are there as 0, so that a rate can be taken")
    func zeros() {
        for verdict in Verdict.allCases {
            let count = verdict == .never ? 4 : 0
            #expect(lines.contains("countersign_verdicts_total{operation=\"payout\",verdict=\"\(verdict.name)\"} \(count)"))
        }
    }

    @Test("Buckets are cumulative seconds and end with all")
    func histogram() {
        let expected = [
            "_bucket{subject=\"legacy\",le=\"0.0001\"} 0", "_bucket{subject=\"legacy\",le=\"0.001\"} 4",
            "_bucket{subject=\"legacy\",le=\"1.0\"} 9", "_bucket{subject=\"legacy\",le=\"+Inf\"} 10",
            "_sum{subject=\"legacy\"} 12.345678", "_count{subject=\"legacy\"} 10",
        ]
        let found = lines.filter { $0.hasPrefix("countersign_latency_seconds") }.map {
            $0.dropFirst("countersign_latency_seconds".count)
        }
        #expect(found.map(String.init) == expected)
    }

    @Test(arguments: [
        (0, "0.0"), (1, "0.000001"), (999_999, "0.999999"), (1_000_000, "1.0"), (1_500_000, "1.5"), (-20, "-0.00002"),
    ])
    func seconds(_ microseconds: Int, _ text: String) { #expect(MetricsPage.seconds(microseconds) == text) }

    @Test("A shared state has its families, and they are absent without one")
    func sharedState() {
        var reading = ConsoleReading.sample()
        var shared = ConsoleReading.Shared(instance: "p-1")
        shared.isAway = true
        shared.evidenceWaiting = 4
        shared.evidence = [ConsoleReading.Named("lost", 2)]
        shared.keysAtTwoProxies = 3
        reading.shared = shared
        let page = MetricsPage(reading).text.split(separator: "\n")
        #expect(page.contains("countersign_shared_state_up{instance=\"p-1\"} 0"))
        #expect(page.contains("countersign_shared_evidence_waiting 4"))
        #expect(page.contains("countersign_shared_evidence_total{outcome=\"lost\"} 2"))
        #expect(page.contains("countersign_keys_at_two_proxies 3"))
        #expect(!lines.contains { $0.contains("shared") || $0.contains("two_proxies") })
    }

    @Test("A rollout has its families, and they are absent without one")
    func rollout() throws {
        let text = """
            {"schema":1,"plan":"p","stage":"all 50/50","next":"all 0/100","attempt":1,"since":"2026-03-02T00:00:00.000Z",
            "audiences":[{"name":"staff","candidate":100000},{"name":"all","candidate":50000}],"isAutomatic":false,"isRetired":false,
            "holds":["The stage lasts at least 1 s more."],"approvals":[],"approvalsMissing":[],
            "latch":{"reason":"by test","at":"2026-03-02T00:00:00.000Z"},
            "handOvers":{"keysLeaving":1,"writesWaiting":2,"keysBehind":3,"writtenKeys":4,"keysMistrusted":0},"placements":{"killed":5,"no-key":6},
            "controls":{"planted":8,"seen":7},"outcomesDropped":0,"head":{"sequence":1,"digest":"00"},"isShared":false,
            "isLeader":false,"troubles":["a","b"]}
            """
        var reading = ConsoleReading.sample()
        reading.rollout = try JSONDecoder().decode(RolloutStatus.self, from: Data(text.utf8))
        let page = MetricsPage(reading).text.split(separator: "\n")
        for line in [
            "candidate_share_ppm{audience=\"staff\"} 1000000", "candidate_share_ppm{audience=\"all\"} 500000",
            "placements_total{reason=\"killed\"} 5", "placements_total{reason=\"no-key\"} 6", "killed 0", "latched 1",
            "may_move 0",
            "keys_written 4", "keys_leaving 1", "writes_waiting 2", "keys_behind 3", "controls_total{outcome=\"planted\"} 8",
            "controls_total{outcome=\"seen\"} 7", "shared_state_up 1", "troubles 2",
        ] { #expect(page.contains("countersign_rollout_\(line)"), "\(line)") }
        #expect(!lines.contains { $0.contains("rollout") })
    }
}
