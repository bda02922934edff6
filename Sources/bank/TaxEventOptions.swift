import ArgumentParser
import PayoutService

/// Where tax events travel, and where to crash for a test.
struct TaxEventOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Send tax events through this Kafka topic: kafka://[user:password@]HOST:PORT[,…]/TOPIC[?property=value]; `bank tax-worker --events` books them. Default: through the books' own outbox.",
            valueName: "address"))
    var events: String?
    @Option(
        help: ArgumentHelp(
            "For tests: kill this process when it passes this point for the N-th time. \(CrashPoint.allCases.map(\.rawValue).joined(separator: ", ")).",
            valueName: "point[:N]"),
        transform: { text in
            do throws(CrashPlan.Refusal) { return try CrashPlan(text) } catch { throw ValidationError(error.description) }
        })
    var crashAt: CrashPlan?

    func validate() throws {
        guard let events, let refusal = TaxTopic.refusal(ofAddress: events) else { return }
        throw ValidationError("--events can't be used: \(refusal).")
    }
}
