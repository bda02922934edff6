import Comparison
import Crypto
import Foundation
import ShadowProxy

/// Tells two sets of comparison rules apart: evidence that was gathered under other rules says nothing of these.
enum RulesFingerprint {
    /// Of what is compared and how; where the sides are, and every bound, takes no part.
    static func of(_ plan: ProxyPlan) -> String {
        var lines = plan.operations.map { operation in
            "\(operation.name) \(operation.method) \(operation.pathTemplate) \(operation.mode.rawValue) \(operation.order.rawValue) "
                + "\(operation.keys) \(operation.sample) \(operation.notDone) \(text(operation.rules))"
        }
        lines.append("otherwise \(plan.unknownSafeMode.rawValue) \(text(plan.unknownRules))")
        let digest = SHA256.hash(data: Data(lines.joined(separator: "\n").utf8))
        return digest.prefix(8).map { byte in
            let digits = String(byte, radix: 16)
            return digits.count == 1 ? "0" + digits : digits
        }.joined()
    }

    private static func text(_ rules: ResponseRules) -> String {
        let each = rules.rules.map { "\($0.path): \(text($0.action))" }
        return
            "\(each) \(rules.headers) \(rules.problemMembers) \(rules.defaultSeverity.rawValue) \(rules.depthMax) \(rules.differencesMax)"
    }

    private static func text(_ action: RuleAction) -> String {
        switch action {
        case .pattern(let pattern): "pattern(\(pattern.description))"
        case .tolerance(let absolute, let relative):
            "tolerance(\(absolute?.description ?? ""), \(relative?.description ?? ""))"
        default: "\(action)"
        }
    }
}
