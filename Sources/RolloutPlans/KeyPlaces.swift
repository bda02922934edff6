import RuleFiles
import Yams

/// Where each key of a file stands, to give a line to a complaint about the plan as a whole.
struct KeyPlaces {
    private var marks: [String: Mark] = [:]

    init(_ root: YAMLValue) { walk(root.node, "") }

    private mutating func walk(_ node: Node, _ key: String) {
        marks[key] = node.mark
        switch node {
        case .mapping(let mapping):
            for (name, value) in mapping {
                guard let name = name.scalar?.string else { continue }
                walk(value, key.isEmpty ? name : "\(key).\(name)")
            }
        case .sequence(let sequence):
            for (index, value) in sequence.enumerated() { walk(value, "\(key)[\(index)]") }
        case .scalar, .alias: break
        }
    }

    func mark(of key: String) -> Mark? { marks[key] }

    /// The key itself, or what it was taken over from (a stage's `minimum` from `stage`, an audience's policy from `promotion`), or the
    /// nearest thing around it.
    func nearest(to key: String) -> String {
        if let place = origins(of: key).first(where: { marks[$0] != nil }) { return place }
        var around = key
        while let cut = around.lastIndex(where: { $0 == "." || $0 == "[" }) {
            around = String(around[..<cut])
            if let place = origins(of: around).first(where: { marks[$0] != nil }) { return place }
        }
        return ""
    }

    private func origins(of key: String) -> [String] {
        var places = [key]
        if let match = key.wholeMatch(of: /audiences\[\d+\]\.promotion(.*)/) { places.append("promotion\(match.1)") }
        if let match = key.wholeMatch(of: /audiences\[\d+\]\.stages\[\d+\]\.(minimum|maximum|approvals.*)/) {
            places.append("stage.\(match.1)")
        }
        for place in places {
            // An operation without rates of its own has those of the policy.
            guard let match = place.wholeMatch(of: /(.*promotion)\.operations\..*\.(good-rate|bad-rate)/) else { continue }
            places.append("\(match.1).\(match.2)")
        }
        return places
    }
}
