import NIOCore

/// A request's bytes: everything but two numbers stands ready, so that composing one is a few copies.
struct RequestComposer: Sendable {
    private let beforeAccount: [UInt8]
    private let accountDigits: Int?
    private let beforeKey: [UInt8]
    private let afterKey: [UInt8]
    private let accounts: AccountSequence

    /// Digits of the request's number in its idempotency key: all keys are equally long.
    private static let keyDigits = 10

    /// `run` tells the keys of this run from those of any other.
    init(
        method: String, path: PathTemplate, body: [UInt8], host: String, accounts: AccountSequence,
        run: String
    ) {
        beforeAccount = Array("\(method) ".utf8) + path.before
        accountDigits = path.digits
        var head = path.after + Array(" HTTP/1.1\r\nHost: \(host)\r\n".utf8)
        if !body.isEmpty { head += Array("Content-Type: application/json\r\nContent-Length: \(body.count)\r\n".utf8) }
        beforeKey = head + Array("Idempotency-Key: \(run)-".utf8)
        afterKey = Array("\r\n\r\n".utf8) + body
        self.accounts = accounts
    }

    /// Replaces the buffer's content; its storage is used again when nobody else holds it.
    func compose(_ request: Int, into buffer: inout ByteBuffer) {
        buffer.clear(minimumCapacity: beforeAccount.count + beforeKey.count + afterKey.count + 40)
        buffer.writeBytes(beforeAccount)
        if let accountDigits { Self.write(accounts.account(of: request), digits: accountDigits, into: &buffer) }
        buffer.writeBytes(beforeKey)
        Self.write(request, digits: Self.keyDigits, into: &buffer)
        buffer.writeBytes(afterKey)
    }

    /// Decimal, zeros in front up to that width.
    private static func write(_ number: Int, digits: Int, into buffer: inout ByteBuffer) {
        var width = digits
        var bound = 1
        for _ in 0..<digits { bound *= 10 }
        while number >= bound, width < 19 {
            width += 1
            bound = width == 19 ? Int.max : bound * 10
        }
        buffer.writeWithUnsafeMutableBytes(minimumWritableBytes: width) { bytes in
            var rest = number
            var place = width
            while place > 0 {
                place -= 1
                bytes[place] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10)
                rest /= 10
            }
            return width
        }
    }
}
