import ArgumentParser
import Foundation
import ProxyConfiguration

/// Where a run's state lies, as commands are told.
struct StatePlace: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The proxy's state folder. Without it and --config: countersign-state here, or the latest run without a file.",
            valueName: "DIR"))
    var state: String?

    @Option(help: ArgumentHelp("The proxy's configuration, which names it.", valueName: "FILE"))
    var config: String?

    func directory() throws -> String {
        if let state { return state }
        if let config { return try ProxySettings.read(config).stateDirectory }
        if let latest = Self.latest() {
            Screen.complain("countersign: taking the run in \(latest)")
            return latest
        }
        throw ExitStatus.usage.because("say which run: --state DIR (the proxy prints it) or --config FILE")
    }

    /// `countersign-state` in the working folder, else the newest of the temporary folders that runs without a file leave.
    private static func latest() -> String? {
        let files = FileManager.default
        if files.fileExists(atPath: RunNote.file(in: "countersign-state").path) { return "countersign-state" }
        let temporary = files.temporaryDirectory
        let names = (try? files.contentsOfDirectory(atPath: temporary.path)) ?? []
        let runs = names.filter { $0.hasPrefix("countersign-") }.compactMap { name -> (path: String, written: Date)? in
            let path = temporary.appendingPathComponent(name).path
            let attributes = try? files.attributesOfItem(atPath: RunNote.file(in: path).path)
            return (attributes?[.modificationDate] as? Date).map { (path, $0) }
        }
        return runs.max { $0.written < $1.written }?.path
    }
}
