import Foundation
import MatrixRun

/// The faults that a candidate can be started with.
enum FaultList {
    /// - Parameter names: `a,b`; nil takes all that `bank faults` lists.
    static func faults(_ names: String?, own: Bool, _ cast: ProgramCast) async throws -> [SeededFault] {
        let wanted = names?.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }.filter { !$0.isEmpty }
        guard own else { return (wanted ?? []).map { SeededFault(name: $0) } }
        let listed = try await listed(cast)
        guard let wanted else { return listed }
        return try wanted.map { name in
            guard let fault = listed.first(where: { $0.name == name }) else {
                throw ExitStatus.usage.because("there is no fault `\(name)`; `bank faults` lists those there are")
            }
            return fault
        }
    }

    private static func listed(_ cast: ProgramCast) async throws -> [SeededFault] {
        let (status, lines) = try await cast.run("bank faults", "bank", ["faults", "--json"], log: nil)
        guard status == 0,
            let faults = try? JSONDecoder().decode([Listed].self, from: Data(lines.joined(separator: "\n").utf8)),
            !faults.isEmpty
        else { throw ExitStatus.unavailable.because("`bank faults --json` lists no faults") }
        return faults.map { SeededFault(name: $0.name, policy: $0.policy, about: $0.about) }
    }

    private struct Listed: Decodable {
        var name: String
        var policy: String
        var about: String
    }
}
