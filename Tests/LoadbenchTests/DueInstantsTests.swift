import Testing

@testable import loadbench

@Suite struct DueInstantsTests {
    @Test(arguments: [
        (10, 1_000, 10), (1, 1, 1), (3, 1_000, 3), (20_000, 500, 10_000), (7, 1_500, 10),
    ])
    func count(rate: Int, milliseconds: Int, expected: Int) {
        #expect(DueInstants(rate: rate, milliseconds: milliseconds).count == expected)
    }

    @Test func spacing() {
        let instants = DueInstants(rate: 1_000, milliseconds: 1_000)
        #expect(instants.offset(of: 0) == 0)
        #expect(instants.offset(of: 1) == 1_000_000)
        #expect(instants.offset(of: 999) == 999_000_000)
        // A third of a second is no whole number of nanoseconds: the next one.
        #expect(DueInstants(rate: 3, milliseconds: 1_000).offset(of: 1) == 333_333_334)
    }

    /// A request is due at its instant and not a nanosecond before it.
    @Test(arguments: [1, 3, 7, 999, 1_000, 12_345, 999_983])
    func edges(rate: Int) {
        let instants = DueInstants(rate: rate, milliseconds: 60_000)
        for request in stride(from: 0, to: instants.count, by: max(1, instants.count / 997)) {
            let offset = instants.offset(of: request)
            #expect(instants.due(by: offset) == request + 1)
            #expect(instants.due(by: offset - 1) == request)
        }
    }

    @Test func bounds() {
        let instants = DueInstants(rate: 100, milliseconds: 1_000)
        #expect(instants.due(by: -1) == 0)
        #expect(instants.due(by: 990_000_000) == 100)
        #expect(instants.due(by: .max) == 100)
    }

    @Test func warmUpIsTheFirstPart() {
        let composer = RequestComposer(
            method: "POST", path: .payouts, body: [], host: "h", accounts: .hot, run: "r")
        let plan = LoadPlan(
            target: Endpoint(host: "127.0.0.1", port: 1), connections: 1,
            pace: .due(DueInstants(rate: 100, milliseconds: 3_000), warmUpMilliseconds: 1_000), composer: composer)
        #expect(plan.requests == 300)
        #expect(plan.warmUpRequests == 100)
    }
}
