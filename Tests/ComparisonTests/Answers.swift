import Comparison
import Testing

/// An answer as a test writes it.
struct Answer {
    var status = 200
    var contentType: String? = "application/json"
    var headers: [(String, String)] = []
    var body: [UInt8]

    init(_ body: String, status: Int = 200, contentType: String? = "application/json", headers: [(String, String)] = []) {
        self.init(bytes: Array(body.utf8), status: status, contentType: contentType, headers: headers)
    }

    init(bytes: [UInt8], status: Int = 200, contentType: String? = "application/json", headers: [(String, String)] = []) {
        self.status = status
        self.contentType = contentType
        self.headers = headers
        self.body = bytes
    }

    /// Lends the answer as the comparison takes it.
    func withView<Result>(_ body: (AnswerView) -> Result) -> Result {
        // One block of memory for everything, so that no pointer outlives its bytes.
        var memory: [UInt8] = self.body
        let typeStart = memory.count
        memory += Array((contentType ?? "").utf8)
        let typeEnd = memory.count
        var fields: [(name: Range<Int>, value: Range<Int>)] = []
        for (name, value) in headers {
            let start = memory.count
            memory += Array(name.utf8)
            let middle = memory.count
            memory += Array(value.utf8)
            fields.append((start..<middle, middle..<memory.count))
        }
        return memory.withUnsafeBytes { bytes in
            body(
                AnswerView(
                    status: status,
                    contentType: contentType == nil ? nil : UnsafeRawBufferPointer(rebasing: bytes[typeStart..<typeEnd]),
                    headers: fields.map {
                        AnswerView.HeaderField(
                            name: UnsafeRawBufferPointer(rebasing: bytes[$0.name]),
                            value: UnsafeRawBufferPointer(rebasing: bytes[$0.value]))
                    },
                    body: UnsafeRawBufferPointer(rebasing: bytes[0..<typeStart])))
        }
    }
}

func compare(_ primary: Answer, _ shadow: Answer, _ rules: ResponseRules = ResponseRules()) -> ComparisonOutcome {
    primary.withView { primary in
        shadow.withView { shadow in
            var comparator = Comparator()
            return comparator.compare(primary: primary, shadow: shadow, rules: rules)
        }
    }
}

func compare(_ primary: String, _ shadow: String, _ rules: ResponseRules = ResponseRules()) -> ComparisonOutcome {
    compare(Answer(primary), Answer(shadow), rules)
}

/// `value $.a 1 2`, with `~` in front of forgiven ones.
func summary(_ outcome: ComparisonOutcome) -> [String] {
    outcome.differences.map {
        "\($0.tolerated ? "~" : "")\($0.kind.rawValue) \($0.path) \($0.primary ?? "-") \($0.shadow ?? "-")"
    }
}

func rules(_ list: [(String, RuleAction)]) throws -> ResponseRules {
    ResponseRules(rules: try list.map { Rule(path: try PathPattern($0.0), action: $0.1) })
}

func decimal(_ text: String) throws -> ExactDecimal { try #require(ExactDecimal(text)) }
