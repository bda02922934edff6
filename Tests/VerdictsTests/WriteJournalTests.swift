import Foundation
import TestKit
import Testing
import Verdicts

@Suite("Writes under way")
struct WriteJournalTests {
    @Test("a start that died before its table took its place leaves no trap for the next, with more lanes")
    func leftover() throws {
        let folder = try TemporaryDirectory()
        let path = folder.file("journal")
        _ = FileManager.default.createFile(atPath: path + ".new", contents: Data(count: 5_000))
        let journal = try WriteJournal(path: path, lanes: 4, slotsPerLane: 64)
        let lane = journal.lane(3)
        for index in 0..<64 { #expect(lane.begin("key-\(index)") != nil) }
        #expect(try WriteJournal(path: path, lanes: 4, slotsPerLane: 64).recovered.count == 64)
    }

    @Test("keys begun and not ended are known after a kill; ended ones are not; and again after a second kill")
    func recovery() throws {
        let folder = try TemporaryDirectory()
        let path = folder.file("journal")
        let killed = try WriteJournal(path: path, lanes: 2, slotsPerLane: 8)
        #expect(killed.recovered.isEmpty)
        let first = killed.lane(0)
        let second = killed.lane(1)
        let ended = try #require(first.begin("ended"))
        _ = first.begin("left")
        _ = second.begin(["from", "to"])
        first.end(ended)
        let again = try WriteJournal(path: path, lanes: 3, slotsPerLane: 4)
        #expect(again.recovered == ["from", "left", "to"])
        _ = again.lane(2).begin("new")
        let third = try WriteJournal(path: path, lanes: 1)
        #expect(third.recovered == ["from", "left", "new", "to"])
        third.forgetRecovered()
        #expect(try WriteJournal(path: path, lanes: 1).recovered.isEmpty)
        withExtendedLifetime((killed, again)) {}
    }

    @Test("a full lane says so and takes nothing; ending frees all the slots of a write")
    func full() throws {
        let journal = try WriteJournal(path: nil, lanes: 2, slotsPerLane: 3)
        let lane = journal.lane(0)
        let pair = try #require(lane.begin(["a", "b"]))
        #expect(lane.begin(["c", "d"]) == nil)
        #expect(lane.freeSlots == 1)
        let single = try #require(lane.begin("c"))
        #expect(lane.begin("d") == nil)
        lane.end(pair)
        #expect(lane.freeSlots == 2)
        lane.end(single)
        #expect(lane.freeSlots == 3)
        #expect(journal.lane(1).freeSlots == 3)
    }

    @Test("any interleaving of begins and ends leaves exactly the open keys", arguments: 0..<10)
    func interleavings(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        let folder = try TemporaryDirectory()
        let path = folder.file("journal")
        let journal = try WriteJournal(path: path, lanes: 1, slotsPerLane: 64)
        let lane = journal.lane(0)
        var open: [Int: [String]] = [:]
        for step in 0..<500 {
            if Bool.random(using: &random) {
                let keys = (0..<Int.random(in: 1...3, using: &random)).map { "key-\(step)-\($0)" }
                if let slot = lane.begin(keys) {
                    open[slot] = keys
                } else {
                    #expect(lane.freeSlots < keys.count)
                }
            } else if let slot = open.keys.sorted().randomElement(using: &random) {
                lane.end(slot)
                open[slot] = nil
            }
            #expect(lane.freeSlots == 64 - open.values.reduce(0) { $0 + $1.count })
        }
        #expect(try WriteJournal(path: path, lanes: 1).recovered == open.values.flatMap { $0 }.sorted())
    }

    @Test("a key at the bound is kept whole, a longer one as a prefix and a hash of all of it")
    func longKeys() throws {
        let folder = try TemporaryDirectory()
        let path = folder.file("journal")
        let whole = String(repeating: "k", count: 150)
        let long = String(repeating: "열쇠", count: 40)
        let other = long + "x"
        let journal = try WriteJournal(path: path, lanes: 1)
        let lane = journal.lane(0)
        for key in [whole, long, other, ""] { _ = lane.begin(key) }
        let recovered = try WriteJournal(path: path, lanes: 1).recovered
        #expect(Set(recovered) == [whole, WriteJournal.storedForm(long), WriteJournal.storedForm(other), ""])
        #expect(WriteJournal.storedForm(long) != WriteJournal.storedForm(other))
        #expect(WriteJournal.storedForm(long).utf8.count <= 150)
        #expect(WriteJournal.storedForm(whole) == whole)
    }

    @Test("a file that is no journal is refused")
    func refusal() throws {
        let folder = try TemporaryDirectory()
        let path = try folder.write(String(repeating: "x", count: 8_192), to: "journal")
        #expect(throws: StateError.self) { try WriteJournal(path: path, lanes: 1) }
    }
}

@Suite("Names of evidence")
struct EvidenceIDTests {
    @Test("UUID version 7, rising, also when the clock stands or goes back")
    func rising() throws {
        let now: Int64 = 1_770_000_000_123_456
        let ids = (0..<2_000).map { EvidenceID.next(nowMicroseconds: now - Int64($0)) }
        #expect(ids == ids.sorted())
        #expect(Set(ids).count == ids.count)
        for id in ids {
            let uuid = try #require(UUID(uuidString: id))
            #expect(uuid.uuid.6 >> 4 == 7)
            #expect(uuid.uuid.8 >> 6 == 2)
            #expect(id == id.lowercased())
        }
    }
}

@Suite("Latencies in buckets")
struct LatencyHistogramTests {
    @Test("a percentile is within 0.1 % of the exact one, never below it", arguments: 0..<5)
    func precision(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        var histogram = LatencyHistogram()
        var values: [Int] = []
        for _ in 0..<5_000 {
            let value = Int.random(in: 0...(1 << Int.random(in: 0...25, using: &random)), using: &random)
            histogram.record(microseconds: value)
            values.append(value)
        }
        values.sort()
        for perMille in [1, 500, 900, 990, 999, 1_000] {
            let exact = values[max(0, (values.count * perMille + 999) / 1_000 - 1)]
            let shown = histogram.percentile(perMille: perMille)
            #expect(shown >= exact && shown <= exact + exact / 500 + 1, "\(perMille): \(shown) for \(exact)")
        }
        #expect(histogram.count == values.count)
        #expect(histogram.sumMicroseconds == values.reduce(0, +))
        let cumulative = histogram.cumulative(boundsMicroseconds: [1_000, 100_000, 60_000_000])
        #expect(cumulative == cumulative.sorted())
        #expect(cumulative.first == values.count { $0 <= 1_000 })
        #expect(cumulative.last == values.count)
    }

    @Test("edges: nothing, zero, negative, the bound and beyond; merging adds")
    func edges() {
        var histogram = LatencyHistogram()
        #expect(histogram.percentile(perMille: 500) == 0)
        for value in [0, -5, 1_023, 1_024, 59_999_999, 60_000_000, Int.max] { histogram.record(microseconds: value) }
        #expect(histogram.percentile(perMille: 1_000) == 60_000_000)
        #expect(histogram.percentile(perMille: 1) == 0)
        var sum = histogram
        sum.merge(histogram)
        #expect(sum.count == 14)
        #expect(sum.percentile(perMille: 500) == histogram.percentile(perMille: 500))
    }
}
