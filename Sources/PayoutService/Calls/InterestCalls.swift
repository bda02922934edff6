import InterestContract

/// The contract's calls. Each call's own file says what it decides; here is what they share: the order of the first four checks,
/// idempotency keys, dry runs, and what happens at a commit.
struct InterestCalls: Sendable {
    let policies: Policies
    let books: any Books
    let cache: any PreviewCache
    let clock: WallClock
    let references: ReferenceSource
    let allowsFixtures: Bool
    /// Called after a commit that published a tax event.
    let publish: @Sendable () -> Void
    /// In front of the books' own locks; none by default.
    var accountLock: (any AccountLock)?

    /// Bytes: fixtures are files, all other bodies are small.
    func bodyLimit(of call: InboundCall) -> Int {
        allowsFixtures && call.segments == ["v1", "fixtures"] ? 64 << 20 : 64 << 10
    }

    /// Answers a call; refusals of the contract are answers too. Throws what is no answer: the service's own failures.
    func answer(_ call: InboundCall) async throws -> Reply {
        do { return try await route(call) } catch let problem as Problem {
            return Reply(problem)
        } catch let failure as BooksFailure {
            return Reply(failure.problem)
        }
    }

    private func route(_ call: InboundCall) async throws -> Reply {
        let segments = call.segments
        let unknown = Problem(.notFound, "no call of this contract: \(call.method) with this path")
        guard segments.count >= 2, segments[0] == "v1" else { throw unknown }
        switch (call.method, segments[1], segments.count) {
        case ("GET", "accounts", 3): return try await account(try identifier(segments[2]), call)
        case ("GET", "accounts", 4) where segments[3] == "interest": return try await preview(try identifier(segments[2]), call)
        case ("POST", "accounts", 4):
            switch segments[3] {
            case "interest-payouts": return try await payout(try identifier(segments[2]), call)
            case "transactions": return try await transaction(try identifier(segments[2]), call)
            case "closure": return try await closure(try identifier(segments[2]), call)
            case "status": return try await status(try identifier(segments[2]), call)
            default: throw unknown
            }
        case ("POST", "transfers", 2): return try await transfer(call)
        case ("POST", "products", 4) where segments[3] == "rates": return try await rates(try identifier(segments[2]), call)
        case ("POST", "fixtures", 2): return try await fixtures(call)
        default: throw unknown
        }
    }

    private func identifier(_ segment: Substring) throws(Problem) -> String {
        guard WireRequests.isIdentifier(segment) else {
            throw Problem(.malformedRequest, "the id in the path must be 1 … 64 letters, digits or `-`")
        }
        return String(segment)
    }

    // MARK: Checks of form, and time

    /// The call's instant, in seconds since 1970, and its business date.
    func moment(of call: InboundCall) throws(Problem) -> (instant: Int, businessDay: Day) {
        if let mode = call.shadowMode, ShadowMode(rawValue: mode) == nil {
            throw Problem(.malformedRequest, "`X-Shadow-Mode` must be `dry-run` or `mirror`")
        }
        let instant: Int
        if let text = call.requestTime {
            guard let written = WireInstant(text) else {
                throw Problem(.malformedRequest, "`X-Request-Time` must be an instant such as 2026-03-02T09:00:00+09:00")
            }
            instant = CalendarPolicy.unixSeconds(written)
        } else {
            instant = clock.unixSeconds
        }
        // The Korean date of every answer must be one that can be written.
        _ = try CalendarPolicy.koreanStamp(instant)
        let businessDay = policies.calendar.businessDay(instant)
        _ = try businessDay.civil
        return (instant, businessDay)
    }

    /// The head of a call that changes something.
    struct Envelope: Sendable {
        var call: InboundCall
        var instant: Int
        var businessDay: Day
        var mode: ShadowMode?

        func occasion(_ channel: Channel) -> Occasion {
            Occasion(businessDay: businessDay, instant: instant, channel: channel, isAuthoritative: mode != .mirror)
        }
    }

    func envelope(_ call: InboundCall) throws(Problem) -> Envelope {
        let (instant, businessDay) = try moment(of: call)
        if let key = call.idempotencyKey, !WireRequests.isIdempotencyKey(key) {
            throw Problem(.malformedRequest, "`Idempotency-Key` must be 1 … 200 visible ASCII characters")
        }
        return Envelope(
            call: call, instant: instant, businessDay: businessDay, mode: call.shadowMode.flatMap { ShadowMode(rawValue: $0) })
    }

