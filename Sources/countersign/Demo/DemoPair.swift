import Foundation

/// Both services with fresh books, and the proxy between them.
struct DemoPair {
    var legacy: String
    var candidate: String
    var proxy: String
    var admin: String
    var state: URL
    var proxyProgram: ChildProgram

    /// - Parameters:
    ///   - act: names the files.
    ///   - fault: one of `bank faults`, for the candidate alone.
    static func start(_ act: String, fault: String? = nil, webhook: String, in folder: DemoFolder, cast: ProgramCast) async throws
        -> DemoPair
    {
        let fixture = [
            "--fixture", try DemoFolder.fixture("accounts.jsonl").path, "--products",
            try DemoFolder.fixture("products.yaml").path,
        ]
        func service(_ name: String, _ extra: [String]) async throws -> String {
            let store = "sqlite:" + folder.file("\(act)-\(name).sqlite").path
            return try await cast.start(
                "bank \(name)", "bank", [name, "--port", "0", "--store", store] + fixture + extra,
                log: folder.file("\(act)-\(name).log")
            ).urls[0]
        }
        async let legacyURL = service("legacy", [])
        async let candidateURL = service("payout", fault.map { ["--fault", $0] } ?? [])
        let (legacy, candidate) = try await (legacyURL, candidateURL)
        let state = folder.file("\(act)-state")
        let (program, urls) = try await cast.start(
            "countersign proxy", "countersign",
            [
                "proxy", "--config", try configuration(act, webhook: webhook, in: folder).path, "--legacy", legacy, "--candidate",
                candidate,
                "--listen", "127.0.0.1:0", "--admin", "127.0.0.1:0", "--state", state.path,
            ], log: folder.file("\(act)-proxy.log"), addresses: 2)
        return DemoPair(
            legacy: legacy, candidate: candidate, proxy: urls[0], admin: urls[1], state: state, proxyProgram: program)
    }

    /// The ready file for the bank, with the demo's receiver in place of its channels, and callers who set the bank's time.
    private static func configuration(_ act: String, webhook: String, in folder: DemoFolder) throws -> URL {
        let ready = String(decoding: try InputFile.bytes(DemoFolder.fixture("countersign-bank.yaml").path), as: UTF8.self)
        let plan = ready.range(of: "\nalerts:").map { String(ready[..<$0.lowerBound]) } ?? ready
        let text = """
            \(plan)
            alerts:
              group-wait: 0s
              channels:
                - name: demo
                  url: \(webhook)
                  format: slack
                  secret: none
                  allow-http: true
                  allow-networks: 127.0.0.1

            """
        let file = folder.file("\(act)-countersign.yaml")
        try Data(text.utf8).write(to: file)
        return file
    }
}
