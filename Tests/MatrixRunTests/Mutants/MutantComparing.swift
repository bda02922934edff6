import CaseMatrix
import Comparison
import Foundation

@testable import MatrixRun

/// Comparisons that look away, each in one of the ways that verifiers have been seen to.
struct AlwaysEqual: RowComparing {
    func differences(
        _ legacy: SideTranscript.Answer, _ candidate: SideTranscript.Answer, _ rules: ResponseRules
    ) -> [Difference] { [] }
}

/// Compares what both answers become when something is taken out of them first.
struct Blinded: RowComparing {
    var blind: @Sendable (JSONTree) -> JSONTree

    func differences(
        _ legacy: SideTranscript.Answer, _ candidate: SideTranscript.Answer, _ rules: ResponseRules
    ) -> [Difference] { ExactComparing().differences(blinded(legacy), blinded(candidate), rules) }

    private func blinded(_ answer: SideTranscript.Answer) -> SideTranscript.Answer {
        var answer = answer
        if let body = JSONTree(answer.body) { answer.body = blind(body).bytes }
        return answer
    }

    static let skipsLastItem = Blinded { $0.mapped { if case .array(let items) = $0 { .array(items.dropLast()) } else { $0 } } }

    static let numbersAsDouble = Blinded {
        $0.mapped { if case .number(let text) = $0, let value = Double(text) { .number("\(value)") } else { $0 } }
    }
}

/// Members that only the candidate has go unseen.
struct IgnoresAddedMembers: RowComparing {
    func differences(
        _ legacy: SideTranscript.Answer, _ candidate: SideTranscript.Answer, _ rules: ResponseRules
    ) -> [Difference] { ExactComparing().differences(legacy, candidate, rules).filter { $0.kind != .added } }
}

struct SidesSwapped: RowComparing {
    func differences(
        _ legacy: SideTranscript.Answer, _ candidate: SideTranscript.Answer, _ rules: ResponseRules
    ) -> [Difference] { ExactComparing().differences(candidate, legacy, rules) }
}

/// Sees the status alone.
struct StatusAlone: RowComparing {
    func differences(
        _ legacy: SideTranscript.Answer, _ candidate: SideTranscript.Answer, _ rules: ResponseRules
    ) -> [Difference] { ExactComparing().differences(legacy, candidate, rules).filter { $0.kind == .status } }
}

/// Compares what is answered and forgets the read-backs.
struct ForgetsReadBacks: RowComparing {
    func differences(
        _ legacy: SideTranscript.Answer, _ candidate: SideTranscript.Answer, _ rules: ResponseRules
    ) -> [Difference] {
        legacy.label.lowercased().contains("journal") ? [] : ExactComparing().differences(legacy, candidate, rules)
    }
}

extension JSONTree {
    func mapped(_ change: (JSONTree) -> JSONTree) -> JSONTree {
        switch change(self) {
        case .array(let elements): .array(elements.map { $0.mapped(change) })
        case .object(let members): .object(members.map { Member($0.name, $0.value.mapped(change)) })
        case let scalar: scalar
        }
    }
}