    // MARK: Changes

    /// Carries a change out under its idempotency key, all in one transaction: seen keys answer what they answered.
    func change(
        _ envelope: Envelope, _ decide: @escaping @Sendable (any BooksWriting) throws -> Plan
    ) async throws -> Reply {
        guard let key = envelope.call.idempotencyKey else {
            throw Problem(.idempotencyKeyMissing, "a POST needs the header `Idempotency-Key`")
        }
        let accounts = AccountLocks.accounts(of: envelope.call)
        let held = try await accountLock?.take(accounts)
        defer { held?() }
        return try await books.transact { books in
            let stored = try books.storedAnswer(key: key, before: accounts.count == 1 ? accounts[0] : nil)
            if let stored = policies.idempotency.recall(stored) {
                return Outcome(value: try same(stored, envelope.call))
            }
            let row = AnswerRow(key: key, replacing: stored != nil, envelope: envelope)
            let plan: Plan
            do {
                var decided = try decide(books)
                decided.isAuthoritative = envelope.mode != .mirror
                plan = policies.posting.carryOut(decided)
            } catch let problem as Problem
                where problem.code.isStored
            {
                return try refuse(problem, row, books)
            }
            try books.execute(plan.steps + [row.step(plan.reply, reference: plan.reference)])
            return Outcome(
                value: plan.reply, isKept: plan.isKept && envelope.mode != .dryRun, afterCommit: { committed(plan) })
        }
    }

    private func same(_ stored: StoredAnswer, _ call: InboundCall) throws(Problem) -> Reply {
        guard policies.idempotency.isSame(stored, call) else {
            throw Problem(.idempotencyKeyReused, "this `Idempotency-Key` was used for another request")
        }
        return stored.reply
    }

    private func refuse(_ problem: Problem, _ row: AnswerRow, _ books: any BooksWriting) throws -> Outcome<Reply> {
        let reply = Reply(problem)
        let consequences = policies.posting.afterRefusal(problem, row.envelope.call, row.envelope.businessDay)
        try books.execute(consequences + [row.step(reply, reference: "")])
        return Outcome(value: reply, isKept: row.envelope.mode != .dryRun)
    }

    /// The row that keeps a call's answer under its key.
    private struct AnswerRow {
        var key: String
        /// Whether an answer is kept under it already.
        var replacing: Bool
        var envelope: Envelope

        func step(_ reply: Reply, reference: String) -> BookStep {
            let call = envelope.call
            return Plan.idempotencyRow(
                key: key, asked: StoredAnswer(method: call.method, target: call.target, body: call.body, reply: reply),
                reference: reference, instant: envelope.instant, replacing: replacing)
        }
    }

    private func committed(_ plan: Plan) {
        if policies.cache.drops(plan.change) {
            if let touched = plan.touched { cache.drop(accounts: touched) } else { cache.dropAll() }
        }
        if plan.call == .payout || plan.call == .closure { publish() }
    }

    // MARK: Shared by the calls that pay interest

    func knownStanding(_ accountId: String, _ books: any BooksReading) throws -> Standing {
        guard let standing = try books.standing(accountId) else {
            throw Problem(.accountNotFound, "there is no account \(accountId)")
        }
        return standing
    }

    func basis(_ standing: Standing, businessDay: Day, _ books: any BooksReading) throws -> InterestBasis {
        let first = policies.interest.period(standing, businessDay).lowerBound
        return try books.basis(standing, by: policies.interest.dating, after: first)
    }

    /// All checks of a payment, and what it pays: the same for a preview and a payout.
    func payable(_ accountId: String, businessDay: Day, _ books: any BooksReading) throws -> (InterestBasis, InterestQuote) {
        let standing = try knownStanding(accountId, books)
        var subject = CheckSubject(standing: standing, role: .pay, businessDay: businessDay)
        try policies.eligibility.check([subject], amounts: false)
        let basis = try basis(standing, businessDay: businessDay, books)
        let quote = try policies.quote(basis, businessDay: businessDay)
        subject.interest = quote
        try policies.eligibility.check([subject], amounts: true)
        return (basis, quote)
    }
}
