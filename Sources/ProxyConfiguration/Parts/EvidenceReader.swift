import RuleFiles

/// `evidence`
struct EvidenceReader {
    let secrets: SecretReader

    func read(_ value: YAMLValue?) -> EvidenceSettings {
        var settings = EvidenceSettings()
        guard let section = value?.section(ConfigurationKeys.evidence) else { return settings }
        if let bytes = section["body-kept"]?.size(in: 0...16_777_216) { settings.bodyBytesKeptMax = bytes }
        if let queue = section["queue"]?.integer(in: 1...1_000_000) { settings.queueMax = queue }
        if let milliseconds = section["retention"]?.duration(in: 86_400_000...315_360_000_000) {
            if milliseconds % 86_400_000 != 0 { section["retention"]?.complain("evidence is kept for whole days, as `30d`") }
            settings.retentionDays = milliseconds / 86_400_000
        }
        if let rows = section["rows"]?.integer(in: 1...100_000_000) { settings.rowsMax = rows }
        if let redact = section["redact"] { settings.redact = RulesReader.paths(redact) }
        if let headers = section["redact-headers"] {
            // Added to the defaults: a list that forgot `authorization` must not store it.
            let own = headers.texts("a header's name").compactMap { name, value in HeaderName.checked(name, value) }
            settings.redactHeaders += own.filter { !settings.redactHeaders.contains($0) }
        }
        if let key = section["redaction-key"], let secret = secrets.read(key) {
            if secret.utf8.count < 16 { key.complain("the key is shorter than 16 bytes: its hashes could be guessed") }
            settings.redactionKey = Array(secret.utf8)
        }
        return settings
    }
}
