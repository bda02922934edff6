/// Something in a plan that is wrong by itself, whoever wrote it down.
public struct PlanComplaint: Sendable, Hashable {
    /// As a plan file writes it: `audiences[1].stages[0].candidate`.
    public var key: String
    /// What is wrong, and the mend.
    public var message: String

    public init(key: String, message: String) {
        self.key = key
        self.message = message
    }
}

extension RolloutPlan {
    /// Everything that keeps this plan from being carried out; empty for a sound one.
    public func complaints() -> [PlanComplaint] {
        var check = PlanCheck()
        check.top(self)
        check.audiences(audiences)
        for (index, audience) in audiences.enumerated() {
            check.stages(audience, "audiences[\(index)]")
            check.promotion(audience, "audiences[\(index)].promotion")
        }
        check.times(shadow, "shadow")
        check.approvals(retirement, "retirement.approvals")
        check.freezes(freezes)
        check.rollback(rollback)
        return check.found
    }
}

private struct PlanCheck {
    var found: [PlanComplaint] = []

    private mutating func complain(_ key: String, _ message: String) {
        found.append(PlanComplaint(key: key, message: message))
    }

    mutating func top(_ plan: RolloutPlan) {
        // `|` would let two plans deal the same keys alike; the rest keeps names fit for metrics and file names.
        let isName = plan.name.utf8.allSatisfy { $0 &- 0x30 < 10 || $0 &- 0x61 < 26 || $0 == UInt8(ascii: "-") }
        if plan.name.isEmpty || plan.name.utf8.count > 64 || !isName {
            complain("name", "found `\(plan.name)`; 1 to 64 of `a` to `z`, `0` to `9` and `-` are expected")
        }
        if plan.salt.text.utf8.count < 16 {
            complain("salt", "the salt is shorter than 16 bytes, so it can be guessed; make one with `openssl rand -hex 16`")
        }
    }

    mutating func audiences(_ audiences: [Audience]) {
        if audiences.isEmpty { complain("audiences", "there is no audience; the last one takes everyone") }
        var names: Set<String> = []
        var owners: [String: String] = [:]
        for (index, audience) in audiences.enumerated() {
            let key = "audiences[\(index)]"
            if audience.name.isEmpty { complain("\(key).name", "the name is empty") }
            if !names.insert(audience.name).inserted {
                complain("\(key).name", "`\(audience.name)` stands twice; name one otherwise")
            }
            let isLast = index == audiences.count - 1
            if isLast, !audience.takesEveryone {
                complain(
                    key,
                    "the last audience must take everyone, or the rollout never ends: say `everyone: true` instead of `claim`")
            }
            if !isLast, audience.takesEveryone {
                complain(
                    "\(key).everyone", "only the last audience takes everyone; those after it would never have anybody to move")
            }
            if audience.takesEveryone, !audience.claims.isEmpty {
                complain("\(key).claim", "an audience of everyone needs no claim; leave one of the two out")
            }
            if !audience.takesEveryone, !isLast, audience.claims.isEmpty {
                complain(key, "nothing says who belongs to it; `claim` is missing, the value of the trusted claim")
            }
            for claim in audience.claims {
                if let owner = owners[claim] {
                    complain(
                        "\(key).claim", "the claim `\(claim)` belongs to `\(owner)` already; a caller moves with one audience")
                } else {
                    owners[claim] = audience.name
                }
            }
            answered(audience, key)
        }
    }

    mutating func stages(_ audience: Audience, _ key: String) {
        guard let last = audience.stages.last else {
            complain("\(key).stages", "there is no stage; the usual ones are `[1, 10, 50, 90, 100]`")
            return
        }
        var before = Share.none
        for (index, stage) in audience.stages.enumerated() {
            let place = "\(key).stages[\(index)]"
            if stage.candidate <= before {
                complain(
                    "\(place).candidate",
                    "the share is \(stage.candidate) after \(before); it must rise from stage to stage, or keys would go back and forth"
                )
            }
            before = max(before, stage.candidate)
            times(stage.times, place)
            approvals(stage.approvals, "\(place).approvals")
        }
        if last.candidate != .all {
            complain(
                "\(key).stages[\(audience.stages.count - 1)].candidate",
                "the last stage is \(last.candidate); an audience ends at 100, or part of it never moves")
        }
    }

    mutating func times(_ times: StageTimes, _ key: String) {
        if times.minimumMs < 0 { complain("\(key).minimum", "a stage can't last less than no time") }
        if let maximum = times.maximumMs, maximum <= times.minimumMs {
            complain(
                "\(key).maximum", "the maximum is not above the minimum, so the stage would be overdue as soon as it may end")
        }
    }

