public import Comparison

/// Everything that the data plane needs to know, checked before it gets here (module ProxyConfiguration reads it from YAML).
public struct ProxyPlan: Sendable {
    public var listen: Endpoint
    /// Whether the callers may set `X-Request-Time` and `X-Shadow-Mode` themselves.
    public var trusted: Bool = false
    /// Nil: callers speak plain HTTP.
    public var tls: ListenerTLS? = nil
    /// Event loops; each has its own listener, connections, queues and counters.
    public var lanes: Int = 1
    public var legacy: SidePlan
    public var candidate: SidePlan
    /// Share of keys that the candidate answers, in thousandths of a per cent: 0 … 100 000.
    public var candidateShare: Int = 0
    /// Salt of the buckets, so that two migrations do not move the same keys first.
    public var salt: String = "countersign"
    /// Matched in order; the first whose method and path template fit is taken.
    public var operations: [OperationPlan]
    /// What a GET or HEAD that no operation names is: `.never`, or `.read` for a run without a file.
    public var unknownSafeMode: OperationMode = .never
    /// How the answers of unnamed reads are compared.
    public var unknownRules: ResponseRules = ResponseRules()
    public var limits: ProxyLimits = ProxyLimits()

    public init(listen: Endpoint, legacy: SidePlan, candidate: SidePlan, operations: [OperationPlan] = []) {
        self.listen = listen
        self.legacy = legacy
        self.candidate = candidate
        self.operations = operations
    }

    /// ``ProxyLimits/writeLandsWithinMs``, or what stands for it.
    var writeLandsWithinMs: Int { limits.writeLandsWithinMs ?? max(legacy.answerTimeoutMs, candidate.answerTimeoutMs) }
}

/// A host and a TCP port.
public struct Endpoint: Sendable, Hashable {
    public var host: String
    public var port: Int

    public init(host: String, port: Int) {
        self.host = host
        self.port = port
    }
}

public struct SidePlan: Sendable {
    public var endpoint: Endpoint
    /// Nil: plain HTTP.
    public var tls: SideTLS? = nil
    /// Until the connection stands, the TLS handshake included.
    public var connectTimeoutMs: Int = 1_000
    /// How long a request may wait for a side that refuses connections, as one that is being restarted does. With it, a request is also given to
    /// another connection when one that was kept open broke; a write only with an idempotency key. 0: not at all.
    public var patienceMs: Int = 0
    /// From the last byte of the request to the last byte of the answer; of an answer that is streamed, from piece to piece.
    public var answerTimeoutMs: Int = 10_000
    /// Connections of one lane to this side, busy and idle together.
    public var connectionsMax: Int = 256
    public var idleTimeoutMs: Int = 30_000

    public init(endpoint: Endpoint) { self.endpoint = endpoint }
}

public enum OperationMode: String, Sendable, CaseIterable {
    case read
    case mirroredWrite = "mirrored-write"
    case never
}

public enum OperationOrder: String, Sendable, CaseIterable {
    case none
    case key
}

/// Where a key's value stands in the request.
public enum KeySource: Sendable, Hashable {
    /// A placeholder of the path template.
    case path(String)
    /// A member of the JSON body: `$.from`.
    case body(String)
    case header(String)
}

public struct OperationPlan: Sendable {
    public var name: String
    public var method: String
    /// `/v1/accounts/{id}/interest`: a placeholder stands for one segment.
    public var pathTemplate: String
    public var mode: OperationMode
    public var keys: [KeySource] = []
    public var order: OperationOrder = .none
    public var rules: ResponseRules = ResponseRules()
    /// Reads only: the share compared, in thousandths of a per cent (100 000 = all). Writes are never sampled away.
    public var sample: Int = 100_000
    /// Answers that say "nothing was done, ask again", by status and the JSON member `code`; the shadow is not asked for them.
    public var notDone: [NotDoneAnswer] = []
    /// Writes only: a GET, with `{key}` for each key in turn, that shows what the write did: `/v1/accounts/{key}`.
    public var readBack: String? = nil

    public init(name: String, method: String, pathTemplate: String, mode: OperationMode) {
        self.name = name
        self.method = method
        self.pathTemplate = pathTemplate
        self.mode = mode
    }
}

public struct NotDoneAnswer: Sendable, Hashable {
    public var status: Int
    /// The value of the problem's member `code`; nil takes every answer of that status.
    public var code: String?

    public init(status: Int, code: String?) {
        self.status = status
        self.code = code
    }
}

/// Every bound of the data plane. A counter says how often each was reached.
public struct ProxyLimits: Sendable {
    public var headBytesMax: Int = 65_536
    /// Beyond it a body is streamed and not compared, in both directions.
    public var bodyBytesMax: Int = 1_048_576
    /// Bodies from this size on are compared off the lane.
    public var offLaneBytesMin: Int = 65_536
    /// Comparisons that may wait for the pool of one lane.
    public var comparisonsWaitingMax: Int = 1_024
    public var comparisonThreads: Int = 1
    /// Requests of one key that may wait for the primary; beyond it 503 with `Retry-After`.
    public var queuedPerKeyMax: Int = 1_024
    /// How long a request may wait for others of its key before it is answered 503 with `Retry-After`.
    public var keyWaitMs: Int = 10_000
    /// Writes of one key that may wait for it to change sides, and how long; beyond it they are answered 503 with `Retry-After`, or, on
    /// their way to the candidate, by the legacy.
    public var handOverWaitingMax: Int = 32
    public var handOverWaitMs: Int = 5_000
    /// Requests that one lane holds for the shadow (waiting and in flight), and their bytes.
    public var shadowBacklogMax: Int = 4_096
    public var shadowBacklogBytesMax: Int = 16_777_216
    /// Answers of shadows that are still being read, in one lane.
    var shadowAnswerBytesMax: Int { max(bodyBytesMax, shadowBacklogBytesMax / 2) }
    /// How often a mismatch on a read is asked again.
    public var recheckTriesMax: Int = 2
    public var recheckDelayMs: Int = 50
    /// How often an unanswered write is asked again of the primary before its key is listed as unverified.
    public var settleTriesMax: Int = 5
    public var settleDelayMs: Int = 200
    /// By when a write that was sent has taken effect at a side or never will, whatever became of who sent it; nil: the longer of both sides'
    /// answer timeouts. Nothing proves a key in doubt before.
    public var writeLandsWithinMs: Int?
    /// How often a missed write is sent again before its key counts as diverged.
    public var catchUpTriesMax: Int = 20
    public var catchUpDelayMs: Int = 200
    public var clientIdleTimeoutMs: Int = 60_000
    public var clientConnectionsMax: Int = 20_000
    /// At a graceful stop: how long to wait for what is in flight.
    public var drainMs: Int = 10_000

    public init() {}
}
