import Foundation
import TestKit
import Testing

@testable import Verdicts

@Suite("Conserved counts")
struct CountLedgerTests {
    @Test("received = sum of verdicts + under way, after every step of random interleavings over lanes", arguments: 0..<20)
    func conservation(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        let ledger = try CountLedger(path: nil, lanes: 4)
        let operations = (0..<5).map { ledger.register(operation: "operation-\($0)") }
        let lanes = (0..<4).map(ledger.lane)
        var underWay = [(lane: Int, operation: Int)]()
        for _ in 0..<2_000 {
            if underWay.isEmpty || Bool.random(using: &random) {
                let lane = Int.random(in: 0..<4, using: &random)
                let operation = operations[Int.random(in: 0..<5, using: &random)]
                lanes[lane].received(operation)
                underWay.append((lane, operation))
            } else {
                let (lane, operation) = underWay.remove(at: Int.random(in: 0..<underWay.count, using: &random))
                lanes[lane].settled(operation, Verdict.allCases[Int.random(in: 0..<Verdict.allCases.count, using: &random)])
            }
        }
        for (index, counts) in ledger.totals().enumerated() {
            #expect(counts.unsettled == underWay.filter { $0.operation == operations[index] }.count)
        }
        for lane in 0..<4 {
            #expect(
                operations.map { lanes[lane].unsettled($0) }
                    == operations.map { operation in
                        underWay.filter { $0.lane == lane && $0.operation == operation }.count
                    })
            #expect(ledger.totals(lane: lane).reduce(0) { $0 + $1.unsettled } == underWay.filter { $0.lane == lane }.count)
        }
    }

    @Test("after a kill, what was under way is interrupted, once; with another number of lanes too", arguments: [1, 2, 3, 8])
    func interrupted(lanesAfter: Int) throws {
        let folder = try TemporaryDirectory()
        let path = folder.file("counts")
        // The first ledger stays mapped: nothing gets a chance to close it in order.
        let killed = try CountLedger(path: path, lanes: 2)
        let preview = killed.register(operation: "preview")
        let payout = killed.register(operation: "payout")
        for _ in 0..<10 { killed.lane(0).received(preview) }
        for _ in 0..<7 { killed.lane(0).settled(preview, .match) }
        killed.lane(1).received(preview)
        killed.lane(1).received(payout)
        killed.lane(1).settled(payout, .mismatch)
        killed.lane(1).reached(.shadowBacklog)
        #expect(killed.interruptedAtStart == 0)

        let next = try CountLedger(path: path, lanes: lanesAfter)
        #expect(next.interruptedAtStart == 4)
        let expected = [
            OperationCounts(operation: "preview", received: 11, verdicts: [.match: 7, .interrupted: 4]),
            OperationCounts(operation: "payout", received: 1, verdicts: [.mismatch: 1]),
        ]
        #expect(next.totals() == expected)
        #expect(next.earlier() == expected)
        #expect(next.bounds() == [.shadowBacklog: 1])
        #expect(next.register(operation: "payout") == 1)
        #expect(next.register(operation: "preview") == 0)
        #expect(try CountLedger(path: path, lanes: lanesAfter).interruptedAtStart == 0)
        #expect(try CountLedger.readTotals(path: path) == expected)
        withExtendedLifetime(killed) {}
    }

    @Test("reading while a lane writes changes nothing")
    func readTotals() throws {
        let folder = try TemporaryDirectory()
        let path = folder.file("counts")
        let ledger = try CountLedger(path: path, lanes: 1)
        let operation = ledger.register(operation: "preview")
        ledger.lane(0).received(operation)
        #expect(try CountLedger.readTotals(path: path).map(\.unsettled) == [1])
        ledger.lane(0).settled(operation, .tolerated)
        #expect(try CountLedger.readTotals(path: path) == ledger.totals())
        #expect(ledger.totals().first?[.tolerated] == 1)
    }

    @Test("the 512th name is the last of its own; more share one")
    func manyOperations() throws {
        let ledger = try CountLedger(path: nil, lanes: 1)
        let indices = (0..<600).map { ledger.register(operation: "operation-\($0)") }
        #expect(Array(indices[0..<511]) == Array(0..<511))
        #expect(Set(indices[511...]) == [511])
        #expect(ledger.register(operation: "operation-3") == 3)
        #expect(ledger.totals().last?.operation == "other")
        ledger.lane(0).received(511)
        ledger.lane(0).settled(511, .interrupted)
        #expect(ledger.totals().last?.received == 1)
        #expect(ledger.bounds().isEmpty)
    }

    @Test("a long name is cut between characters, and stays one name")
    func longNames() throws {
        let ledger = try CountLedger(path: nil, lanes: 1)
        let name = String(repeating: "이", count: 40)
        #expect(ledger.register(operation: name) == ledger.register(operation: name))
        #expect(ledger.totals().first?.operation == String(repeating: "이", count: 20))
    }

    @Test("a file that is none of ours, cut, or newer is refused with a sentence and left alone")
    func refusals() throws {
        let folder = try TemporaryDirectory()
        let path = folder.file("counts")
        func code(_ bytes: Data) throws -> StateError.Code? {
            try bytes.write(to: URL(fileURLWithPath: path))
            do {
                _ = try CountLedger(path: path, lanes: 1)
                return nil
            } catch {
                #expect((error as StateError).sentence.contains(path))
                #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == bytes)
                return (error as StateError).code
            }
        }
        #expect(try code(Data("something else entirely".utf8)) == .damaged)
        try FileManager.default.removeItem(atPath: path)
        do { _ = try CountLedger(path: path, lanes: 1) }
        let good = try Data(contentsOf: URL(fileURLWithPath: path))
        #expect(try code(good.dropLast(4_096)) == .damaged)
        var newer = good
        newer[8] = UInt8(LedgerLayout.schemaVersion + 1)
        #expect(try code(newer) == .newerSchema)
        #expect(try code(good) == nil)
        #expect(try code(Data()) == nil || CountLedger.readTotals(path: path).isEmpty)
    }

    @Test("counts travel as JSON by the verdicts' names")
    func json() throws {
        let counts = OperationCounts(operation: "preview", received: 3, verdicts: [.shadowError: 2])
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        let text = String(decoding: try encoder.encode(counts), as: UTF8.self)
        #expect(text == #"{"operation":"preview","received":3,"unsettled":1,"verdicts":{"shadow-error":2}}"#)
        #expect(try JSONDecoder().decode(OperationCounts.self, from: Data(text.utf8)) == counts)
        for verdict in Verdict.allCases { #expect(Verdict(name: verdict.name) == verdict) }
    }
}
