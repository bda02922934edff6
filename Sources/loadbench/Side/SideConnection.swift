import NIOCore

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// One connection to a stub side: cuts the bytes into requests and treats each by the side's behaviour.
final class SideConnection: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let plan: SidePlan
    private var framing = MessageFraming<RequestStartLine>()
    private var isEndless = false

    init(plan: SidePlan) { self.plan = plan }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        framing.append(unwrapInboundIn(data))
        do {
            while let request = try framing.next() { answer(request.line.path, context) }
        } catch {
            context.close(promise: nil)
        }
    }

    private func answer(_ path: [UInt8], _ context: ChannelHandlerContext) {
        switch plan.behaviour(for: path) {
        case .healthy: send(plan.answers.healthy, context)
        case .large: send(plan.answers.large, context)
        case .slow:
            let channel = context.channel
            let answer = plan.answers.healthy
            context.eventLoop.scheduleTask(in: .milliseconds(Int64(plan.delayMilliseconds))) {
                channel.writeAndFlush(answer, promise: nil)
            }
        case .reset: reset(context)
        case .endless:
            isEndless = true
            send(plan.answers.endlessHead, context)
            goOn(context)
        case .webhookDead: break
        }
    }

    private func send(_ bytes: ByteBuffer, _ context: ChannelHandlerContext) {
        context.writeAndFlush(wrapOutboundOut(bytes), promise: nil)
    }

    /// Half of the answer goes out, then the connection ends with RST instead of FIN.
    private func reset(_ context: ChannelHandlerContext) {
        let channel = context.channel
        send(plan.answers.halfOfHealthy, context)
        // A moment later: RST on the heels of the bytes may make the peer's system throw them away.
        context.eventLoop.scheduleTask(in: .milliseconds(2)) {
            (channel as? any SocketOptionProvider)?.setSoLinger(linger(l_onoff: 1, l_linger: 0))
                .whenComplete { _ in channel.close(promise: nil) }
        }
    }

    private func goOn(_ context: ChannelHandlerContext) {
        while isEndless, context.channel.isActive, context.channel.isWritable { send(plan.answers.endlessChunk, context) }
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) { goOn(context) }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
}
