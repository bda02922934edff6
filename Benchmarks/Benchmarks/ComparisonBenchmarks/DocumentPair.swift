import Benchmark

/// Two answers that say the same but for one ignored member at the top, an id that each side gives itself.
struct DocumentPair {
    let name: String
    /// The member that is ignored.
    let ignored: String
    let primary: DocumentBytes
    let shadow: DocumentBytes
    /// The shadow's document with the members of every object in reverse: as long, and no longer the same bytes for any stretch.
    let reordered: DocumentBytes
    /// Calls in one measurement: some hundred microseconds of them for the fastest contender.
    let calls: BenchmarkScalingFactor

    /// Bytes of both documents together.
    var bytes: Int { primary.text.count + shadow.text.count }

    static var all: [DocumentPair] {
        [
            DocumentPair("payout", ignored: "payoutId", calls: .kilo) { DocumentText.payout(id: $0) },
            DocumentPair("statement-4k", ignored: "statementId", calls: .kilo) { DocumentText.statement(id: $0, postings: 25) },
            DocumentPair("statement-64k", ignored: "statementId", calls: .one) { DocumentText.statement(id: $0, postings: 400) },
        ]
    }

    private init(_ name: String, ignored: String, calls: BenchmarkScalingFactor, _ make: (String) -> DocumentText) {
        self.name = name
        self.ignored = ignored
        self.calls = calls
        primary = DocumentBytes(make("LP100000000042").written(reversed: false))
        let other = make("NP700000031337")
        shadow = DocumentBytes(other.written(reversed: false))
        reordered = DocumentBytes(other.written(reversed: true))
    }
}

/// A document as it is made up here, so that it can be written in more than one order.
indirect enum DocumentText {
    case string(String)
    case number(Int)
    case array([DocumentText])
    case object([(name: String, value: DocumentText)])

    func written(reversed: Bool) -> String {
        switch self {
        case .string(let text): return "\"\(text)\""
        case .number(let number): return String(number)
        case .array(let elements): return "[" + elements.map { $0.written(reversed: reversed) }.joined(separator: ",") + "]"
        case .object(let members):
            let texts = members.map { "\"\($0.name)\":" + $0.value.written(reversed: reversed) }
            return "{" + (reversed ? texts.reversed() : texts).joined(separator: ",") + "}"
        }
    }

    /// What the bank answers to an interest payout, about 330 bytes.
    static func payout(id: String) -> DocumentText {
        .object([
            ("payoutId", .string(id)),
            ("accountId", .string("1000-0000-0001")),
            ("businessDate", .string("2026-03-02")),
            (
                "period",
                .object([("from", .string("2025-09-01")), ("to", .string("2026-03-01")), ("days", .number(182))])
            ),
            ("grossInterest", .number(15_342)),
            ("incomeTax", .number(2_147)),
            ("localIncomeTax", .number(214)),
            ("netInterest", .number(12_981)),
            ("balanceAfter", .number(2_012_981)),
            ("heldAmount", .number(0)),
            ("currency", .string("KRW")),
            ("processedAt", .string("2026-03-02T09:00:00+09:00")),
        ])
    }

    /// A list of bookings of about 160 bytes each, every fourth with a text in Hangul.
    static func statement(id: String, postings: Int) -> DocumentText {
        let lines = (0..<postings).map { index in
            DocumentText.object([
                ("postingId", .number(900_000_000 + index)),
                ("businessDate", .string("2026-03-\(10 + index % 18)")),
                ("kind", .string(index % 3 == 0 ? "INTEREST" : "TRANSFER")),
                ("amount", .number((index % 2 == 0 ? 1 : -1) * (10_000 + index * 37))),
                ("balanceAfter", .number(2_000_000 + index * 11)),
                ("memo", .string(index % 4 == 0 ? "정기 이자 지급" : "monthly transfer \(index)")),
                ("reversed", .number(0)),
            ])
        }
        return .object([
            ("statementId", .string(id)),
            ("accountId", .string("1000-0000-0001")),
            ("currency", .string("KRW")),
            ("postings", .array(lines)),
            ("closingBalance", .number(2_012_981)),
        ])
    }
}
