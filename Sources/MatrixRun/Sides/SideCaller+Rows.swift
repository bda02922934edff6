internal import CaseMatrix
internal import Comparison
internal import Outbound

extension SideCaller {
    /// Loads the rows' accounts. Rows whose account is refused get the refusal as their failure: they are looked for by halving, so
    /// that one bad line does not cost the others.
    func load(_ plans: [CasePlan], _ loading: FixtureLoading) async -> [SideRun] {
        var runs = [SideRun](repeating: SideRun(), count: plans.count)
        var start = 0
        while start < plans.count {
            var end = start
            var lines = 0
            repeat {
                lines += plans[end].fixture.utf8.count { $0 == 0x0A } + 1
                end += 1
            } while end < plans.count && lines < loading.linesMax
            await load(plans, start..<end, loading, into: &runs)
            start = end
        }
        return runs
    }

    private func load(
        _ plans: [CasePlan], _ range: Range<Int>, _ loading: FixtureLoading, into runs: inout [SideRun]
    ) async {
        let lines = plans[range].map(\.fixture).joined(separator: "\n")
        let sentence: String
        do throws(SideFailure) {
            let headers = loading.headers(nextBatch())
            let answer = try await send(loading.method, loading.path, headers: headers, body: Array(lines.utf8))
            if (200..<300).contains(answer.status) { return }
            if (answer.status == 400 || answer.status == 422), range.count > 1 {
                let middle = range.lowerBound + range.count / 2
                await load(plans, range.lowerBound..<middle, loading, into: &runs)
                await load(plans, middle..<range.upperBound, loading, into: &runs)
                return
            }
            let said = String(decoding: answer.body.prefix(300), as: UTF8.self)
            sentence = "\(loading.method) \(url)\(loading.path) did not take the accounts: \(answer.status) \(said)"
        } catch {
            sentence = error.sentence
        }
        for index in range { runs[index].failure = sentence }
    }

    /// The rows' steps, each row's in order, the rows side by side. Rows that already failed are left alone.
    func steps(_ plans: [CasePlan], after runs: [SideRun]) async -> [SideRun] {
        await eachRow(plans, runs) { plan, run in
            for step in plan.steps {
                if step.calls.count == 1 {
                    guard await self.call(step.calls[0], &run) else { return }
                } else {
                    guard await self.together(step.calls, &run) else { return }
                }
            }
        }
    }

    /// The rows' read-backs, all of a row in order.
    func readBacks(_ plans: [CasePlan], after runs: [SideRun]) async -> [SideRun] {
        await eachRow(plans, runs) { plan, run in
            for call in plan.readBack {
                guard await self.call(call, &run) else { return }
            }
        }
    }

    /// Waits until the side says that it is through with what it does behind its answers.
    ///
    /// - Returns: a sentence when it did not say so in time. That is no error: the read-backs show what is missing.
    func settle(_ settling: Settling, withinMs: Int) async -> String? {
        let start = ContinuousClock.now
        var pause = 5
        var last = "nothing"
        while true {
            do throws(SideFailure) {
                let answer = try await send("GET", settling.path)
                let value = answer.body.withUnsafeBytes { settling.field.text(in: $0) }
                if value == settling.equals { return nil }
                last = value ?? "status \(answer.status) without \(settling.pointer)"
            } catch {
                return "\(side.rawValue) did not settle: \(error.sentence)"
            }
            guard ContinuousClock.now - start < .milliseconds(withinMs) else { break }
            try? await Task.sleep(for: .milliseconds(pause))
            pause = min(pause * 2, 100)
        }
        return "\(side.rawValue) did not settle within \(withinMs) ms: \(settling.pointer) was \(last), not \(settling.equals)."
    }

    private func call(_ call: CaseCall, _ run: inout SideRun) async -> Bool {
        do throws(SideFailure) {
            run.answers.append(try await answer(call))
            return true
        } catch {
            run.failure = "\(call.label): \(error.sentence)"
            return false
        }
    }

    /// Sent at the same moment: each call gets a connection of its own, as each is under way while the others are.
    private func together(_ calls: [CaseCall], _ run: inout SideRun) async -> Bool {
        let answers = await withTaskGroup(of: (Int, Result<SideTranscript.Answer, SideFailure>).self) { group in
            for (index, call) in calls.enumerated() {
                group.addTask {
                    do throws(SideFailure) { return (index, .success(try await self.answer(call))) } catch {
                        return (index, .failure(error))
                    }
                }
            }
            var answers: [(Int, Result<SideTranscript.Answer, SideFailure>)] = []
            for await answer in group { answers.append(answer) }
            return answers.sorted { $0.0 < $1.0 }
        }
        for (index, answer) in answers {
            switch answer {
            case .success(let answer): run.answers.append(answer)
            case .failure(let failure): run.failure = run.failure ?? "\(calls[index].label): \(failure.sentence)"
            }
        }
        return run.failure == nil
    }

    private func eachRow(
        _ plans: [CasePlan], _ runs: [SideRun], _ body: @escaping @Sendable (CasePlan, inout SideRun) async -> Void
    ) async -> [SideRun] {
        var runs = runs
        await withTaskGroup(of: (Int, SideRun).self) { group in
            var next = 0
            func add() {
                while next < plans.count, runs[next].failure != nil { next += 1 }
                guard next < plans.count else { return }
                let index = next
                let before = runs[index]
                let plan = plans[index]
                next += 1
                group.addTask {
                    var run = before
                    await body(plan, &run)
                    return (index, run)
                }
            }
            for _ in 0..<concurrency { add() }
            for await (index, run) in group {
                runs[index] = run
                add()
            }
        }
        return runs
    }
}
