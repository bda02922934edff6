import RuleFiles

/// `store`
struct StoreReader {
    let secrets: SecretReader

    func read(_ value: YAMLValue?) -> SharedStoreSettings? {
        guard let section = value?.section(ConfigurationKeys.store) else { return nil }
        let url = section.required("url", "the database, as `postgres://countersign@db/countersign`").flatMap(url)
        let instance = section["instance"]?.text("a name").flatMap { name -> String? in
            guard name.utf8.count <= 63, name.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
                section["instance"]?.complain("an instance's name has 1 … 63 characters of ASCII without spaces")
                return nil
            }
            return name
        }
        let alertAfter = section["alert-after"]?.duration(in: 1_000...3_600_000)
        let keyWindow = section["key-window"]?.duration(in: 1_000...86_400_000)
        let claim = section["claim"]?.duration(in: 1_000...600_000)
        guard let url else { return nil }
        var settings = SharedStoreSettings(address: url)
        settings.instance = instance
        if let alertAfter { settings.alertAfterMs = alertAfter }
        if let keyWindow { settings.keyWindowMs = keyWindow }
        if let claim { settings.claimMs = claim }
        return settings
    }

    private func url(_ value: YAMLValue) -> String? {
        let isWritten = value.isScalar
        guard let text = isWritten ? value.text("an address") : secrets.read(value) else { return nil }
        guard SharedStoreSettings.isAddress(text) else {
            value.complain("a store's address begins with `postgres://`, as in `postgres://countersign@db/countersign`")
            return nil
        }
        let authority = text.drop { $0 != ":" }.dropFirst(3).prefix { !"/?".contains($0) }
        if isWritten, let at = authority.lastIndex(of: "@"), authority[..<at].contains(":") {
            value.complain(
                "a password never stands in the file: give the whole address as `{env: NAME}` or `{file: PATH}`, or use `passfile`"
            )
            return nil
        }
        return text
    }
}
