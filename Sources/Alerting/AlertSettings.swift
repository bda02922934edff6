/// Where the rollout stands, as each notice says it.
public struct NoticeStanding: Sendable, Hashable {
    /// `staff 90/10`.
    public var stage: String
    public var audience: String
    /// Sequence number and hash of the audit log's last entry: `12:9f86d081…`; nil without a log.
    public var auditHead: String?

    public init(stage: String, audience: String, auditHead: String? = nil) {
        self.stage = stage
        self.audience = audience
        self.auditHead = auditHead
    }
}

/// When notices are written: what waits for company, what is said again, and how much a channel is told at most.
public struct AlertPace: Sendable, Hashable {
    /// How long the first notice of a group waits for others, unless it is critical.
    public var groupWaitMs = 30_000
    /// Between two notices of a group, unless something critical is new.
    public var groupIntervalMs = 300_000
    /// After so long what is still open is told again.
    public var repeatIntervalMs = 14_400_000
    /// Clean comparisons of its operation since its last disagreement that resolve an incident.
    public var resolveAfter = 1_000
    /// Notices to one channel within ``noticesPerMs``, and as many again of critical news; what is beyond is told together in a digest.
    public var noticesMax = 20
    public var noticesPerMs = 600_000

    public init() {}
}

/// What notices need to know besides the evidence.
public struct AlertSettings: Sendable {
    public var channels: [AlertChannel]
    /// Who is told what; without routes every channel is told everything.
    public var routes: [AlertRoute] = []
    /// Channels for what no route takes, or whose channels are all disabled.
    public var fallback: [String] = []
    public var pace = AlertPace()
    /// Base addresses of the sides, for the commands that reproduce: `http://127.0.0.1:7100`.
    public var legacyURL: String
    public var candidateURL: String
    /// Header names (lower case) that never stand in a notice.
    public var secretHeaders: Set<String>
    /// Where the rollout stood at a moment, microseconds since 1970: asked when a notice's body is written.
    public var standing: @Sendable (_ at: Int64) -> NoticeStanding? = { _ in nil }
    /// For tests: hears of each step that is passed.
    public var pass: @Sendable (AlertStep) -> Void = { _ in }

    public init(
        channels: [AlertChannel], legacyURL: String, candidateURL: String,
        secretHeaders: Set<String> = ["authorization", "cookie", "set-cookie", "proxy-authorization", "x-api-key"]
    ) {
        self.channels = channels
        self.legacyURL = legacyURL
        self.candidateURL = candidateURL
        self.secretHeaders = secretHeaders
    }
}

/// The steps of an alert's way, between any two of which a process may be killed.
public enum AlertStep: String, Sendable, CaseIterable {
    /// The evidence stands in a transaction that is not kept yet.
    case evidenceStored = "evidence-stored"
    case incidentWritten = "incident-written"
    case noticeWritten = "notice-written"
    /// Evidence, incident and notice are kept.
    case committed
    case claimed
    /// The next thing is the attempt.
    case beforeSend = "before-send"
    /// The receiver has answered, and the outbox doesn't know.
    case answered
    /// The outbox knows.
    case settled
}
