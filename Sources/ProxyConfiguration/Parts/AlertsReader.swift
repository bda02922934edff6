import Alerting
import RuleFiles
import Yams

/// `alerts`
struct AlertsReader {
    let secrets: SecretReader

    func read(_ value: YAMLValue?) -> [ChannelSettings] {
        guard let section = value?.section(ConfigurationKeys.alerts) else { return [] }
        var channels: [ChannelSettings] = []
        for element in section["channels"]?.elements() ?? [] {
            guard let section = element.section(ConfigurationKeys.channel), let channel = channel(section) else { continue }
            if channels.contains(where: { $0.name == channel.name }) {
                (section["name"] ?? element).complain("another channel is named `\(channel.name)` already")
            }
            channels.append(channel)
        }
        return channels
    }

    private func channel(_ section: YAMLSection) -> ChannelSettings? {
        let name = section.required("name", "what the outbox and its commands call it").flatMap { $0.text("a name") }
        let url = section.required("url", "where alerts are delivered").flatMap(url)
        let format = section["format"]?.choice(ChannelSettings.Format.allCases) ?? .generic
        let allowPrivate = section["allow-private"]?.bool() ?? false
        // Slack's addresses are themselves the secret, and Slack checks no signature.
        let secretValue =
            format == .slack && section["secret"] == nil
            ? nil : section.required("secret", "`{env: NAME}`, `{file: PATH}`, or `none` to send without a signature")
        let secret = secretValue.flatMap(secret)
        guard let name, let url else { return nil }
        return ChannelSettings(name: name, url: url, format: format, secret: secret, allowPrivate: allowPrivate)
    }

    private func url(_ value: YAMLValue) -> String? {
        guard let text = value.text("an address") else { return nil }
        do throws(AddressError) {
            return try Addresses.webhook(text)
        } catch {
            value.complain(error.description)
            return nil
        }
    }

    private func secret(_ value: YAMLValue) -> String? {
        if value.isScalar {
            // The text is not shown: it may well be the secret itself.
            guard case .scalar(let scalar) = value.node, scalar.string == "none" else {
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
