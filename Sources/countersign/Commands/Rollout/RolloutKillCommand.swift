import ArgumentParser
import Foundation
import Migration
import ProxyConfiguration
import RolloutControl

extension RolloutCommand {
    /// For whoever is on call: by the admin port, and by the file where that does not answer.
    struct Kill: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Throw the kill switch: every key goes to the legacy.",
            discussion: """
                By the admin port; with --state FOLDER by the kill switch's file there, which needs no port, no token and no running proxy \
                (with --admin or --config too, wherever those do not get through). Two persons release it: `countersign rollout release`. Exit \
                status: 0 thrown, 1 refused, 69 nobody answers and no file was named, 73 the file can't be written, 77 the token does not \
                suffice.
                """)

        @Option(help: ArgumentHelp("The proxy's state folder: throw it by the file there.", valueName: "FOLDER"))
        var state: String?
        @OptionGroup var options: OrderOptions

        func run() async throws {
            guard let reason = options.reason, !reason.allSatisfy(\.isWhitespace) else {
                throw ExitStatus.usage.because("`rollout kill` needs --reason TEXT: it goes into the audit log")
            }
            guard options.place.admin != nil || options.place.config != nil else { return try byFile(reason) }
            do {
                try await options.send(.kill)
            } catch let code as ExitCode where state != nil && code.rawValue != ExitStatus.differ.rawValue {
                // Whoever is on call may lack the secrets that the configuration names, or a token.
                try byFile(reason)
            } catch let code as ExitCode where code.rawValue == ExitStatus.unavailable.rawValue {
                guard try file() != nil else { throw code }
                try byFile(reason)
            }
        }

        private func byFile(_ reason: String) throws {
            guard let path = try file() else {
                throw ExitStatus.usage.because(
                    "say which proxy: --admin URL, --config FILE, or --state FOLDER for the file alone")
            }
            let users = [ProcessInfo.processInfo.environment["USER"] ?? "", NSUserName()]
            let name = users.first { !$0.isEmpty } ?? "unknown"
            do {
                let thrown = try KillSwitchThrow.write(path: path, by: name, reason: reason, at: WallTime.instant())
                Screen.standard.print(
                    thrown
                        ? "thrown by the file \(path); a running proxy obeys within 50 ms, and one that starts obeys at once"
                        : "the file \(path) is there already: thrown it is")
            } catch { throw ExitStatus.cannotCreate.because("the kill switch is not thrown: \(error); `touch` the file by hand") }
        }

        private func file() throws -> String? {
            if let state {
                guard FileManager.default.fileExists(atPath: state) else {
                    throw ExitStatus.noInput.because("there is no state folder \(state)")
                }
                guard let config = options.place.config else { return state + "/kill-switch" }
                if let settings = try? CountersignConfiguration.load(path: config) {
                    return settings.rollout?.killFile(in: state) ?? state + "/kill-switch"
                }
                Screen.complain(
                    "countersign: \(config) can't be read here: the file is in \(state); `touch` its `kill-file`, if any")
                return state + "/kill-switch"
            }
            let settings = try options.place.config.map { try ProxySettings.read($0) }
            return settings.flatMap { $0.rollout?.killFile(in: $0.stateDirectory) }
        }
    }
}
