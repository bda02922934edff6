public import ArgumentParser
import Foundation
public import Reports

/// `countersign report`: what a run proved.
struct ReportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "report", abstract: "Write what a run proved: counts, incidents side by side, latencies.",
        discussion:
            "While the proxy runs, or after; of all proxies that share a store with --store. The HTML is one file that needs nothing else, fit for a phone."
    )

    @Option(help: "html, json or md.")
    var format: ReportFormat = .md

    @Option(help: ArgumentHelp("The file to write; standard output when absent.", valueName: "FILE"))
    var out: String?

    @OptionGroup var place: StorePlace

    func run() async throws {
        let report: RunReport
        if let address = try place.address() {
            report = try await SharedShelf.open(address).report()
        } else {
            report = try await ReportAssembly(state: place.place.directory()).report()
        }
        let text = try format.render(report)
        guard let out else {
            Screen.standard.print(text)
            return
        }
        do {
            try Data(text.utf8).write(to: URL(fileURLWithPath: out), options: .atomic)
        } catch {
            throw ExitStatus.cannotCreate.because("\(out) can't be written: \(error.localizedDescription)")
        }
    }
}

extension ReportFormat: ExpressibleByArgument {}
