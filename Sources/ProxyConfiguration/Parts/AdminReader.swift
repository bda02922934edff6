import RolloutControl
import RuleFiles
import ShadowProxy

/// `admin`: an address alone, or a mapping.
struct AdminReader {
    let secrets: SecretReader
    let tls: TLSReader
    let endpoint: (YAMLValue) -> Endpoint?

    static let addressByDefault = Endpoint(host: "127.0.0.1", port: 7001)

    /// Nil where the address is wrong.
    func read(_ value: YAMLValue?) -> (endpoint: Endpoint?, settings: AdminSettings) {
        var settings = AdminSettings()
        guard let value else { return (Self.addressByDefault, settings) }
        var place: Endpoint?
        if value.isScalar {
            place = endpoint(value)
        } else {
            guard let section = value.section(ConfigurationKeys.admin) else { return (nil, settings) }
            place = section["address"].map(endpoint) ?? Self.addressByDefault
            settings.access = AdminAccess(tokens: tokens(section["tokens"]))
            settings.tls = tls.admin(section["tls"])
            // What is wrong with a token or a certificate has been said; that it is missing would only mislead.
            if section["tokens"] != nil || section["tls"] != nil, settings.access.tokens.isEmpty, settings.tls == nil {
                return (place, settings)
            }
        }
        if let place, let refusal = settings.refusal(of: place) { value.complain(refusal) }
        return (place, settings)
    }

    private func tokens(_ value: YAMLValue?) -> [AdminToken] {
        var tokens: [AdminToken] = []
        for element in value?.elements() ?? [] {
            guard let section = element.section(ConfigurationKeys.adminToken), let token = token(section) else { continue }
            if tokens.contains(where: { $0.name == token.name }) {
                (section["name"] ?? element).complain("another token is named `\(token.name)` already")
            } else if let other = tokens.first(where: { $0.sharesSecret(with: token) }) {
                (section["secret"] ?? element).complain(
                    "it is the secret of `\(other.name)` as well: nobody could tell the two apart; give each a secret of its own")
            }
            tokens.append(token)
        }
        if let value, tokens.isEmpty, value.elements()?.isEmpty == true {
            value.complain("the list is empty: leave `tokens` out, or name those who may use the admin port")
        }
        return tokens
    }

    private func token(_ section: YAMLSection) -> AdminToken? {
        let name = section.required("name", "who acts, as the audit log will call it").flatMap(name)
        let roles = section.required("role", "`viewer`, `operator` or `approver`, or a list of them").map(roles)
        let approvesAs = section["approves-as"]?.texts("a role of the plan") ?? []
        let secret = section.required("secret", "`{env: NAME}` or `{file: PATH}`, where the token stands")
        if let roles {
            if section["approves-as"] != nil, !roles.contains(.approver) {
                section["approves-as"]?.complain("only an `approver` approves: add that role, or leave `approves-as` out")
            }
            if roles.contains(.approver), approvesAs.isEmpty {
                (section["approves-as"] ?? section["role"])?.complain(
                    "an approver approves in a role of the plan: name it in `approves-as`, as `[risk]`")
            }
        }
        if let secret, secret.isScalar {
            // The text is not shown: it may well be the token itself.
            secret.complain("a token never stands in the file: `{env: NAME}` or `{file: PATH}` says where it does")
            return nil
        }
        guard let secret, let text = secrets.read(secret) else { return nil }
        guard let name, let roles, !roles.isEmpty else { return nil }
        guard let token = AdminToken(name: name, roles: roles, approvesAs: approvesAs.map(\.text), secret: text) else {
            secret.complain(
                "the token is shorter than \(AdminToken.bytesMin) bytes and could be guessed: `openssl rand -hex 32` makes one")
            return nil
        }
        return token
    }

    private func name(_ value: YAMLValue) -> String? {
        guard let text = value.text("a name") else { return nil }
        guard !text.allSatisfy(\.isWhitespace), text.utf8.count <= 100, !text.contains(where: \.isNewline) else {
            value.complain("a name of 1 … 100 bytes on one line is expected")
            return nil
        }
        return text
    }

    private func roles(_ value: YAMLValue) -> Set<AdminRole> {
        if value.isScalar { return value.choice(AdminRole.allCases).map { [$0] } ?? [] }
        return Set((value.elements() ?? []).compactMap { $0.choice(AdminRole.allCases) })
    }
}
