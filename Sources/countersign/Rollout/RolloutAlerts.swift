import Alerting
import Comparison
import Logging
import Migration
import RolloutControl
import Verdicts

/// Brings a rollout's notices to the alert channels: into the outbox that the proxies share, or, while that is away, into this proxy's own.
struct RolloutAlerts: RolloutTeller {
    let plan: String
    let desk: IncidentDesk
    let store: any SQLStore
    /// Files news in the store that the proxies share; nil for a proxy on its own.
    let share: (@Sendable (RolloutNews) async throws -> Void)?
    let logger: Logger

    func tell(
        _ notice: RolloutNotice, kind: RolloutNoticeKind, audience: String, stage: String, head: AuditHead, stop: StopFacts
    ) async {
        logger.log(level: notice.severity == .information ? .notice : .warning, "\(notice.text) [audit \(head)]")
        var news = RolloutNews(
            plan: plan, notice: notice, kind: kind, stop: stop,
            standing: NoticeStanding(stage: stage, audience: audience, auditHead: head.description),
            at: SystemTime.microseconds())
        guard let share else { return await tellHere(news) }
        // What was told here while the shared state was away is open here.
        news.isToldElsewhere = await closeHere(news)
        do {
            try await share(news)
        } catch {
            logger.warning("a notice of the rollout goes out from here alone: the shared state does not take it (\(error))")
            if !news.isToldElsewhere { await tellHere(news) }
        }
    }

    private func tellHere(_ news: RolloutNews) async {
        do {
            try await store.write { [desk] connection in try news.file(with: desk, on: connection) }
            desk.committed()
        } catch {
            logger.error("a notice of the rollout could not be stored, and nobody is told: \(error)")
        }
    }

    /// Whether it ended something in this proxy's own store, and was told there.
    private func closeHere(_ news: RolloutNews) async -> Bool {
        guard news.ends != nil else { return false }
        do {
            let isTold = try await store.write { [desk] connection in try news.close(with: desk, on: connection) }
            if isTold { desk.committed() }
            return isTold
        } catch {
            logger.error("what this proxy told of the rollout stays open: \(error)")
            return false
        }
    }
}

/// One notice as the alert channel takes it.
struct RolloutNews: Sendable {
    let plan: String
    let notice: RolloutNotice
    let kind: RolloutNoticeKind
    let stop: StopFacts
    let standing: NoticeStanding
    /// Microseconds since 1970.
    let at: Int64
    /// Whether another store has told it, so that it is not told once more where it ends nothing.
    var isToldElsewhere = false

    /// What it ends: a kill's release leaves a rollback's latch on.
    var ends: RolloutIncident.Kind? {
        switch kind {
        case .resumed: .rollback
        case .released: .kill
        default: nil
        }
    }

    /// In a transaction of the desk's store, which may be carried out more than once.
    func file(with desk: IncidentDesk, on connection: any SQLConnection) throws {
        switch kind {
        case .resumed, .released:
            // After a pause alone there is nothing that ends, and people want to know that it goes on.
            if try !close(with: desk, on: connection), !isToldElsewhere { try tell(.warning, desk, connection) }
        case .rollback: try tell(.rollback, desk, connection)
        case .kill: try tell(.kill, desk, connection)
        case .promotion: try tell(.promotion, desk, connection)
        case .approval: try tell(.approval, desk, connection)
        case .warning: try tell(.warning, desk, connection)
        case .retired: try tell(.retired, desk, connection)
        }
    }

    /// - Returns: whether anything was open that it ends.
    func close(with desk: IncidentDesk, on connection: any SQLConnection) throws -> Bool {
        guard let ends else { return false }
        return try desk.resolveRollout(plan: plan, ends, reason: notice.text, at: at, on: connection)
    }

    private func tell(_ kind: RolloutIncident.Kind, _ desk: IncidentDesk, _ connection: any SQLConnection) throws {
        _ = try desk.tell(
            RolloutIncident(
                kind: kind, severity: severity, plan: plan, summary: notice.text, operations: stop.operations, place: stop.place,
                affectedKeys: stop.affectedKeys, standing: standing, at: at), on: connection)
    }

    private var severity: Severity {
        switch notice.severity {
        case .information: .minor
        case .warning: .major
        case .critical: .critical
        }
    }
}
