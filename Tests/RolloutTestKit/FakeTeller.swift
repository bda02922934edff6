public import Migration
public import RolloutControl
import Synchronization

/// Keeps what people would be told.
public final class FakeTeller: RolloutTeller {
    public struct Told: Sendable {
        public var notice: RolloutNotice
        public var kind: RolloutNoticeKind
        public var audience: String
        public var stage: String
        public var head: AuditHead
        public var stop: StopFacts
    }

    private let list = Mutex<[Told]>([])

    public init() {}

    public var told: [Told] { list.withLock { $0 } }
    public var kinds: [RolloutNoticeKind] { told.map(\.kind) }

    public func tell(
        _ notice: RolloutNotice, kind: RolloutNoticeKind, audience: String, stage: String, head: AuditHead, stop: StopFacts
    ) async {
        let told = Told(
            notice: notice, kind: kind, audience: audience, stage: stage, head: head, stop: stop)
        list.withLock { $0.append(told) }
    }
}
