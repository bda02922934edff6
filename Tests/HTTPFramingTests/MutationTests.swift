import HTTPFraming
import NIOCore
import Testing

/// Laws that hold for any bytes, shown on damaged messages.
@Suite("Damaged messages")
struct MutationTests {
    static let seeds: [UInt64] = [1, 2, 3, 4]
    static let perSeed = 400

    static let requests = (RequestRulesTests.accepted.map(\.bytes) + RequestRulesTests.all.map(\.bytes))
        .map { Array($0.utf8) }.filter { $0.count < 600 }
    static let answers = (ResponseRulesTests.sound.map(\.bytes) + ResponseRulesTests.refusals.map(\.bytes))
        .map { Array($0.utf8) }.filter { $0.count < 600 }

    @Test("requests read the same however they are cut", arguments: seeds)
    func requestsInPieces(_ seed: UInt64) {
        var mutator = Mutator(seed: seed, corpus: Self.requests)
        for _ in 0..<Self.perSeed {
            let bytes = mutator.next()
            let whole = readRequests([bytes])
            #expect(readRequests(bytes.map { [$0] }) == whole, "\(latin1(bytes).debugDescription)")
            #expect(readRequests(mutator.cut(bytes)) == whole, "\(latin1(bytes).debugDescription)")
        }
    }

    @Test("answers read the same however they are cut", arguments: seeds)
    func answersInPieces(_ seed: UInt64) {
        var mutator = Mutator(seed: seed, corpus: Self.answers)
        for _ in 0..<Self.perSeed {
            let bytes = mutator.next()
            for toHead in [false, true] {
                let whole = readAnswers([bytes], toHead: toHead, thenClosed: true)
                let pieces = mutator.cut(bytes)
                #expect(readAnswers(pieces, toHead: toHead, thenClosed: true) == whole, "\(latin1(bytes).debugDescription)")
            }
        }
    }

    @Test("whatever is forwarded is one whole message to us and to NIOHTTP1, framed as we say", arguments: seeds)
    func forwarded(_ seed: UInt64) {
        var mutator = Mutator(seed: seed, corpus: Self.requests)
        var forwarded = 0
        for _ in 0..<Self.perSeed {
            var parser = RequestParser()
            var buffer = ByteBuffer(bytes: mutator.next())
            guard case .head(let head) = parser.next(from: &buffer) else { continue }
            var out = ByteBuffer()
            RequestWriter(trusted: false).write(
                head, body: .length(3), clientAddress: Array("::1".utf8), trace: RequestWriterTests.ids, into: &out)
            RequestWriter.close(&out)
            let bytes = Array(out.readableBytesView) + Array("abc".utf8)
            let read = readRequests([bytes])
            #expect(read.refusal == nil && read.messages.map(\.isWhole) == [true], "\(latin1(bytes).debugDescription)")
            #expect(read.messages.first?.body == Array("abc".utf8))
            #expect(read.messages.first?.endsConnection == false)
            switch NIOComparison(bytes) {
            case .same, .looser(.methodOutsideItsList), .looser(.unescapedTarget): forwarded += 1
            case let other: Issue.record("\(other) <- \(latin1(bytes).debugDescription)")
            }
        }
        #expect(forwarded > Self.perSeed / 10)
    }
}
