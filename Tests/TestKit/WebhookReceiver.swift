/// A receiver of notices: records each, answers as told (200 unless a script says otherwise).
public struct WebhookReceiver: Sendable {
    public let side: StubSide

    /// `status` is asked for each notice, in order of arrival.
    public static func start(status: @escaping @Sendable (SeenRequest) -> Int = { _ in 200 }) async throws -> WebhookReceiver {
        WebhookReceiver(side: try await StubSide.start { [.send(StubAnswer.json(status($0), "{}"))] })
    }

    public var url: String { "http://127.0.0.1:\(side.port)/hook" }
    public var notices: [SeenRequest] { side.seen }

    /// Waits until that many notices have come.
    public func notices(atLeast count: Int, within seconds: Int = 20) async throws -> [SeenRequest] {
        try await eventually("\(count) notices at the receiver", within: seconds) { side.seen.count >= count }
        return side.seen
    }
}
