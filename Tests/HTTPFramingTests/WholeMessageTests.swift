import NIOCore
import Testing

@testable import HTTPFraming

/// The short way for messages that come in one piece must read what the long way reads, and leave all else to it.
@Suite("Messages in one piece")
struct WholeMessageTests {
    static let bodyBytesMax = 1_000

    /// What the step-by-step parser makes of the first message, if it is whole.
    private static func stepwise(_ bytes: [UInt8]) -> (head: RequestHead, body: [UInt8], rest: Int)? {
        var parser = RequestParser()
        var buffer = ByteBuffer(bytes: bytes)
        guard case .head(let head) = parser.next(from: &buffer) else { return nil }
        var body: [UInt8] = []
        while true {
            switch parser.next(from: &buffer) {
            case .body(let part): body += part.readableBytesView
            case .end: return (head, body, buffer.readableBytes)
            case .needMore, .head, .failure: return nil
            }
        }
    }

    private static func same(_ left: RequestHead, _ right: RequestHead) -> Bool {
        left.method == right.method && left.target == right.target && left.path == right.path && left.host == right.host
            && left.minorVersion == right.minorVersion && left.fields == right.fields && left.framing == right.framing
            && left.keepAlive == right.keepAlive && left.expectsContinue == right.expectsContinue
            && left.hasIdempotencyKey == right.hasIdempotencyKey
            && left.connectionNamesFields == right.connectionNamesFields
    }

    /// True when the short way was taken.
    @discardableResult
    private func judge(_ bytes: [UInt8], _ parser: inout RequestParser) -> Bool {
        let whole = bytes.withUnsafeBytes { parser.nextWhole($0, bodyBytesMax: Self.bodyBytesMax) }
        let slow = Self.stepwise(bytes)
        guard let whole else {
            // What it leaves alone is chunked, large, begins with an empty line, or is not whole or sound.
            guard let slow, bytes.first != 0x0D else { return false }
            if case .chunked = slow.head.framing { return false }
            #expect(slow.body.count > Self.bodyBytesMax, "left alone: \(latin1(bytes).debugDescription)")
            return false
        }
        guard let slow else {
            Issue.record("taken, but not by the long way: \(latin1(bytes).debugDescription)")
            return true
        }
        #expect(Self.same(whole.head, slow.head), "\(latin1(bytes).debugDescription)")
        #expect(Array(bytes[whole.headLength..<whole.headLength + whole.bodyLength]) == slow.body)
        #expect(bytes.count - whole.headLength - whole.bodyLength == slow.rest)
        return true
    }

    @Test("the rules' examples and the desync corpus")
    func corpora() throws {
        var parser = RequestParser()
        var taken = 0
        for bytes in MutationTests.requests + (try DesyncCase.all().map(\.bytes)) where judge(bytes, &parser) { taken += 1 }
        #expect(taken >= 30)
    }

    @Test("damaged requests, one parser for all of them", arguments: MutationTests.seeds)
    func damaged(_ seed: UInt64) {
        var mutator = Mutator(seed: seed, corpus: MutationTests.requests)
        var parser = RequestParser()
        for _ in 0..<MutationTests.perSeed { judge(mutator.next(), &parser) }
    }

    @Test("a request cut anywhere is left alone, and read the long way")
    func cut() {
        let bytes = Array("POST /a HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n\r\nabc".utf8)
        var parser = RequestParser()
        for length in 0..<bytes.count {
            #expect(bytes[..<length].withUnsafeBytes { parser.nextWhole($0, bodyBytesMax: 3) } == nil)
        }
        #expect(bytes.withUnsafeBytes { parser.nextWhole($0, bodyBytesMax: 2) } == nil)
        #expect(bytes.withUnsafeBytes { parser.nextWhole($0, bodyBytesMax: 3) } != nil)
    }

    @Test("answers, whether the head was seen before or not", arguments: MutationTests.seeds)
    func answers(_ seed: UInt64) {
        var mutator = Mutator(seed: seed, corpus: MutationTests.answers)
        var fast = ResponseParser()
        for _ in 0..<MutationTests.perSeed {
            let bytes = mutator.next()
            // Twice: the second time the head is known.
            for _ in 0..<2 {
                fast.expect(head: false)
                guard let whole = bytes.withUnsafeBytes({ fast.nextWhole($0, bytesMax: Self.bodyBytesMax) }) else { continue }
                let read = readAnswers([bytes], toHead: false, thenClosed: false)
                guard let first = read.messages.first, first.isWhole else {
                    Issue.record("taken, but not by the long way: \(latin1(bytes).debugDescription)")
                    continue
                }
                #expect(Array(bytes[whole.headLength..<whole.headLength + whole.bodyLength]) == first.body)
                let head = whole.head.moved(to: ByteBuffer(bytes: bytes[..<whole.headLength]))
                #expect(head.exactFields == first.fields, "\(latin1(bytes).debugDescription)")
                #expect(head.keepAlive == first.keepAlive && head.framing == first.framing)
            }
        }
    }

    @Test("an answer to HEAD, an interim one, a chunked one and one without a length are left alone")
    func leftAlone() {
        let head = "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n"
        func takes(_ text: String, toHead: Bool = false) -> Bool {
            var parser = ResponseParser()
            parser.expect(head: toHead)
            return Array(text.utf8).withUnsafeBytes { parser.nextWhole($0, bytesMax: 100) } != nil
        }
        #expect(takes(head + "abc"))
        #expect(takes("HTTP/1.1 204 No Content\r\n\r\n"))
        #expect(!takes(head, toHead: true))
        #expect(!takes(head + "ab"))
        #expect(!takes("HTTP/1.1 100 Continue\r\n\r\n" + head + "abc"))
        #expect(!takes("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"))
        #expect(!takes("HTTP/1.1 200 OK\r\n\r\nabc"))
        #expect(!takes("HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n" + String(repeating: "x", count: 99)))
    }

    @Test("every split point of every example reads the same")
    func everySplit() throws {
        for bytes in MutationTests.requests + (try DesyncCase.all().map(\.bytes)) where bytes.count < 400 {
            let whole = readRequests([bytes])
            for at in 1..<max(bytes.count, 1) {
                let parts = [Array(bytes[..<at]), Array(bytes[at...])]
                #expect(readRequests(parts) == whole, "cut at \(at): \(latin1(bytes).debugDescription)")
            }
        }
    }

    @Test("the end of a value is found eight bytes at a time as it is one by one")
    func valueEnds() {
        var generator = SplitMix64(seed: 7)
        let choices: [UInt8] = [0x09, 0x0A, 0x0D, 0x00, 0x1F, 0x20, 0x21, 0x41, 0x7E, 0x7F, 0x80, 0xFF]
        for _ in 0..<20_000 {
            var bytes = (0..<Int(generator.next() % 40)).map { _ in
                generator.next() % 8 == 0 ? choices[Int(generator.next() % 12)] : UInt8(ascii: "a")
            }
            bytes += [0x0D, 0x0A]
            let expected = bytes.firstIndex { !isFieldContent($0) }
            #expect(bytes.withUnsafeBytes { endOfFieldContent($0, from: 0) } == expected)
        }
    }

    @Test(
        "hexadecimal digits",
        arguments: [(0, "0000000000000000"), (UInt64.max, "ffffffffffffffff"), (0x0123_4567_89AB_CDEF, "0123456789abcdef")])
    func hexadecimal(_ value: UInt64, _ text: String) {
        var out = ByteBuffer()
        out.append(atMost: 16) { $0.appendHexadecimal(value) }
        #expect(String(buffer: out) == text)
    }
}
