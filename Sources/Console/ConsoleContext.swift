public import Hummingbird
import NIOCore

/// A request's context that knows who asks.
public struct ConsoleContext: RequestContext {
    public var coreContext: CoreRequestContextStorage
    let isFromThisMachine: Bool

    public init(source: ApplicationRequestContextSource) {
        coreContext = CoreRequestContextStorage(source: source)
        isFromThisMachine = Self.isLoopback(source.channel.remoteAddress)
    }

    private static func isLoopback(_ address: SocketAddress?) -> Bool {
        guard let text = address?.ipAddress else { return false }
        return text == "::1" || text.hasPrefix("127.") || text.hasPrefix("::ffff:127.")
    }
}
