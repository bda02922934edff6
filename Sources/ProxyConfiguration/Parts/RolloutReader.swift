import RuleFiles

/// `rollout`
struct RolloutReader {
    /// Where relative paths begin.
    let directory: String
    let secrets: SecretReader

    /// - Parameter trusted: whether the listener trusts its callers.
    func read(_ value: YAMLValue?, trusted: Bool) -> RolloutSettings? {
        guard let section = value?.section(ConfigurationKeys.rollout) else { return nil }
        let plan = section.required("plan", "the plan's file, as `plan.yaml` (docs/migration.md)").flatMap(path)
        let claims = section["audience"]?.section(ConfigurationKeys.rolloutAudience)
        let audience = claims?.required("header", "the header that carries a caller's claims").flatMap(header)
        let proof = claims?["proof"].flatMap(proof)
        if let claims, audience != nil, claims["proof"] == nil, !trusted {
            claims.itself.complain(
                "anybody could send this header: let the gateway that sets it prove itself with `proof`, or, if nobody else reaches the "
                    + "listener, say `trusted: true` at the top")
        }
        let automatic = section["automatic"]?.bool()
        let killFile = section["kill-file"].flatMap(path)
        let handOver = section["hand-over"]?.section(ConfigurationKeys.rolloutHandOver)
        let wait = handOver?["wait"]?.duration(in: 0...60_000)
        let waitingMax = handOver?["waiting-max"]?.integer(in: 0...10_000)
        let build = section["candidate-build"].flatMap(build)
        guard let plan else { return nil }
        var settings = RolloutSettings(planFile: plan)
        settings.audienceHeader = audience
        settings.audienceProof = proof
        settings.killFile = killFile
        if let automatic { settings.isAutomatic = automatic }
        if let wait { settings.handOverWaitMs = wait }
        if let waitingMax { settings.handOverWaitingMax = waitingMax }
        if let build { settings.candidateBuild = build }
        return settings
    }

    private func proof(_ value: YAMLValue) -> RolloutSettings.AudienceProof? {
        guard let section = value.section(ConfigurationKeys.rolloutAudienceProof) else { return nil }
        let name = section.required("header", "the header that carries the secret").flatMap(header)
        let secret = section.required("secret", "`{env: NAME}` or `{file: PATH}`, where the gateway's secret stands")
        guard let secret, let text = secrets.read(secret) else { return nil }
        guard text.utf8.count >= 16 else {
            secret.complain("the secret is shorter than 16 bytes and could be guessed: `openssl rand -hex 32` makes one")
            return nil
        }
        return name.map { RolloutSettings.AudienceProof(header: $0, secret: text) }
    }

    private func build(_ value: YAMLValue) -> RolloutSettings.CandidateBuild? {
        guard let section = value.section(ConfigurationKeys.rolloutBuild) else { return nil }
        switch (section["header"], section["text"]) {
        case (let name?, nil): return header(name).map { .header($0) }
        case (nil, let text?): return text.text("what tells this build from others").map { .text($0) }
        default:
            value.complain("either `header` or `text` says which build of the candidate this is")
            return nil
        }
    }

    private func header(_ value: YAMLValue) -> String? {
        value.text("a header's name").flatMap { HeaderName.checked($0, value) }
    }

    private func path(_ value: YAMLValue) -> String? {
        guard let name = value.text("a file's path") else { return nil }
        if name.isEmpty { value.complain("found nothing; a file's path is expected") }
        return name.hasPrefix("/") || directory.isEmpty ? name : directory + "/" + name
    }
}
