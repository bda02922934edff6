public import Outbound
import Synchronization
public import Verdicts

/// Carries notices from the database to their channels: at least once, in order of writing, each channel by itself so that a dead
/// receiver delays nobody else.
///
/// A notice is marked delivered after the receiver's 2xx; a process that dies between the two sends it again with the same
/// `webhook-id`.
///
/// Couriers of several proxies may share a store. Each takes a notice by claiming it for a while; a claim that ran out, since its holder was
/// killed, is anyone's.
public final class Courier: Sendable {
    private let store: any SQLStore
    private let channels: [AlertChannel]
    private let client: OutboundClient
    private let nowMicroseconds: @Sendable () -> Int64
    private let jitterPermille: @Sendable () -> Int64
    private let bells: [String: Bell]
    private let lookAgainMicroseconds: Int64
    private let instance: String
    private let claimMicroseconds: Int64

    /// - Parameters:
    ///   - instance: who claims; the same after a restart, which goes on at once with what it had claimed.
    ///   - claimMicroseconds: how long a claim holds; longer than an attempt takes, which is 15 s at most.
    ///   - nowMicroseconds: the time since 1970.
    ///   - jitterPermille: −200 … 200, drawn for each retry.
    ///   - lookAgainMicroseconds: how often to look for notices that another process put back (`alerts replay`).
    public init(
        store: any SQLStore, channels: [AlertChannel], client: OutboundClient, instance: String = "self",
        claimMicroseconds: Int64 = 30_000_000, nowMicroseconds: @escaping @Sendable () -> Int64 = SystemTime.microseconds,
        jitterPermille: @escaping @Sendable () -> Int64 = { Int64.random(in: -200...200) },
        lookAgainMicroseconds: Int64 = 2_000_000
    ) {
        self.store = store
        self.instance = instance
        self.claimMicroseconds = claimMicroseconds
        self.channels = channels
        self.client = client
        self.nowMicroseconds = nowMicroseconds
        self.jitterPermille = jitterPermille
        self.lookAgainMicroseconds = lookAgainMicroseconds
        self.bells = Dictionary(channels.map { ($0.name, Bell()) }, uniquingKeysWith: { first, _ in first })
    }

    /// Says that notices were written.
    public func wake() { for bell in bells.values { bell.ring() } }

    /// Delivers until cancelled.
    public func run() async {
        await withTaskGroup(of: Void.self) { group in
            for channel in channels {
                guard let bell = bells[channel.name] else { continue }
                group.addTask { [self] in
                    while !Task.isCancelled {
                        let next = await deliverDue(to: channel)
                        let due = next.map { max(0, $0 - nowMicroseconds()) } ?? lookAgainMicroseconds
                        await bell.wait(atMostMicroseconds: min(due, lookAgainMicroseconds))
                    }
                }
            }
        }
    }

    /// Tries everything that is due now, on all channels; returns when the earliest of the rest is due (microseconds since 1970), nil
    /// when nothing waits.
    @discardableResult
    public func deliverDue() async -> Int64? {
        await withTaskGroup(of: Int64?.self) { group in
            for channel in channels { group.addTask { [self] in await deliverDue(to: channel) } }
            return await group.reduce(nil) { earliest, next in
                guard let next else { return earliest }
                return earliest.map { min($0, next) } ?? next
            }
        }
    }

    private func deliverDue(to channel: AlertChannel) async -> Int64? {
        while !Task.isCancelled {
            do {
                guard let due = try await earliest(channel.name) else { return nil }
                guard due <= nowMicroseconds() else { return due }
                // Another courier is about to claim it.
                guard let notice = try await claim(channel.name) else { return nowMicroseconds() + Courier.pauseAfterLostClaim }
                let outcome = await attempt(notice, channel)
                if Task.isCancelled, case .failed = outcome { return nil }
                try await settle(notice, outcome)
            } catch {
                // The database is away: nothing is lost, the notice stays where it is. Look again in a second.
                return nowMicroseconds() + 1_000_000
            }
        }
        return nil
    }

    private static let pauseAfterLostClaim: Int64 = 50_000

    /// When the next notice is due, or the next claim of another courier runs out.
    private func earliest(_ channel: String) async throws -> Int64? {
        let instance = instance
        return try await store.read { connection in
            try connection.rows(
                """
                SELECT CASE WHEN claimed_by <> ? AND claimed_until > next_attempt_at THEN claimed_until ELSE next_attempt_at END AS due
                FROM notice WHERE channel = ? AND state = 'waiting' ORDER BY due LIMIT 1
                """, [.text(instance), .text(channel)]
            ).first.map { try $0.integer(0) }
        }
    }

