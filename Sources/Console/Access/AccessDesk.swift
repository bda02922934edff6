import Hummingbird
import RolloutControl

/// Who asks, and whether he may.
struct AccessDesk: Sendable {
    let access: AdminAccess

    var asksForTokens: Bool { !access.tokens.isEmpty }

    /// Lets everybody look where there are no tokens, and every bearer of one where there are.
    func admit(_ request: Request) throws(Problem) {
        if asksForTokens { _ = try bearer(request) }
    }

    /// Lets the bearer of one of these roles act, whether the port is reached from this machine alone or not: who did something must be known.
    @discardableResult
    func admit(_ request: Request, anyOf roles: Set<AdminRole>) throws(Problem) -> AdminToken {
        guard asksForTokens else {
            throw Problem(
                .unauthorized,
                "No tokens are configured, so nobody can be told from anybody: name those who may act under `admin.tokens`.")
        }
        let token = try bearer(request)
        guard roles.contains(where: token.may) else {
            let names = roles.map { "`\($0.rawValue)`" }.sorted().joined(separator: " or ")
            throw Problem(.forbidden, "\(token.name) has no token of the role \(names).")
        }
        return token
    }

    private func bearer(_ request: Request) throws(Problem) -> AdminToken {
        let scheme = "bearer "
        guard let text = request.headers[.authorization], text.lowercased().hasPrefix(scheme) else {
            throw Problem(.unauthorized, "Show a token: `Authorization: Bearer …`.")
        }
        guard let token = access.bearer(of: String(text.dropFirst(scheme.count))) else {
            throw Problem(.unauthorized, "The token is not known here.")
        }
        return token
    }
}
