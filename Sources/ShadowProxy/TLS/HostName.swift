/// Names of hosts as certificates write them (RFC 6125 §6.4).
enum HostName {
    /// - Parameters:
    ///   - pattern: `bank.example`, or `*.bank.example`, whose star stands for one whole label.
    ///   - name: what was asked for, in any case, with or without the root's dot.
    static func matches(_ pattern: String, _ name: String) -> Bool {
        let pattern = labels(pattern)
        let name = labels(name)
        guard pattern.count == name.count, let first = pattern.first, !name.contains("") else { return false }
        guard first == "*" else { return pattern == name }
        // A star for a whole top-level domain is nobody's.
        return pattern.count > 2 && pattern.dropFirst() == name.dropFirst()
    }

    private static func labels(_ text: String) -> [String] {
        let whole = text.hasSuffix(".") ? text.dropLast() : text[...]
        return whole.split(separator: ".", omittingEmptySubsequences: false).map { $0.lowercased() }
    }
}
