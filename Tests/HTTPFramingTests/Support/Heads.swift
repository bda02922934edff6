import HTTPFraming
import NIOCore

struct NoHead: Error {}

/// The head of the first request in these bytes.
func requestHead(_ bytes: String) throws -> RequestHead {
    var parser = RequestParser()
    var buffer = ByteBuffer(string: bytes)
    guard case .head(let head) = parser.next(from: &buffer) else { throw NoHead() }
    return head
}

/// The head of the first final answer in these bytes.
func responseHead(_ bytes: String, toHead: Bool = false) throws -> ResponseHead {
    var parser = ResponseParser()
    parser.expect(head: toHead)
    var buffer = ByteBuffer(string: bytes)
    guard case .head(let head) = parser.next(from: &buffer) else { throw NoHead() }
    return head
}

extension ByteBuffer {
    var text: String { String(buffer: self) }
}
