import RuleFiles
import ShadowProxy

/// The top of the file.
struct FileReader {
    let section: YAMLSection
    let secrets: SecretReader
    let tls: TLSReader

    /// Nil when something without which there is no plan is missing or wrong; what else is wrong stands in the problems.
    func read() -> CountersignConfiguration? {
        let listen = section.required("listen", "where the proxy listens, as `127.0.0.1:7000`").flatMap(endpoint)
        let (admin, adminSettings) = AdminReader(secrets: secrets, tls: tls, endpoint: endpoint).read(section["admin"])
        let sides = section.required("sides", "the two systems, `legacy` and `candidate`")?.section(ConfigurationKeys.sides)
        let legacy = sides?.required("legacy", "the system that is being replaced").flatMap(side)
        let candidate = sides?.required("candidate", "the system that replaces it").flatMap(side)
        if let listen, let admin, listen == admin, listen.port != 0 {
            (section["admin"] ?? section.itself).complain("`listen` and `admin` are the same address")
        }
        if let legacy, let candidate, legacy.endpoint == candidate.endpoint {
            sides?["candidate"]?.complain("`legacy` and `candidate` are the same address: a system can't be compared with itself")
        }

        // Every part is read, whatever is wrong with the others, so that all complaints come at once.
        let listenerTLS = tls.listener(section["tls"])
        let defaults = RulesReader.comparison(section["defaults"])
        let operations = OperationsReader(defaults: defaults).read(section["operations"])
        let limits = LimitsReader.read(section["limits"])
        let evidence = EvidenceReader(secrets: secrets).read(section["evidence"])
        let store = StoreReader(secrets: secrets).read(section["store"])
        let alerts = AlertsReader(secrets: secrets, operations: operations.map(\.name)).read(section["alerts"])
        if section["rollout"] != nil {
            section["share"]?.complain("with `rollout` the plan says which share the candidate has; leave `share` out")
        }
        let trusted = section["trusted"]?.bool() ?? false
        let rollout = RolloutReader(directory: tls.directory, secrets: secrets).read(section["rollout"], trusted: trusted)
        let lanes = section["lanes"]?.integer(in: 1...64) ?? 1
        let share = section["share"]?.percentage() ?? 0
        let salt = section["salt"]?.text() ?? "countersign"
        let unknownReads = section["unknown-reads"]?.choice([OperationMode.never, .read]) ?? .never
        let state = section["state"]?.text("a directory") ?? "countersign-state"

        guard let listen, let admin, let legacy, let candidate else { return nil }
        var plan = ProxyPlan(listen: listen, legacy: legacy, candidate: candidate, operations: operations)
        plan.tls = listenerTLS
        plan.trusted = trusted
        plan.lanes = lanes
        plan.candidateShare = share
        plan.salt = salt
        plan.unknownSafeMode = unknownReads
        plan.unknownRules = defaults.rules()
        plan.limits = limits
        var configuration = CountersignConfiguration(
            plan: plan, admin: admin, stateDirectory: state, evidence: evidence, channels: alerts.channels)
        configuration.alertRules = alerts.rules
        configuration.store = store
        configuration.rollout = rollout
        configuration.adminSettings = adminSettings
        return configuration
    }

    private func endpoint(_ value: YAMLValue) -> Endpoint? {
        guard let text = value.text("HOST:PORT") else { return nil }
        do throws(AddressError) {
            return try Addresses.endpoint(text)
        } catch {
            value.complain(error.description)
            return nil
        }
    }

    private func side(_ value: YAMLValue) -> SidePlan? {
        guard let section = value.section(ConfigurationKeys.side) else { return nil }
        let url = section.required("url", "the side's address, as `http://127.0.0.1:7100` or `https://bank.example:443`")
        let connectTimeout = section["connect-timeout"]?.duration(in: 1...60_000)
        let answerTimeout = section["answer-timeout"]?.duration(in: 1...600_000)
        let patience = section["patience"]?.duration(in: 0...60_000)
        let idleTimeout = section["idle-timeout"]?.duration(in: 1_000...3_600_000)
        let connections = section["connections"]?.integer(in: 1...65_536)
        let security = tls.side(section["tls"])
        guard let url, let text = url.text("an address") else { return nil }
        do throws(AddressError) {
            let address = try Addresses.side(text)
            var side = SidePlan(endpoint: address.endpoint)
            if address.isTLS {
                side.tls = security
            } else {
                section["tls"]?.complain(
                    "`tls` stands under an `http://` side: write `https://` in its `url`, or leave `tls` out")
            }
            if let connectTimeout { side.connectTimeoutMs = connectTimeout }
            if let answerTimeout { side.answerTimeoutMs = answerTimeout }
            if let patience { side.patienceMs = patience }
            if let idleTimeout { side.idleTimeoutMs = idleTimeout }
            if let connections { side.connectionsMax = connections }
            return side
        } catch {
            url.complain(error.description)
            return nil
        }
    }
}
