/// `HTTP/1.1 201 Created`.
struct AnswerLine: StartLine, Equatable {
    let status: Int

    init?(_ bytes: UnsafeRawBufferPointer) {
        guard bytes.count >= 12, bytes[0..<7].elementsEqual("HTTP/1.".utf8), bytes[8] == UInt8(ascii: " ") else { return nil }
        var status = 0
        for byte in bytes[9..<12] {
            guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else { return nil }
            status = status * 10 + Int(byte - UInt8(ascii: "0"))
        }
        guard status >= 100 else { return nil }
        self.status = status
    }

    var isInterim: Bool { status < 200 }
    var hasNoBody: Bool { status < 200 || status == 204 || status == 304 }
    /// A body up to the connection's end could not be told from one that was cut off.
    static var lengthWhenUnsaid: Int? { nil }
}

/// `POST /v1/accounts/1000-0000-0001/interest-payouts HTTP/1.1`.
struct RequestStartLine: StartLine, Equatable {
    let path: [UInt8]

    init?(_ bytes: UnsafeRawBufferPointer) {
        guard let first = bytes.firstIndex(of: UInt8(ascii: " ")), let last = bytes.lastIndex(of: UInt8(ascii: " ")), first < last
        else { return nil }
        path = Array(bytes[(first + 1)..<last])
    }

    var hasNoBody: Bool { false }
    static var lengthWhenUnsaid: Int? { 0 }
}
