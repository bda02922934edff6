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
}
