import Foundation
import Hummingbird
import Migration
import NIOCore
import RolloutControl

/// `/rollout`: where it stands, what was done, which keys the candidate has written, and the orders it takes.
struct RolloutPages: Sendable {
    let rollout: RolloutController?
    let desk: AccessDesk

    func add(to router: Router<ConsoleContext>) {
        router.get("/rollout") { request, _ in
            try desk.admit(request)
            return try Console.json(RolloutAnswer(await present().status()))
        }
        router.get("/rollout/history") { request, _ in
            try desk.admit(request)
            let after = try number("after", request, 0...Int.max, or: 0)
            let limit = try number("limit", request, 1...1_000, or: 100)
            do { return try Console.json(HistoryAnswer(entries: try present().history(after: after, limit: limit))) } catch {
                throw Self.problem(error)
            }
        }
        router.get("/rollout/written-keys") { request, _ in
            try desk.admit(request)
            let from = try number("from", request, 0...Int.max, or: 0)
            let limit = try number("limit", request, 1...10_000, or: 1_000)
            do {
                let keys = try await present().writtenKeys()
                return try Console.json(
                    WrittenKeysAnswer(total: keys.count, from: from, keys: Array(keys.dropFirst(from).prefix(limit))))
            } catch { throw Self.problem(error) }
        }
        for order in RolloutOrder.allCases {
            router.post("/rollout/\(order.rawValue)") { request, _ in try await take(order, request) }
        }
    }

    private struct OrderBody: Decodable {
        var reason: String?
        /// The plan's role that an approver approves in, where he has several.
        var role: String?
        /// What an approver means to approve; nil: whatever waits.
        var stage: String?
    }

    private func take(_ order: RolloutOrder, _ request: Request) async throws -> Response {
        let token = try desk.admit(request, anyOf: order.roles)
        let rollout = try present()
        // A web page in the operator's browser can't send this type without asking first.
        guard request.headers[.contentType]?.hasPrefix("application/json") == true else {
            throw Problem(.unsupportedMediaType, "Send application/json: {\"reason\": \"…\"}.")
        }
        let bytes = try await request.body.collect(upTo: 65_536)
        guard let body = try? JSONDecoder().decode(OrderBody.self, from: Data(bytes.readableBytesView)) else {
            throw Problem(.badRequest, "The body must be {\"reason\": \"…\"}.")
        }
        let reason = body.reason ?? ""
        guard reason.utf8.count <= 4_096 else { throw Problem(.badRequest, "A reason has up to 4096 bytes.") }
        let role = order == .approve ? try await role(of: token, body.role, rollout) : acting(token, order)
        let status: RolloutStatus
        do throws(RolloutRefusal) {
            status = try await rollout.carryOut(
                order, by: Person(name: token.name, role: role), reason: reason, stage: order == .approve ? body.stage : nil)
        } catch {
            throw Problem(error.kind == .refused ? .conflict : .serviceUnavailable, error.description)
        }
        return try Console.json(RolloutAnswer(status))
    }

    private func acting(_ token: AdminToken, _ order: RolloutOrder) -> String {
        (token.may(.operator) ? AdminRole.operator : .approver).rawValue
    }

    /// The role that was asked for, or the one that the step still waits for.
    private func role(of token: AdminToken, _ wanted: String?, _ rollout: RolloutController) async throws(Problem) -> String {
        if let wanted {
            guard token.approvesAs.contains(wanted) else {
                throw Problem(
                    .forbidden,
                    "\(token.name) does not approve as `\(wanted)`, but as \(token.approvesAs.joined(separator: ", ")).")
            }
            return wanted
        }
        let missing = await rollout.status().approvalsMissing.map(\.role)
        return token.approvesAs.first(where: missing.contains) ?? token.approvesAs.first ?? ""
    }

    private func present() throws(Problem) -> RolloutController {
        guard let rollout else {
            throw Problem(.notFound, "This proxy carries no plan out: its configuration has no `rollout`.")
        }
        return rollout
    }

    private func number(_ name: String, _ request: Request, _ range: ClosedRange<Int>, or value: Int) throws(Problem) -> Int {
        guard let text = request.uri.queryParameters[name[...]] else { return value }
        guard let number = Int(text), range.contains(number) else {
            let end = range.upperBound == .max ? "on" : "to \(range.upperBound)"
            throw Problem(.badRequest, "`\(name)` takes a whole number from \(range.lowerBound) \(end), not `\(text)`.")
        }
        return number
    }

    private static func problem(_ error: any Error) -> Problem {
        error as? Problem ?? Problem(.serviceUnavailable, "\(error)")
    }
}
