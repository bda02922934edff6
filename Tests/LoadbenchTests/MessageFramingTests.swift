import NIOCore
import Testing

@testable import loadbench

@Suite struct MessageFramingTests {
    private static let stream =
        "HTTP/1.1 100 Continue\r\n\r\n"
        + "HTTP/1.1 201 Created\r\nServer: x\r\ncontent-LENGTH:  5 \r\n\r\nhello"
        + "HTTP/1.1 204 No Content\r\n\r\n"
        + "HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"

    private func read(_ pieces: [String]) throws -> [Int] {
        var framing = MessageFraming<AnswerLine>()
        var statuses: [Int] = []
        for piece in pieces {
            framing.append(ByteBuffer(string: piece))
            while let message = try framing.next() { statuses.append(message.line.status) }
        }
        #expect(!framing.isMidMessage)
        return statuses
    }

    @Test func whole() throws {
        #expect(try read([Self.stream]) == [100, 201, 204, 503])
    }

    @Test func everySplitPoint() throws {
        let bytes = Array(Self.stream.utf8)
        for place in 1..<bytes.count {
            let pieces = [bytes[..<place], bytes[place...]].map { String(decoding: $0, as: UTF8.self) }
            #expect(try read(pieces) == [100, 201, 204, 503])
        }
    }

    @Test func byteByByte() throws {
        #expect(try read(Self.stream.utf8.map { String(decoding: [$0], as: UTF8.self) }) == [100, 201, 204, 503])
    }

    @Test func anAnswerIsWholeWithItsLastByte() throws {
        var framing = MessageFraming<AnswerLine>()
        framing.append(ByteBuffer(string: "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nab"))
        #expect(try framing.next() == nil)
        framing.append(ByteBuffer(string: "c"))
        #expect(try framing.next()?.line.status == 200)
        #expect(try framing.next() == nil)
    }

    @Test func closing() throws {
        var framing = MessageFraming<AnswerLine>()
        framing.append(ByteBuffer(string: "HTTP/1.1 200 OK\r\nConnection: Close\r\nContent-Length: 0\r\n\r\n"))
        #expect(try framing.next()?.closes == true)
        framing.append(ByteBuffer(string: "HTTP/1.1 200 OK\r\nConnection: keep-alive\r\nContent-Length: 0\r\n\r\n"))
        #expect(try framing.next()?.closes == false)
    }

    @Test(arguments: [
        ("HTTP/1.1 200 OK\r\n\r\n", FramingFault.noLength),
        ("HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n", .noLength),
        ("HTTP/1.1 200 OK\r\nContent-Length: 1234567890123456789\r\n\r\n", .noLength),
        ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", .noLength),
        ("HTTP/2 200\r\nContent-Length: 0\r\n\r\n", .noStartLine),
        ("HTTP/1.1 2x0 OK\r\nContent-Length: 0\r\n\r\n", .noStartLine),
        (String(repeating: "x", count: 70_000), .headTooLong),
    ])
    func faults(text: String, fault: FramingFault) {
        var framing = MessageFraming<AnswerLine>()
        framing.append(ByteBuffer(string: text))
        #expect(throws: fault) { try framing.next() }
    }

    @Test func requestsWithAndWithoutBody() throws {
        var framing = MessageFraming<RequestStartLine>()
        framing.append(ByteBuffer(string: "GET /a HTTP/1.1\r\nHost: h\r\n\r\nPOST /b?c HTTP/1.1\r\nContent-Length: 2\r\n\r\n{}"))
        #expect(try framing.next()?.line.path == Array("/a".utf8))
        #expect(try framing.next()?.line.path == Array("/b?c".utf8))
        #expect(try framing.next() == nil)
    }
}
