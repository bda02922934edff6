import NIOCore

/// A side's answers, composed once: every connection sends the same storage.
struct SideAnswers: Sendable {
    let healthy: ByteBuffer
    let large: ByteBuffer
    let halfOfHealthy: ByteBuffer
    let endlessHead: ByteBuffer
    let endlessChunk: ByteBuffer

    /// - Parameters:
    ///   - body: of healthy answers.
    ///   - largeBody: of large ones.
    init(body: [UInt8], largeBody: [UInt8]) {
        healthy = Self.answer("201 Created", body)
        large = Self.answer("200 OK", largeBody)
        halfOfHealthy = healthy.getSlice(at: 0, length: healthy.readableBytes - body.count / 2 - 1) ?? healthy
        endlessHead = ByteBuffer(
            string: "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n[\r\n")
        let piece = String(repeating: "\"for ever\",", count: 1_000)
        endlessChunk = ByteBuffer(string: "\(String(piece.utf8.count, radix: 16))\r\n\(piece)\r\n")
    }

    private static func answer(_ status: String, _ body: [UInt8]) -> ByteBuffer {
        var buffer = ByteBuffer()
        buffer.writeString("HTTP/1.1 \(status)\r\nContent-Type: application/json\r\nContent-Length: \(body.count)\r\n\r\n")
        buffer.writeBytes(body)
        return buffer
    }

    /// The payout that the bank would answer with; `variant` stands in its identifier and nowhere else.
    static func payout(variant: String) -> [UInt8] {
        Array(
            #"{"payoutId":"p-\#(variant)","accountId":"1000-0000-0001","businessDate":"2026-03-02","period":{"from":"2026-03-01","#
                .utf8)
            + Array(
                #""to":"2026-03-01","days":1},"grossInterest":5479,"incomeTax":760,"localIncomeTax":70,"netInterest":4649,"#.utf8)
            + Array(
                #""balanceAfter":100004649,"heldAmount":0,"currency":"KRW","processedAt":"2026-03-02T09:00:00+09:00"}"#.utf8)
    }

    /// A JSON document of so many bytes (at least a few hundred): a statement with as many entries as fit, and a padding text that makes the size
    /// exact. `variant` stands in `payoutId` and nowhere else.
    static func statement(bytes: Int, variant: String) -> [UInt8] {
        var document = Array(#"{"payoutId":"p-\#(variant)","accountId":"1000-0000-0001","entries":["#.utf8)
        let afterEntries = Array(#"],"padding":""#.utf8)
        let end = Array(#""}"#.utf8)
        var number = 0
        while true {
            let entry = Array(
                #"{"id":\#(number),"date":"2026-03-02","kind":"INTEREST","amount":\#(5_479 + number),"balance":\#(100_000_000 + number * 37)}"#
                    .utf8)
            guard document.count + entry.count + 1 + afterEntries.count + end.count <= bytes else { break }
            if number > 0 { document.append(UInt8(ascii: ",")) }
            document += entry
            number += 1
        }
        document += afterEntries
        let padding = bytes - document.count - end.count
        if padding > 0 { document += [UInt8](repeating: UInt8(ascii: "x"), count: padding) }
        return document + end
    }
}
