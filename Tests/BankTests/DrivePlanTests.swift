import FixtureGeneration
import InterestContract
import Testing

@testable import LoadDriver

@Suite struct DrivePlanTests {
    @Test(arguments: [
        ("previews=70,payouts=20,deposits=5,withdrawals=5", "previews=70,payouts=20,deposits=5,withdrawals=5"),
        ("accounts=1,closures=2,transfers=3", "transfers=3,closures=2,accounts=1"), ("payouts=1,previews=0", "payouts=1"),
    ])
    func readsMixes(text: String, mix: String) throws { #expect(try CallMix(parsing: text).description == mix) }

    @Test(arguments: [
        "", "previews", "previews=", "previews=x", "previews=-1", "views=1", "previews=1,", "previews=1,previews=2", "previews=0",
        "previews=1 payouts=1", "previews=1000001",
    ])
    func refusesOtherMixes(text: String) { #expect(throws: DriveError.self) { try CallMix(parsing: text) } }

    struct Extent: Sendable {
        var requests: Int?
        var rate: Int?
        var milliseconds: Int?
        var curve = RateCurve.steady
        var makes: (requests: Int, milliseconds: Int)
    }

    @Test(arguments: [
        Extent(makes: (3_000, 30_000)), Extent(rate: 50, makes: (1_500, 30_000)),
        Extent(milliseconds: 2_000, makes: (200, 2_000)), Extent(rate: 7, milliseconds: 10_000, makes: (70, 10_000)),
        Extent(requests: 500, makes: (500, 5_000)), Extent(requests: 500, rate: 1_000, makes: (500, 500)),
        Extent(requests: 500, milliseconds: 1_000, makes: (500, 1_000)),
        Extent(requests: 500, rate: 100, milliseconds: 1_000, makes: (100, 1_000)),
        Extent(requests: 50, rate: 100, milliseconds: 1_000, makes: (50, 500)),
        Extent(milliseconds: 60_000, curve: .midnight, makes: (700_000, 60_000)),
        Extent(rate: 200, milliseconds: 60_000, curve: .midnight, makes: (12_000, 60_000)),
        Extent(requests: 9, milliseconds: 60_000, curve: .midnight, makes: (9, 60_000)),
    ])
    func completesTheExtent(it: Extent) throws {
        let extent = try DriveExtent(
            requests: it.requests, rate: it.rate, durationMilliseconds: it.milliseconds, curve: it.curve)
        #expect(extent.requests == it.makes.requests && extent.lengthMilliseconds == it.makes.milliseconds)
    }

    @Test func refusesNoExtent() {
        for (requests, rate, milliseconds) in [(0, nil, nil), (nil, 0, nil), (nil, nil, 0), (-1, 5, 5)] as [(Int?, Int?, Int?)] {
            #expect(throws: DriveError.self) {
                try DriveExtent(requests: requests, rate: rate, durationMilliseconds: milliseconds, curve: .steady)
            }
        }
    }

    @Test(arguments: [RateCurve.steady, .midnight])
    func curvesRiseWithinTheirLength(curve: RateCurve) {
        let length: Int64 = 86_400_000_000_000
        let dues = (0..<5_000).map { curve.due($0, of: 5_000, length: length) }
        #expect(dues == dues.sorted())
        #expect(dues.allSatisfy { (0...length).contains($0) })
    }

    @Test func midnightHasItsPeakAfterMidnight() {
        let hour: Int64 = 3_600_000_000_000
        let dues = (0..<1_000).map { RateCurve.midnight.due($0, of: 1_000, length: 24 * hour) }
        func share(_ from: Int64, _ to: Int64) -> Int { dues.filter { $0 >= from && $0 < to }.count }
        #expect(abs(share(0, hour / 4) - 120) <= 1)
        #expect(abs(share(0, hour) - 220) <= 1)
        let hours = (0..<24).map { share($0 * hour, ($0 + 1) * hour) }
        #expect(hours.max() == hours[0])
        #expect(hours.min() == hours[4])
        #expect(hours.reduce(0, +) == 1_000)
    }

    @Test func theClockRunsInKorea() throws {
        let clock = BusinessClock(start: CalendarFromDate.day("2026-02-28").date, daysPerMinute: 60)
        #expect(clock.moment(at: 0).text == "2026-02-28T09:00:00.000+09:00")
        // A second of the run is a day: 15 hours on is midnight.
        #expect(clock.moment(at: 625_000_000).text == "2026-03-01T00:00:00.000+09:00")
        #expect(clock.moment(at: 624_999_000).text == "2026-02-28T23:59:59.913+09:00")
        #expect(BusinessClock(daysPerMinute: 0).moment(at: .max).text == "2026-03-02T09:00:00.000+09:00")
        #expect(WireInstant(clock.moment(at: 123_456_789).text) != nil)
    }

    private static func plan(requests: Int = 3_000, seed: UInt64 = 1, runID: String = "r") throws -> DrivePlan {
        DrivePlan(
            target: "http://127.0.0.1:1", accounts: try FixtureGenerator.accounts(seed: 1, count: 500), requests: requests,
            lengthMilliseconds: 60_000, seed: seed, runID: runID,
            mix: try CallMix(parsing: "previews=5,payouts=5,deposits=2,withdrawals=2,transfers=2,closures=1,accounts=1"))
    }

    @Test func theCallsAreAFunctionOfThePlan() throws {
        let calls = Array(CallSequence(try Self.plan()))
        #expect(calls.count == 3_000)
        #expect(calls == Array(CallSequence(try Self.plan())))
        #expect(calls != Array(CallSequence(try Self.plan(seed: 2))))
        // Another run: the same calls under other keys.
        let other = Array(CallSequence(try Self.plan(runID: "s")))
        #expect(zip(calls, other).allSatisfy { $0.path == $1.path && $0.body == $1.body && $0.moment == $1.moment })
        let keys = calls.compactMap(\.idempotencyKey)
        #expect(Set(keys + other.compactMap(\.idempotencyKey)).count == keys.count * 2)
        #expect(keys.allSatisfy { WireRequests.isIdempotencyKey($0) && $0.utf8.count == 36 })
        #expect(calls.allSatisfy { ($0.idempotencyKey != nil) == $0.kind.isWrite })
    }

    @Test func everyAccountComesOnceARound() throws {
        let calls = Array(CallSequence(try Self.plan(requests: 9_000)))
        for kind in [CallKind.previews, .payouts] {
            let paths = calls.filter { $0.kind == kind }.map(\.path)
            try #require(paths.count >= 1_000)
            #expect(Set(paths.prefix(500)).count == 500)
            #expect(Array(paths[500..<1_000]) == Array(paths[..<500]))
        }
    }

    /// A driver that sent what the contract refuses would measure refusals.
    @Test func everyBodyIsOfTheContract() throws {
        var earlier = 0
        for call in CallSequence(try Self.plan(requests: 6_000)) {
            let body = Array(call.body.utf8)
            switch call.kind {
            case .previews, .accounts: #expect(body.isEmpty)
            case .payouts, .closures: _ = try ChannelRequest(body)
            case .transfers: _ = try TransferRequest(body)
            case .deposits, .withdrawals:
                let request = try TransactionRequest(body)
                #expect(request.type == (call.kind == .deposits ? .deposit : .withdrawal))
                if let date = request.valueDate {
                    earlier += 1
                    #expect(CalendarDay(date) < call.moment.day)
                }
            }
        }
        #expect(earlier > 30)
    }
}
