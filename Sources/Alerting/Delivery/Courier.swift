public import Outbound
public import Verdicts

/// Carries notices from the database to their channels: at least once, in order of writing, each channel by itself so that a dead
/// receiver delays nobody else.
///
/// A notice is marked delivered after the receiver's 2xx; a process that dies between the two sends it again with the same
/// `webhook-id`.
///
/// A receiver that fails five times in a row is let rest, for longer each time; what has waited meanwhile is told in a digest once it answers
/// again. One that says 410 is disabled until somebody enables it.
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
    private let timeoutMs: Int
    private let standing: @Sendable (_ at: Int64) -> NoticeStanding?
    private let pass: @Sendable (AlertStep) -> Void

    /// - Parameters:
    ///   - instance: who claims; the same after a restart, which goes on at once with what it had claimed.
    ///   - claimMicroseconds: how long a claim holds; longer than an attempt takes, which is 15 s at most.
    ///   - nowMicroseconds: the time since 1970.
    ///   - jitterPermille: −200 … 200, drawn for each retry.
    ///   - standing: for digests.
    ///   - pass: hears of each step that is passed.
    ///   - lookAgainMicroseconds: how often to look for notices that another process put back (`alerts replay`).
    ///   - timeoutMs: of one attempt.
    public init(
        store: any SQLStore, channels: [AlertChannel], client: OutboundClient, instance: String = "self",
        claimMicroseconds: Int64 = 30_000_000, nowMicroseconds: @escaping @Sendable () -> Int64 = SystemTime.microseconds,
        jitterPermille: @escaping @Sendable () -> Int64 = { Int64.random(in: -200...200) },
        standing: @escaping @Sendable (_ at: Int64) -> NoticeStanding? = { _ in nil },
        pass: @escaping @Sendable (AlertStep) -> Void = { _ in },
        lookAgainMicroseconds: Int64 = 2_000_000, timeoutMs: Int = 15_000
    ) {
        self.standing = standing
        self.timeoutMs = timeoutMs
        self.pass = pass
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
                pass(.claimed)
                pass(.beforeSend)
                let outcome = await attempt(notice, channel)
                if Task.isCancelled, case .failed = outcome { return nil }
                pass(.answered)
                try await settle(notice, outcome, channel)
                pass(.settled)
            } catch {
                // The database is away: nothing is lost, the notice stays where it is. Look again in a second.
                return nowMicroseconds() + 1_000_000
            }
        }
        return nil
    }

    private static let pauseAfterLostClaim: Int64 = 50_000

    /// When the next notice is due, or the next claim of another courier runs out, or the channel has rested; nil for a disabled one.
    private func earliest(_ channel: String) async throws -> Int64? {
        let instance = instance
        return try await store.read { connection in
            let state = try ChannelState.of(channel, connection)
            guard state?.disabledAt == nil else { return nil }
            let due = try connection.rows(
                """
                SELECT CASE WHEN claimed_by <> ? AND claimed_until > next_attempt_at THEN claimed_until ELSE next_attempt_at END AS due
                FROM notice WHERE channel = ? AND state = 'waiting' AND folded_into IS NULL ORDER BY due LIMIT 1
                """, [.text(instance), .text(channel)]
            ).first.map { try $0.integer(0) }
            return due.map { max($0, state?.pausedUntil ?? 0) }
        }
    }

    /// Takes the notice that has been due for longest.
    private func claim(_ channel: String) async throws -> NoticeRow? {
        let now = nowMicroseconds()
        let (instance, until) = (instance, now + claimMicroseconds)
        return try await store.write { connection in
            if let state = try ChannelState.of(channel, connection), state.disabledAt != nil || state.pausedUntil > now {
                return nil
            }
            return try connection.rows(
                """
                UPDATE notice SET claimed_by = ?, claimed_until = ? WHERE id = (
                    SELECT id FROM notice WHERE channel = ? AND state = 'waiting' AND folded_into IS NULL AND next_attempt_at <= ?
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
            body: notice.body, webhookID: notice.webhookID, to: channel, client: client, nowMicroseconds: nowMicroseconds(),
            timeoutMs: timeoutMs)
    }

    /// One attempt with one body.
    static func deliver(
        body: String, webhookID: String, to channel: AlertChannel, client: OutboundClient, nowMicroseconds now: Int64,
        timeoutMs: Int = 15_000
    ) async -> DeliverySchedule.Outcome {
        let timestamp = now / 1_000_000
        var headers = [
            ("Content-Type", channel.format.contentType), ("User-Agent", "countersign"), ("webhook-id", webhookID),
            ("webhook-timestamp", String(timestamp)),
        ]
        if !channel.secrets.isEmpty {
            let signature = WebhookSignature.header(id: webhookID, timestamp: timestamp, body: body, secrets: channel.secrets)
            headers.append(("webhook-signature", signature))
        }
        let request = OutboundRequest(
            method: "POST", url: channel.url, headers: headers, body: Array(body.utf8), timeoutMs: timeoutMs,
            connectTimeoutMs: min(timeoutMs, 5_000), answerBytesMax: 65_536, dropsAnswerBody: true,
            addressPolicy: .publicAnd(channel.networks))
        do {
            let answer = try await client.send(request)
            return DeliverySchedule.outcome(
                status: answer.status, retryAfterSeconds: RetryAfter.seconds(answer.header("retry-after"), nowMicroseconds: now))
        } catch {
            switch error.code {
            case .addressForbidden:
                return .refused(
                    error.sentence
                        + " Private networks that are meant are listed under the channel's `allow-networks`; link-local and metadata addresses are "
                        + "never reached.")
            case .badURL: return .refused(error.sentence)
            default: return .failed(error.sentence, retryAfterSeconds: nil)
            }
        }
    }

    private func settle(_ notice: NoticeRow, _ outcome: DeliverySchedule.Outcome, _ channel: AlertChannel) async throws {
        let now = nowMicroseconds()
        let attempts = notice.attempts + 1
        let next = DeliverySchedule.next(after: outcome, attempts: attempts, jitterPermille: jitterPermille())
        let (instance, standing) = (instance, standing)
        try await store.write { connection in
            let mine = "claimed_by = NULL, claimed_until = NULL WHERE id = ? AND claimed_by = ? RETURNING id"
            let changed: [SQLRow]
            switch next {
            case .delivered, .dead:
                changed = try connection.rows(
                    "UPDATE notice SET state = ?, attempts = ?, last_outcome = ?, ended_at = ?, \(mine)",
                    [
                        .text(next == .dead ? "dead" : "delivered"), SQLValue(attempts), .text(outcome.text), .integer(now),
                        .integer(notice.id), .text(instance),
                    ])
            case .again(let microseconds):
                changed = try connection.rows(
                    "UPDATE notice SET attempts = ?, last_outcome = ?, next_attempt_at = ?, \(mine)",
                    [SQLValue(attempts), .text(outcome.text), .integer(now + microseconds), .integer(notice.id), .text(instance)])
            }
            // Whose claim ran out meanwhile has nothing to say any more: another courier has the notice.
            guard !changed.isEmpty else { return }
            try CourierBooks(connection: connection, channel: channel, now: now).note(
                outcome, of: notice, isOver: next == .delivered || next == .dead, { standing(now) })
        }
    }
}
