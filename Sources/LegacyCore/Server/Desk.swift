import InterestContract
import Logging

/// Takes a request from its form (rows 1 and 2 of the checks) to its answer. Never throws: what goes wrong is a problem document.
struct Desk: Sendable {
    let calls: CoreCalls
    let allowFixtures: Bool
    /// Seconds since 1970, for requests without an instant of their own.
    let now: @Sendable () -> Int64
    let logger: Logger

    func answer(_ request: WireCall) async -> StoredAnswer {
        do {
            guard let route = Route(method: request.method, target: request.target) else {
                throw Problem(.notFound, "the contract has no \(request.method) at this path")
            }
            return try await answer(request, at: route)
        } catch let problem as Problem {
            return StoredAnswer(problem)
        } catch {
            if let problem = StoreProblem.of(error, isWriting: request.method == "POST") {
                if problem.code == .serviceUnavailable {
                    logger.warning("call refused for the database's sake", metadata: ["error": "\(error)"])
                }
                return StoredAnswer(problem)
            }
            logger.error("call failed; nothing was booked", metadata: ["error": "\(error)"])
            return StoredAnswer(Problem(.internalError, "the core failed; nothing was booked"))
        }
    }

    private func answer(_ request: WireCall, at route: Route) async throws -> StoredAnswer {
        if route == .fixtures && !allowFixtures {
            throw Problem(.fixturesNotAllowed, "this service was started without --allow-fixtures")
        }
        let (mode, time) = try head(request, route)
        func call() -> Call {
            Call(
                method: request.method, path: request.target, body: request.body, key: request.idempotencyKey, mode: mode,
                time: time)
        }
        switch route {
        case .health:
            try await calls.database.checkPresence()
            return StoredAnswer(status: 200, contentType: "application/json", body: Array(#"{"status":"ok"}"#.utf8))
        case .metrics:
            let metrics = CoreMetrics(calls.database)
            return StoredAnswer(status: 200, contentType: CoreMetrics.contentType, body: Array(metrics.text.utf8))
        case .account(let id): return try await calls.account(id)
        case .preview(let id): return try await calls.preview(id, on: time)
        case .payout(let id): return try await calls.payout(id, ChannelRequest(request.body), call())
        case .transaction(let id): return try await calls.transaction(id, TransactionRequest(request.body), call())
        case .transfer: return try await calls.transfer(TransferRequest(request.body), call())
        case .closure(let id): return try await calls.closure(id, ChannelRequest(request.body), call())
        case .status(let id): return try await calls.status(id, StatusRequest(request.body), call())
        case .rates(let code): return try await calls.rates(code, RateSchedule(request.body), call())
        case .fixtures: return try await calls.fixtures(FixtureAccount.lines(request.body), call())
        case .booksAccounts:
            let page = try BooksPage(target: request.target)
            return try await calls.booksAccounts(after: page.after, limit: page.limit)
        case .booksTotals: return try await calls.booksTotals()
        case .booksAccount(let id): return try await calls.booksAccount(id)
        case .booksPage(let page, let id): return try await calls.booksPage(page, of: id)
        case .booksEvents: return calls.booksEvents()
        }
    }

    /// Row 1 as far as path and headers go.
    private func head(_ request: WireCall, _ route: Route) throws(Problem) -> (ShadowMode?, KoreanTime) {
        if let id = route.identifier, !WireRequests.isIdentifier(id) {
            throw Problem(.malformedRequest, "the path must name 1 … 64 letters, digits or `-`")
        }
        var mode: ShadowMode?
        if let text = request.shadowMode {
            guard let known = ShadowMode(rawValue: text) else {
                throw Problem(.malformedRequest, "X-Shadow-Mode must be dry-run or mirror")
            }
            mode = known
        }
        let time: KoreanTime?
        if let text = request.requestTime {
            guard let instant = WireInstant(text) else {
                throw Problem(.malformedRequest, "X-Request-Time must be an instant such as 2026-03-02T09:00:00+09:00")
            }
            time = KoreanTime(instant)
        } else {
            time = KoreanTime(secondsSince1970: now())
        }
        guard let time else { throw Problem(.malformedRequest, "X-Request-Time lies outside the years 1900 … 9999 in Korea") }
        if request.method == "POST", let key = request.idempotencyKey, !WireRequests.isIdempotencyKey(key) {
            throw Problem(.malformedRequest, "Idempotency-Key must be 1 … 200 visible ASCII characters")
        }
        return (mode, time)
    }
}

/// `?after=ID&limit=N` of the books' list.
struct BooksPage: Sendable, Hashable {
    var after = ""
    var limit = 100

    init(target: String) throws(Problem) {
        guard let mark = target.firstIndex(of: "?") else { return }
        for pair in target[target.index(after: mark)...].split(separator: "&") {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2 else { continue }
            if parts[0] == "after" {
                guard parts[1].isEmpty || WireRequests.isIdentifier(parts[1]) else {
                    throw Problem(.malformedRequest, "`after` must be an account id")
                }
                after = String(parts[1])
            } else if parts[0] == "limit" {
                guard let number = Int(parts[1]), (1...1000).contains(number) else {
                    throw Problem(.malformedRequest, "`limit` must be 1 … 1000")
                }
                limit = number
            }
        }
    }
}
