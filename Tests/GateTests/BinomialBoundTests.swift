import Foundation
import Testing

@testable import Gate

@Suite("The upper confidence bound")
struct BinomialBoundTests {
    @Test(
        "Known values of Clopper and Pearson's one-sided bound",
        arguments: [
            // By bisection over the sum of the tail with 60 decimal digits (Python's decimal).
            (0, 1, 0.95, 0.95), (0, 10, 0.95, 0.25886555089305224), (0, 100, 0.95, 0.029513049607039443),
            (1, 10, 0.95, 0.39416330243650478), (5, 10, 0.95, 0.7775588989918742), (9, 10, 0.95, 0.9948838031081763),
            (1, 300, 0.95, 0.0157145548915839542), (3, 10_000, 0.99, 0.00100415796537782449),
            (10, 10, 0.95, 1), (0, 0, 0.95, 1),
        ] as [(Int, Int, Double, Double)])
    func known(_ k: Int, _ n: Int, _ confidence: Double, _ expected: Double) {
        let bound = BinomialBound.upper(k, of: n, confidence: confidence)
        #expect(abs(bound - expected) <= 1e-12 * expected + 1e-15, "\(bound)")
    }

    @Test("The tail agrees with its sum, term by term")
    func tail() {
        for n in [1, 2, 7, 40, 200] {
            for k in stride(from: 0, to: n, by: max(1, n / 7)) {
                for p in [0.001, 0.02, 0.3, 0.5, 0.9] {
                    var sum = 0.0
                    for i in 0...k {
                        let choose = lgamma(Double(n + 1)) - lgamma(Double(i + 1)) - lgamma(Double(n - i + 1))
                        sum += exp(choose + Double(i) * log(p) + Double(n - i) * log1p(-p))
                    }
                    #expect(abs(BinomialBound.atMost(k, of: n, rate: p) - sum) < 1e-10, "k \(k) n \(n) p \(p)")
                }
            }
        }
    }

    @Test("No mismatch of n: the closed form, also of very many")
    func closedForm() {
        for n in [1, 59, 299, 2_995, 1_000_000] {
            let exact = -expm1(log(0.05) / Double(n))
            #expect(abs(BinomialBound.upper(0, of: n, confidence: 0.95) / exact - 1) < 1e-9)
        }
    }

    @Test("More mismatches, fewer comparisons or more confidence never lower it")
    func monotone() {
        var last = 0.0
        for k in 0...50 {
            let bound = BinomialBound.upper(k, of: 50_000, confidence: 0.95)
            #expect(bound > last)
            #expect(bound >= Double(k) / 50_000)
            #expect(BinomialBound.upper(k, of: 49_999, confidence: 0.95) >= bound)
            #expect(BinomialBound.upper(k, of: 50_000, confidence: 0.99) > bound)
            last = bound
        }
    }

    @Test("As many comparisons as are needed, and not one less", arguments: [(0.01, 299), (0.001, 2_995), (0.05, 59), (0.5, 5)])
    func needed(_ rate: Double, _ expected: Int) {
        #expect(BinomialBound.comparisonsNeeded(for: rate, confidence: 0.95) == expected)
    }

    @Test(
        "Shown rounded up",
        arguments: [(0.029513049607, "2.952 %"), (0.00001, "0.001 %"), (1, "100 %"), (0.5, "50 %")] as [(Double, String)])
    func shown(_ bound: Double, _ text: String) { #expect(BinomialBound.percent(bound) == text) }
}