    mutating func approvals(_ demands: [ApprovalDemand], _ key: String) {
        var roles: Set<String> = []
        for (index, demand) in demands.enumerated() {
            if demand.role.isEmpty { complain("\(key)[\(index)].role", "the role is empty") }
            if !(1...9).contains(demand.number) {
                complain("\(key)[\(index)].number", "from 1 to 9 persons of a role can be asked")
            }
            if !roles.insert(demand.role).inserted {
                complain("\(key)[\(index)].role", "the role `\(demand.role)` stands twice; say how many with `number`")
            }
        }
    }

    mutating func promotion(_ audience: Audience, _ key: String) {
        let policy = audience.promotion
        if policy.operations.isEmpty {
            complain(
                "\(key).operations",
                "no operation is named, so no comparison could ever promote; name those that callers depend on")
        }
        let half = 50_000
        if !(1..<half).contains(policy.alpha.thousandths) {
            complain("\(key).alpha", "found \(policy.alpha); above 0 % and below 50 % is expected, as `5%`")
        }
        if !(1..<half).contains(policy.beta.thousandths) {
            complain("\(key).beta", "found \(policy.beta); above 0 % and below 50 % is expected, as `1%`")
        }
        if policy.perKeyMax < 1 { complain("\(key).per-key-max", "0 comparisons of a key are no evidence; from 1 up") }
        var names: Set<String> = []
        for operation in policy.operations {
            let place = "\(key).operations.\(operation.name)"
            if !names.insert(operation.name).inserted { complain(place, "the operation stands twice") }
            if operation.good == .none {
                complain(
                    "\(place).good-rate",
                    "no number of comparisons proves a rate of 0 %; say what is good enough, as `0.01%`, and name `critical-places`"
                )
            } else if operation.good >= operation.bad {
                complain(
                    "\(place).bad-rate",
                    "the bad rate, \(operation.bad), is not above the good one, \(operation.good): they can't be told apart")
            } else if operation.bad == .all {
                complain("\(place).bad-rate", "a rate of 100 % is bad beyond doubt; say from where on a candidate is bad")
            } else {
                reach(operation, audience, place)
            }
        }
    }

    /// Whether there can be evidence enough at all.
    private mutating func reach(_ operation: OperationRates, _ audience: Audience, _ key: String) {
        let policy = audience.promotion
        guard policy.perKeyMax >= 1, let needed = policy.comparisonsNeeded(of: operation) else { return }
        let keys = min(audience.keysExpected ?? policy.keysMax, policy.keysMax)
        let (most, overflow) = keys.multipliedReportingOverflow(by: policy.perKeyMax)
        if !overflow, most < needed {
            complain(
                "\(key).bad-rate",
                "`\(operation.name)` takes \(needed) comparisons, but \(keys) keys of `\(audience.name)` with \(policy.perKeyMax) each "
                    + "give \(most): raise `bad-rate` or `per-key-max`, or have the evidence of a larger audience")
        }
    }

    /// Whether anybody of a small audience is likely to move in its stages, where somebody must.
    mutating func answered(_ audience: Audience, _ key: String) {
        guard audience.answeredMin > 0, let keys = audience.keysExpected else { return }
        for (index, stage) in audience.stages.enumerated() where keys * stage.candidate.thousandths < Self.keysMovedMin * 100_000
        {
            complain(
                "\(key).stages[\(index)].candidate",
                "at \(stage.candidate) of \(keys) keys it may well be that none moves, and the stage would wait for ever for a call that the candidate "
                    + "answers itself: raise the share, or say `answered-min: 0`")
            return
        }
    }

    /// Of so few keys, on average, none moves in one of twenty plans.
    private static let keysMovedMin = 3

    mutating func freezes(_ freezes: [FreezeWindow]) {
        var names: Set<String> = []
        for (index, window) in freezes.enumerated() {
            if !names.insert(window.name).inserted {
                complain("freeze[\(index)].name", "`\(window.name)` stands twice; name one otherwise")
            }
            if case .dates(let from, let through) = window.span, through < from {
                complain("freeze[\(index)].dates", "the last day, \(through), is before the first, \(from)")
            }
        }
        let recurring = freezes.filter { if case .dates = $0.span { false } else { true } }
        guard !recurring.isEmpty else { return }
        // Monday, 2026-01-05; a week by the minute.
        let monday = Int64(20_458) * 86_400_000
        let isOpen = (0..<10_080).contains { minute in
            let instant = Instant(milliseconds: monday + Int64(minute) * 60_000)
            return !recurring.contains { $0.contains(instant) }
        }
        if !isOpen { complain("freeze", "the windows leave no minute of the week open, so that nothing is ever promoted") }
    }

    mutating func rollback(_ policy: RollbackPolicy) {
        if !(1...1_000).contains(policy.failuresInARow) { complain("rollback.failures-in-a-row", "from 1 to 1000 is expected") }
        if !(2...1_000).contains(policy.errorRatio) { complain("rollback.error-ratio", "from 2 to 1000 is expected") }
        if !(100...1_000_000_000).contains(policy.errorFalseAlarmEvery) {
            complain("rollback.error-false-alarm-every", "from 100 to 1000000000 is expected")
        }
    }
}
