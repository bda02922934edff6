import Alerting
import Comparison
import Foundation
import InterestContract
import Outbound
import Reports
import Verdicts

/// One piece of evidence, shown and made again.
struct Replay {
    let evidence: Evidence
    let rules: ResponseRules
    let legacy: String
    let candidate: String
    let resend: Resend
    let screen: Screen

    /// The side's answer as it was recorded.
    func recorded(_ side: Side) -> RecordedAnswer? {
        [evidence.primary, evidence.shadow].compactMap { $0 }.first { $0.side == side }
    }

    func showRecord() {
        let request = evidence.request
        screen.print(screen.paint(ReportText.visible("\(request.method) \(request.target)"), .strong) + "  \(evidence.operation)")
        let keys = evidence.keys.isEmpty ? "" : "key \(evidence.keys.joined(separator: ", ")), "
        screen.print(screen.paint("\(keys)at \(request.instant), \(evidence.verdict.name)", .soft))
        if let cause = evidence.cause { screen.print(ReportText.visible(cause)) }
        screen.print()
        screen.print(
            "recorded: "
                + Side.allCases.map { "\($0.rawValue) \(recorded($0).map { String($0.status) } ?? "no answer")" }.joined(
                    separator: ", "))
        screen.print(table(evidence.differences, primarySide: evidence.primary?.side ?? .legacy))
    }

    /// Reads only: both sides are asked again.
    ///
    /// - Returns: whether they agree now.
    func onLiveSides() async throws -> Bool {
        async let left = resend.send(evidence.request, to: legacy)
        async let right = resend.send(evidence.request, to: candidate)
        let pair = AnswerPair(legacy: .init(try await left), candidate: .init(try await right), rules: rules)
        show(pair, "sent again")
        return pair.isEqual
    }

    func explainWrite() {
        for side in Side.allCases {
            guard let answer = recorded(side) else { continue }
            screen.print(screen.paint("\(side.rawValue)'s answer", side == .legacy ? .legacy : .candidate))
            screen.print("  \(answer.status) " + ReportText.visible(String(decoding: answer.body.prefix(2_048), as: UTF8.self)))
        }
        if !evidence.request.body.isEmpty {
            screen.print(
                "request's body\n  " + ReportText.visible(String(decoding: evidence.request.body.prefix(2_048), as: UTF8.self)))
        }
        screen.print()
        screen.print("A write is never sent to the live sides again. On two fresh services of the bank:")
        screen.print("  countersign replay \(evidence.id) --start")
    }

    /// Starts both services of the bank with the accounts as they stood before the call, and makes it there.
    ///
    /// - Returns: whether they agree.
    func onFreshPair(fixture: String, products: String, faults: [String]) async throws -> Bool {
        let accounts = try await accountsBefore(fixture)
        screen.print("fixture, as it stood before the call:")
        for account in accounts { screen.print("  " + String(decoding: account.json, as: UTF8.self)) }
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("countersign-replay-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let cast = ProgramCast()
        do {
            let fresh = try await FreshPair.start(
                accounts: accounts, products: products, faults: faults, folder: folder, cast: cast)
            let pair = AnswerPair(
                legacy: .init(try await resend.send(evidence.request, to: fresh.legacy)),
                candidate: .init(try await resend.send(evidence.request, to: fresh.candidate)), rules: rules)
            await cast.stopAll()
            let command = ReproducingCommand(
                evidence: evidence, settings: AlertSettings(channels: [], legacyURL: fresh.legacy, candidateURL: fresh.candidate))
            screen.print(screen.paint("$ " + (command.legacy ?? "no command: a write without an idempotency key"), .soft))
            show(pair, "on two fresh services")
            tellWhetherRebuilt(pair)
            return pair.isEqual
        } catch {
            await cast.stopAll()
            throw error
        }
    }

    private func tellWhetherRebuilt(_ pair: AnswerPair) {
        guard let live = recorded(.legacy) else { return }
        let same = AnswerPair(legacy: .init(live), candidate: pair.legacy, rules: rules).isEqual
        screen.print(
            same
                ? screen.paint("the fresh legacy service answers as the live one did: the account is rebuilt", .good)
                : screen.paint(
                    "the fresh legacy service answers otherwise than the live one did: the account's history could not be rebuilt exactly",
                    .warning))
    }

    private func accountsBefore(_ fixture: String) async throws -> [FixtureAccount] {
        let known: [FixtureAccount]
        do {
            known = try FixtureAccount.lines(Array(InputFile.bytes(fixture)))
        } catch let problem as Problem {
            throw ExitStatus.data.because("\(fixture): \(problem.detail)")
        }
        var accounts: [FixtureAccount] = []
        let call = BankCall(evidence, legacy: recorded(.legacy))
        for key in evidence.keys {
            guard let line = known.first(where: { $0.id == key }) else {
                throw ExitStatus.noInput.because("account \(key) is not in \(fixture): name the bank's fixture with --fixture")
            }
            guard let call, let bookings = try await journal(of: key) else {
                accounts.append(line)
                continue
            }
            accounts.append(
                FixtureReconstruction(start: line, bookings: bookings).before(date: call.date, balance: call.balances[key]))
        }
        return accounts
    }

    /// Nil when the live legacy service is gone; then the fixture line is taken as it is.
    private func journal(of account: String) async throws -> [Booking]? {
        let url = "\(legacy)/v1/books/accounts/\(account)/journal"
        guard let answer = try? await resend.client.send(OutboundRequest(url: url)), answer.status == 200,
            let page = try? JSONDecoder().decode(JournalLine.Page.self, from: Data(answer.body))
        else {
            screen.print(
                screen.paint("the legacy side's journal can't be read: the account is taken as the bank began", .warning))
            return nil
        }
        return Booking.grouped(page.lines)
    }

    private func show(_ pair: AnswerPair, _ title: String) {
        screen.print("\(title): legacy \(pair.legacy.status), candidate \(pair.candidate.status)")
        screen.print(table(pair.outcome.differences, primarySide: .legacy))
        screen.print(pair.isEqual ? screen.paint("✓ the sides agree", .good) : screen.paint("✗ the sides differ", .bad))
    }

    private func table(_ differences: [Difference], primarySide: Side) -> String {
        SideBySide(width: screen.width, isColoured: screen.isColoured)
            .render(differences, primaryTitle: primarySide.rawValue, shadowTitle: primarySide.other.rawValue)
    }
}