    /// Takes the notice that has been due for longest.
    private func claim(_ channel: String) async throws -> NoticeRow? {
        let now = nowMicroseconds()
        let (instance, until) = (instance, now + claimMicroseconds)
        return try await store.write { connection in
            try connection.rows(
                """
                UPDATE notice SET claimed_by = ?, claimed_until = ? WHERE id = (
                    SELECT id FROM notice WHERE channel = ? AND state = 'waiting' AND next_attempt_at <= ?
                        AND (claimed_by IS NULL OR claimed_by = ? OR claimed_until <= ?)
                    ORDER BY next_attempt_at, id LIMIT 1\(connection.dialect.skippingLocked)
                ) RETURNING \(NoticeRow.columns)
                """,
                [.text(instance), .integer(until), .text(channel), .integer(now), .text(instance), .integer(now)]
            ).first.map { try NoticeRow($0) }
        }
    }

    private func attempt(_ notice: NoticeRow, _ channel: AlertChannel) async -> DeliverySchedule.Outcome {
        await Courier.deliver(
            body: notice.body, webhookID: notice.webhookID, to: channel, client: client, nowMicroseconds: nowMicroseconds())
    }

    /// One attempt with one body.
    static func deliver(
        body: String, webhookID: String, to channel: AlertChannel, client: OutboundClient, nowMicroseconds now: Int64
    ) async -> DeliverySchedule.Outcome {
        let timestamp = now / 1_000_000
        var headers = [
            ("Content-Type", "application/json"), ("User-Agent", "countersign"), ("webhook-id", webhookID),
            ("webhook-timestamp", String(timestamp)),
        ]
        if let secret = channel.secret {
            let signature = WebhookSignature.header(id: webhookID, timestamp: timestamp, body: body, secret: secret)
            headers.append(("webhook-signature", signature))
        }
        let request = OutboundRequest(
            method: "POST", url: channel.url, headers: headers, body: Array(body.utf8), timeoutMs: 15_000,
            connectTimeoutMs: 5_000,
            answerBytesMax: 65_536, addressPolicy: channel.allowPrivate ? .any : .publicOnly)
        do {
            let answer = try await client.send(request)
            return DeliverySchedule.outcome(
                status: answer.status, retryAfterSeconds: RetryAfter.seconds(answer.header("retry-after"), nowMicroseconds: now))
        } catch {
            switch error.code {
            case .addressForbidden, .badURL: return .refused(error.sentence)
            // An answer that is too long may have been a 2xx; nobody can tell, so it goes again and may be a duplicate.
            default: return .failed(error.sentence, retryAfterSeconds: nil)
            }
        }
    }

    private func settle(_ notice: NoticeRow, _ outcome: DeliverySchedule.Outcome) async throws {
        let now = nowMicroseconds()
        let attempts = notice.attempts + 1
        let next = DeliverySchedule.next(after: outcome, attempts: attempts, jitterPermille: jitterPermille())
        let text =
            switch outcome {
            case .delivered(let text), .refused(let text), .failed(let text, _): text
            }
        let instance = instance
        // Whose claim ran out meanwhile has nothing to say any more: another courier has the notice.
        let mine = "claimed_by = NULL, claimed_until = NULL WHERE id = ? AND claimed_by = ?"
        try await store.write { connection in
            switch next {
            case .delivered, .dead:
                try connection.execute(
                    "UPDATE notice SET state = ?, attempts = ?, last_outcome = ?, ended_at = ?, \(mine)",
                    [
                        .text(next == .dead ? "dead" : "delivered"), SQLValue(attempts), .text(text), .integer(now),
                        .integer(notice.id), .text(instance),
                    ])
            case .again(let microseconds):
                try connection.execute(
                    "UPDATE notice SET attempts = ?, last_outcome = ?, next_attempt_at = ?, \(mine)",
                    [SQLValue(attempts), .text(text), .integer(now + microseconds), .integer(notice.id), .text(instance)])
            }
        }
    }
}

/// Wakes one waiting task; a ring while nobody waits is kept.
private final class Bell: Sendable {
    private struct State {
        var isRung = false
        var waiting: CheckedContinuation<Void, Never>?
    }

    private let state = Mutex(State())

    func ring() {
        let waiting = state.withLock { state in
            defer { state.waiting = nil }
            if state.waiting == nil { state.isRung = true }
            return state.waiting
        }
        waiting?.resume()
    }

    /// Until the next ring, or that long.
    func wait(atMostMicroseconds: Int64) async {
        let timer = Task { [self] in
            try? await Task.sleep(for: .microseconds(max(1_000, atMostMicroseconds)))
            if !Task.isCancelled { ring() }
        }
        defer { timer.cancel() }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isRung = state.withLock { state in
                    if state.isRung || Task.isCancelled {
                        state.isRung = false
                        return true
                    }
                    state.waiting = continuation
                    return false
                }
                if isRung { continuation.resume() }
            }
        } onCancel: {
            ring()
        }
    }
}
