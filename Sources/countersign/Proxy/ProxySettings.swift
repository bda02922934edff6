import Alerting
public import ArgumentParser
import Foundation
public import ProxyConfiguration
import RuleFiles
import ShadowProxy

/// What the command line says about a proxy: a file, or two sides, and what overrides the file.
struct ProxySettings: ParsableArguments {
    @Option(name: .customLong("config"), help: ArgumentHelp("The configuration (docs/configuration.md).", valueName: "FILE"))
    var file: String?

    @Option(help: ArgumentHelp("The side that answers callers now: http://HOST:PORT or https://HOST:PORT.", valueName: "URL"))
    var legacy: String?

    @Option(help: ArgumentHelp("The side that is to replace it: http://HOST:PORT or https://HOST:PORT.", valueName: "URL"))
    var candidate: String?

    @Option(
        help: ArgumentHelp(
            "Where callers come in; port 0 picks a free one. Without a file 127.0.0.1:7000.", valueName: "HOST:PORT"))
    var listen: String?

    @Option(help: ArgumentHelp("Health, metrics, verdicts. Without a file a free port of 127.0.0.1.", valueName: "HOST:PORT"))
    var admin: String?

    @Option(help: ArgumentHelp("Evidence, counts and queues. Without a file a temporary folder.", valueName: "DIR"))
    var state: String?

    @Option(
        help: ArgumentHelp("Share counts, evidence, incidents and notices with other proxies: postgres://…", valueName: "URL"))
    var store: String?

    @Option(help: ArgumentHelp("Post alerts here too, unsigned.", valueName: "URL"))
    var webhook: String?

    @Option(help: ArgumentHelp("generic, slack or alertmanager.", valueName: "FORMAT"))
    var webhookFormat: ChannelSettings.Format = .generic

    @Option(
        help: ArgumentHelp(
            "The descriptor of a listening socket that was handed on (3 under systemd): callers wait in it while the proxy restarts.",
            valueName: "FD"))
    var socket: Int32?

    @Flag(help: "The rollout promotes by its policy, without being asked.")
    var auto = false

    @Flag(help: "Show each mismatch as it comes, as is done without a file.")
    var show = false

    @Flag(help: "Callers may set X-Request-Time and X-Shadow-Mode themselves.")
    var trusted = false

    /// A run without a file compares reads and shows each mismatch at once.
    var isWithoutFile: Bool { file == nil }

    /// Where the plan comes from, for reports.
    var source: String { file ?? "no file: every GET and HEAD is compared" }

    /// Reads the file, if any, and lets the command line override it.
    ///
    /// - Parameter temporaryState: the state folder where neither names one.
    func load(temporaryState: () throws -> String) throws -> CountersignConfiguration {
        var configuration: CountersignConfiguration
        if let file {
            configuration = try Self.read(file)
            if let legacy { configuration.plan.legacy.move(to: try Self.side("--legacy", legacy)) }
            if let candidate { configuration.plan.candidate.move(to: try Self.side("--candidate", candidate)) }
            if let listen { configuration.plan.listen = try Self.endpoint("--listen", listen) }
            if let admin { configuration.admin = try Self.endpoint("--admin", admin) }
            if let state { configuration.stateDirectory = state }
        } else {
            guard let legacy, let candidate else {
                throw ExitStatus.usage.because(
                    "say what to compare: --config FILE, or --legacy URL and --candidate URL (countersign help proxy)")
            }
            configuration = CountersignConfiguration.comparingReads(
                listen: try Self.endpoint("--listen", listen ?? "127.0.0.1:7000"),
                admin: try Self.endpoint("--admin", admin ?? "127.0.0.1:0"), legacy: try Self.sidePlan("--legacy", legacy),
                candidate: try Self.sidePlan("--candidate", candidate), stateDirectory: try state ?? temporaryState())
            // A person watches: nothing waits for company.
            configuration.alertRules.pace.groupWaitMs = 0
        }
        if admin != nil, let refusal = configuration.adminSettings.refusal(of: configuration.admin) {
            throw ExitStatus.usage.because("--admin: \(refusal)")
        }
        guard configuration.plan.legacy.endpoint != configuration.plan.candidate.endpoint else {
            throw ExitStatus.usage.because(
                "legacy and candidate are the same address: a system can't be compared with itself; give the candidate's own")
        }
        if trusted { configuration.plan.trusted = true }
        if let store {
            guard SharedStoreSettings.isAddress(store) else {
                throw ExitStatus.usage.because(
                    "--store takes an address that begins with postgres://, as in postgres://USER@HOST:PORT/DATABASE")
            }
            var shared = configuration.store ?? SharedStoreSettings(address: store)
            shared.address = store
            configuration.store = shared
        }
        if let webhook {
            guard webhook.hasPrefix("http://") || webhook.hasPrefix("https://") else {
                throw ExitStatus.usage.because("--webhook takes an http:// or https:// address, not \(webhook)")
            }
            configuration.channels.append(
                ChannelSettings(
                    name: "command-line", url: webhook, format: webhookFormat, secret: nil,
                    allowNetworks: Self.privateNetworks))
        }
        return configuration
    }

    /// Whoever names a receiver on the command line may well mean one beside the proxy.
    private static let privateNetworks = ["127.0.0.0/8", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "::1/128", "fc00::/7"]

    /// Reads a file or ends the command with everything that is wrong with it.
    static func read(_ file: String) throws -> CountersignConfiguration {
        guard FileManager.default.fileExists(atPath: file) else {
            throw ExitStatus.noInput.because("there is no file \(file)")
        }
        do {
            return try CountersignConfiguration.load(path: file)
        } catch {
            Screen.complain(error.description)
            let count = error.problems.count
            throw ExitStatus.data.because("\(file) has \(count == 1 ? "an error" : "\(count) errors")")
        }
    }

    private static func endpoint(_ option: String, _ text: String) throws -> Endpoint {
        do { return try Addresses.endpoint(text) } catch { throw ExitStatus.usage.because("\(option): \(error)") }
    }

    private static func side(_ option: String, _ text: String) throws -> SideAddress {
        do { return try Addresses.side(text) } catch { throw ExitStatus.usage.because("\(option): \(error)") }
    }

    private static func sidePlan(_ option: String, _ text: String) throws -> SidePlan {
        let address = try side(option, text)
        var plan = SidePlan(endpoint: address.endpoint)
        plan.move(to: address)
        return plan
    }
}

extension SidePlan {
    /// Another address for the same side: what a file says of TLS holds there too, as far as TLS is spoken.
    fileprivate mutating func move(to address: SideAddress) {
        endpoint = address.endpoint
        tls = address.isTLS ? tls ?? SideTLS() : nil
    }
}

extension ChannelSettings.Format: ExpressibleByArgument {}
