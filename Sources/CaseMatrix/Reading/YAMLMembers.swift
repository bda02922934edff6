import RuleFiles
import Yams

/// One member of a mapping whose keys the file chooses itself.
struct YAMLMember {
    let name: String
    /// Where the name stands, for complaints about it.
    let nameMark: Mark?
    let value: YAMLValue

    func complainOfName(_ message: String) { value.problems.add(message, at: nameMark, key: value.key) }
}

extension YAMLValue {
    var isMapping: Bool { if case .mapping = node { true } else { false } }
    var isSequence: Bool { if case .sequence = node { true } else { false } }

    /// The members of a mapping of any keys, in the file's order; a complaint and nil for anything else.
    func members(_ what: String) -> [YAMLMember]? {
        guard case .mapping(let mapping) = node else {
            complain("a mapping is expected: \(what)")
            return nil
        }
        return mapping.map { key, node in
            let name = key.scalar?.string ?? ""
            return YAMLMember(
                name: name, nameMark: key.mark,
                value: YAMLValue(node: node, key: self.key.isEmpty ? name : "\(self.key).\(name)", problems: problems))
        }
    }

    func has(_ key: String) -> Bool {
        guard case .mapping(let mapping) = node else { return false }
        return mapping.contains { $0.key.scalar?.string == key }
    }

    /// The mapping without one of its keys.
    func without(_ key: String) -> YAMLValue {
        guard case .mapping(let mapping) = node else { return self }
        let rest = mapping.filter { $0.key.scalar?.string != key }.map { ($0.key, $0.value) }
        return YAMLValue(
            node: .mapping(Node.Mapping(rest, mapping.tag, mapping.style, mapping.mark)), key: self.key, problems: problems)
    }

    /// A scalar that is neither quoted nor a block: its text can mean a number or null.
    var isPlainScalar: Bool {
        guard case .scalar(let scalar) = node else { return false }
        return scalar.style == .plain || scalar.style == .any
    }

    var place: SourcePlace {
        SourcePlace(file: problems.file, line: node.mark?.line ?? 0, column: node.mark?.column ?? 0, key: key)
    }

    /// A name that can stand in `${…}` and in invariants.
    func identifier(_ what: String) -> String? {
        guard let text = text(what) else { return nil }
        guard Identifier.isValid(text) else {
            complain("found `\(text)`; \(what) is made of letters, digits and `_` and begins with a letter")
            return nil
        }
        return text
    }
}

enum Identifier {
    static func isValid(_ text: String) -> Bool {
        guard let first = text.utf8.first, (first | 0x20) &- 0x61 < 26 else { return false }
        return text.utf8.allSatisfy(isPart)
    }

    static func isPart(_ byte: UInt8) -> Bool {
        byte &- 0x30 < 10 || (byte | 0x20) &- 0x61 < 26 || byte == UInt8(ascii: "_")
    }
}
