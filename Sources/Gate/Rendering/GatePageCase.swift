import Reports
import RunRecords

/// One case as the template shows it, folded.
struct GatePageCase {
    struct Contrast {
        var path: String
        var kind: String
        var critical: Bool
        var legacy: Value
        var candidate: Value
        var expected: String
        var hasExpected: Bool
    }

    struct Value {
        var absent: Bool
        var head = ""
        var middle = ""
        var tail = ""
    }

    var id: String
    var run: String
    var operation: String
    var title: String
    var wording: String
    /// `critical`, `major` or `minor`: the tag's colour and the card's.
    var weight: String
    var critical: Bool
    var contrasts: [Contrast]
    var moreDifferences: String
    var violations: [String]
    var note: String
    var hasNote: Bool
    var values: [String]
    var hasValues: Bool
    var code: [String]
    var hasMinimal: Bool
    var minimalValues: [String]
    var attempts: String
    var minimalContrasts: [Contrast]
    var minimalCode: [String]

    init(_ record: CaseRecord, run: String) {
        id = GatePage.text(record.id)
        self.run = GatePage.text(run)
        operation = GatePage.text(record.operation)
        title = GatePage.text(record.title)
        wording = record.wording
        weight = record.isMismatch ? (record.critical ? "critical" : "major") : "minor"
        critical = record.critical
        contrasts = record.differences.prefix(12).map(Contrast.init)
        moreDifferences = record.differences.count > 12 ? "… and \(record.differences.count - 12) more differences" : ""
        violations = record.violations.prefix(20).map { GatePage.text($0) }
        note = GatePage.text(record.note ?? "", 1_000)
        hasNote = record.note != nil
        values = record.values.map { GatePage.text("\($0.dimension) = \($0.value)") }
        hasValues = !values.isEmpty
        code = Self.code(record.fixture, record.curl)
        hasMinimal = record.minimal != nil
        let minimal = record.minimal
        minimalValues = (minimal?.values ?? []).map { GatePage.text("\($0.dimension) = \($0.value)") }
        attempts = minimal.map { ReportText.count($0.attempts, "row") } ?? ""
        minimalContrasts = (minimal?.differences ?? []).prefix(12).map(Contrast.init)
        minimalCode = minimal.map { Self.code($0.fixture, $0.curl) } ?? []
    }

    private static func code(_ fixture: String?, _ curl: [String]) -> [String] {
        ([fixture].compactMap(\.self) + curl.prefix(4)).filter { !$0.isEmpty }.map { GatePage.text($0, 4_000) }
    }
}

extension GatePageCase.Contrast {
    init(_ difference: CaseDifference) {
        path = GatePage.text("\(difference.answer) \(difference.path)")
        kind = GatePage.text(difference.kind)
        critical = difference.critical
        expected = GatePage.text(difference.expected ?? "")
        hasExpected = difference.expected != nil
        switch (difference.legacy, difference.candidate) {
        case (let legacy?, let candidate?):
            let contrast = ValueContrast(legacy: GatePage.text(legacy), candidate: GatePage.text(candidate))
            self.legacy = .init(absent: false, head: contrast.head, middle: contrast.legacy, tail: contrast.tail)
            self.candidate = .init(absent: false, head: contrast.head, middle: contrast.candidate, tail: contrast.tail)
        case (let legacy, let candidate):
            self.legacy = .init(absent: legacy == nil, middle: GatePage.text(legacy ?? ""))
            self.candidate = .init(absent: candidate == nil, middle: GatePage.text(candidate ?? ""))
        }
    }
}
