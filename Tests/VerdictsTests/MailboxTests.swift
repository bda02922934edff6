import Foundation
import Synchronization
import TestKit
import Testing

@testable import Verdicts

@Suite("What many threads hand to one")
struct MailboxTests {
    @Test("each letter is taken once, and each thread's in its order", arguments: 1...5)
    func everyLetterOnce(round: Int) async throws {
        let box = Mailbox<(thread: Int, number: Int)>()
        let threads = 4
        let letters = 20_000
        let seen = Mutex<[[Int]]>(Array(repeating: [], count: threads))
        let taker = DispatchSemaphore(value: 0)
        Thread {
            while let letters = box.take() {
                seen.withLock { seen in for letter in letters { seen[letter.thread].append(letter.number) } }
            }
            taker.signal()
        }.start()
        let refused = Atomic<Int>(0)
        DispatchQueue.concurrentPerform(iterations: threads) { thread in
            for number in 0..<letters where !box.hand(over: (thread, number)) { refused.add(1, ordering: .relaxed) }
        }
        box.close()
        #expect(taker.wait(timeout: .now() + 30) == .success)
        #expect(refused.load(ordering: .relaxed) == 0)
        #expect(seen.withLock { $0 } == Array(repeating: Array(0..<letters), count: threads))
    }

    @Test("closed while others hand over: what was taken in comes out, what was not is refused", arguments: 1...20)
    func closed(round: Int) {
        let box = Mailbox<Int>()
        let taken = Mutex(0)
        let given = Atomic<Int>(0)
        let taker = DispatchSemaphore(value: 0)
        Thread {
            while let letters = box.take() { taken.withLock { $0 += letters.count } }
            taker.signal()
        }.start()
        DispatchQueue.concurrentPerform(iterations: 4) { thread in
            for number in 0..<2_000 {
                if thread == 0, number == round * 50 { box.close() }
                if box.hand(over: number) { given.add(1, ordering: .relaxed) }
            }
        }
        #expect(taker.wait(timeout: .now() + 30) == .success)
        #expect(taken.withLock { $0 } == given.load(ordering: .relaxed))
        #expect(!box.hand(over: 1))
        #expect(box.take() == nil)
    }

    @Test("letters that nobody takes are let go with the box")
    func letGo() {
        final class Witness: Sendable {
            let ended: @Sendable () -> Void
            init(_ ended: @escaping @Sendable () -> Void) { self.ended = ended }
            deinit { ended() }
        }
        let gone = Mutex(0)
        withExtendedLifetime(gone) {
            let box = Mailbox<Witness>()
            for _ in 0..<3 { #expect(box.hand(over: Witness { gone.withLock { $0 += 1 } })) }
        }
        #expect(gone.withLock { $0 } == 3)
    }
}

@Suite("Columns of recorded requests and answers")
struct RecordedJSONTests {
    @Test(
        "what is written by hand is read back by Foundation",
        arguments: [
            "", "plain", "\"quoted\\\"", "tab\t, line\r\n, bell\u{7}, unit\u{1F}", "이자 지급 🏦", "\u{7F}\u{80}\u{2028}", "a/b",
        ])
    func roundTrip(text: String) throws {
        let request = RecordedRequest(
            method: text, target: text, headers: [[text, text], ["x", ""]], body: [1, 2, 3], instant: text, wholeBodyBytes: 7)
        let read = try RecordedColumns.request(RecordedColumns.withoutBody(request), body: Data([1, 2, 3]))
        #expect([read.method, read.target, read.instant] == [text, text, text])
        #expect(read.headers == request.headers)
        #expect(read.body == [1, 2, 3])
        #expect(read.wholeBodyBytes == 7)

        let answer = RecordedAnswer(side: .candidate, status: 503, headers: [[text, text]], body: [], latencyMicroseconds: 12)
        let other = try RecordedColumns.answer(RecordedColumns.withoutBody(answer), body: Data([9]))
        #expect(other.side == .candidate)
        #expect(other.status == 503)
        #expect(other.headers == answer.headers)
        #expect(other.latencyMicroseconds == 12)
        #expect(other.body == [9])
        #expect(other.wholeBodyBytes == nil)
        #expect(try RecordedColumns.value([String].self, RecordedJSON.list([text, "b"])) == [text, "b"])
        #expect(RecordedJSON.list([]) == "[]")
    }
}
