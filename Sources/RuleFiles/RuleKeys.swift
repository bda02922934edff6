/// The keys of comparison rules, wherever they stand.
package enum RuleKeys {
    /// Of `defaults`, of an operation's `compare`, and of a file of rules alone.
    package static let compare = SectionKeys("compare", ["headers", "problems", "severity", "nesting", "differences", "rules"])
    package static let rule = SectionKeys(
        "compare.rules[]",
        [
            "path", "ignore", "tolerance", "time-within", "ignore-case", "pattern", "as-set", "keyed-by",
            "tolerate-representation", "severity",
        ])
    package static let tolerance = SectionKeys("compare.rules[].tolerance", ["absolute", "relative"])
}
