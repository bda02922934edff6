import Alerting
import Outbound
import RuleFiles
import Yams

/// `alerts.channels[]`
struct ChannelReader {
    let secrets: SecretReader

    func read(_ section: YAMLSection) -> ChannelSettings? {
        let name = section.required("name", "what the outbox and its commands call it").flatMap(name)
        let allowsHTTP = section["allow-http"]?.isTrue() ?? false
        let url = section.required("url", "where alerts are delivered").flatMap { address($0, allowsHTTP: allowsHTTP) }
        let format = section["format"]?.choice(ChannelSettings.Format.allCases) ?? .generic
        // Slack's addresses are themselves the secret, and Slack checks no signature.
        let secretValue =
            format == .slack && section["secret"] == nil
            ? nil : section.required("secret", "`{env: NAME}`, `{file: PATH}`, or `none` to send without a signature")
        let secret = secretValue.flatMap(secret)
        let previous = section["previous-secret"].flatMap(self.secret)
        // A secret that was refused has its own sentence.
        if secretValue.map(isNone) ?? true, previous != nil {
            section["previous-secret"]?.complain("`previous-secret` stands beside a `secret` that takes its place")
        }
        let networks = section["allow-networks"].map(networks) ?? []
        let heartbeat = section["heartbeat"]?.duration(in: 10_000...86_400_000)
        if let heartbeat, heartbeat % 1_000 != 0 { section["heartbeat"]?.complain("a heartbeat's interval is of whole seconds") }
        guard let name, let url else { return nil }
        return ChannelSettings(
            name: name, url: url, format: format, secret: secret, previousSecret: previous, allowNetworks: networks,
            heartbeatMs: heartbeat)
    }

    private func name(_ value: YAMLValue) -> String? {
        guard let text = value.text("a name") else { return nil }
        guard text.utf8.count <= 64, text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
            value.complain("a channel's name has 1 … 64 characters of ASCII without spaces: it stands in each `webhook-id`")
            return nil
        }
        return text
    }

    private func address(_ value: YAMLValue, allowsHTTP: Bool) -> String? {
        guard let text = value.text("an address") else { return nil }
        do throws(AddressError) {
            let url = try Addresses.webhook(text)
            guard allowsHTTP || url.lowercased().hasPrefix("https://") else {
                value.complain("a webhook's address begins with `https://`; say `allow-http: true` to send in the clear")
                return nil
            }
            return url
        } catch {
            value.complain(error.description)
            return nil
        }
    }

    private func networks(_ value: YAMLValue) -> [String] {
        value.texts("a network").compactMap { text, place in
            if let network = AddressNetwork(text) {
                guard network.isNeverReached else { return text }
                place.complain("link-local and metadata addresses are never reached, listed or not: take `\(text)` out")
                return nil
            }
            place.complain("found `\(text)`; a network is written as `10.1.0.0/16`, `127.0.0.1/32` or `fd00::/8`")
            return nil
        }
    }

    private func isNone(_ value: YAMLValue) -> Bool {
        if case .scalar(let scalar) = value.node { scalar.string == "none" } else { false }
    }

    private func secret(_ value: YAMLValue) -> String? {
        if value.isScalar {
            // The text is not shown: it may well be the secret itself.
            guard isNone(value) else {
                value.complain(
                    "a secret never stands in the file: `{env: NAME}`, `{file: PATH}`, or `none` to send without a signature")
                return nil
            }
            return nil
        }
        guard let secret = secrets.read(value) else { return nil }
        guard WebhookSignature.secret(secret) != nil else {
            value.complain(
                "the secret is not `whsec_` followed by the base64 of 24 to 64 bytes (`openssl rand -base64 32` makes one)")
            return nil
        }
        return secret
    }
}
