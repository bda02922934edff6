import HTTPFraming
import NIOCore
import NIOEmbedded
import NIOHTTP1

/// What NIOHTTP1's decoder makes of the same bytes: whole messages, and whether it refused something after them.
struct NIOReading {
    var messages: [ReadRequest] = []
    var isRefused = false

    init(_ bytes: [UInt8]) {
        let channel = EmbeddedChannel()
        let decoder = ByteToMessageHandler(HTTPRequestDecoder(leftOverBytesStrategy: .dropBytes))
        var current: ReadRequest?
        do {
            try channel.pipeline.syncOperations.addHandler(decoder)
            try channel.writeInbound(ByteBuffer(bytes: bytes))
        } catch { isRefused = true }
        while let part = try? channel.readInbound(as: HTTPServerRequestPart.self) {
            switch part {
            case .head(let head):
                current = ReadRequest(
                    method: head.method.rawValue, target: latin1(head.uri.utf8), minorVersion: head.version.minor,
                    fields: head.headers.map { [latin1($0.name.utf8), latin1($0.value.utf8)] })
            case .body(let body): current?.body += Array(body.readableBytesView)
            case .end:
                guard var whole = current else { continue }
                whole.isWhole = true
                messages.append(whole)
                current = nil
            }
        }
        _ = try? channel.finish(acceptAlreadyClosed: true)
    }
}
