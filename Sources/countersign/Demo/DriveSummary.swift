import Reports

/// What the demo tells of a load: a part of the report that `bank drive --json` writes.
struct DriveSummary: Decodable {
    var sent: Int
    var answered: Int
    var elapsedMilliseconds: Int
    var moneyAnswers: Int
    /// By status (`201`), refusals by status and code (`409 ALREADY_PAID_TODAY`).
    var answers: [String: Int]
    var failures: [String: Int]

    var sentence: String {
        var byStatus: [String: Int] = [:]
        for (answer, count) in answers { byStatus[String(answer.prefix(3)), default: 0] += count }
        let split = byStatus.sorted { $0.key < $1.key }.map { "\(ReportText.number($0.value)) × \($0.key)" }
        let failed = failures.values.reduce(0, +)
        let money = answered > 0 ? moneyAnswers * 100 / answered : 0
        return "\(ReportText.number(sent)) calls in \(elapsedMilliseconds / 1_000).\(elapsedMilliseconds % 1_000 / 100) s: "
            + split.joined(separator: ", ") + (failed > 0 ? ", \(failed) without answer" : "")
            + "; \(money) % moved or showed money"
    }
}
