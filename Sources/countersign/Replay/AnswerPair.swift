import Comparison
import Foundation
import Outbound
import Verdicts

/// Two answers to one request, legacy's left, and what the comparison says of them.
struct AnswerPair {
    struct Answer {
        var status: Int
        var headers: [[String]]
        var body: [UInt8]
    }

    var legacy: Answer
    var candidate: Answer
    var outcome: ComparisonOutcome

    init(legacy: Answer, candidate: Answer, rules: ResponseRules) {
        self.legacy = legacy
        self.candidate = candidate
        var comparator = Comparator()
        outcome = Self.withView(legacy, rules) { legacy in
            Self.withView(candidate, rules) { candidate in
                comparator.compare(primary: legacy, shadow: candidate, rules: rules)
            }
        }
    }

    var isEqual: Bool {
        if case .different = outcome { return false }
        return true
    }

    private static func withView<Result>(_ answer: Answer, _ rules: ResponseRules, _ body: (AnswerView) -> Result) -> Result {
        let type = answer.headers.first { $0.count == 2 && $0[0].lowercased() == "content-type" }.map { Array($0[1].utf8) }
        // One block of memory for names and values, so that all views stay valid together.
        var text: [UInt8] = []
        var fields: [(name: Range<Int>, value: Range<Int>)] = []
        for field in answer.headers where field.count == 2 && rules.headers.contains(field[0].lowercased()) {
            let start = text.count
            text += field[0].utf8
            let middle = text.count
            text += field[1].utf8
            fields.append((start..<middle, middle..<text.count))
        }
        return text.withUnsafeBytes { text in
            answer.body.withUnsafeBytes { bytes in
                let headers = fields.map { field in
                    AnswerView.HeaderField(
                        name: UnsafeRawBufferPointer(rebasing: text[field.name]),
                        value: UnsafeRawBufferPointer(rebasing: text[field.value]))
                }
                guard let type else {
                    return body(AnswerView(status: answer.status, contentType: nil, headers: headers, body: bytes))
                }
                return type.withUnsafeBytes { type in
                    body(AnswerView(status: answer.status, contentType: type, headers: headers, body: bytes))
                }
            }
        }
    }
}

extension AnswerPair.Answer {
    init(_ answer: OutboundAnswer) {
        self.init(status: answer.status, headers: answer.headers.map { [$0.0, $0.1] }, body: answer.body)
    }

    init(_ answer: RecordedAnswer) {
        self.init(status: answer.status, headers: answer.headers, body: answer.body)
    }
}
