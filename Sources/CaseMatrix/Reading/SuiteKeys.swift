import RuleFiles

/// The keys of a suite file; docs/matrices.md describes each.
enum SuiteKeys {
    static let suite = SectionKeys(
        "suite",
        [
            "include", "suite", "about", "strength", "nightly", "seed", "parameters", "defaults", "constraints", "seeds",
            "variables", "fixture", "calls", "steps", "read-back", "load", "settle", "compare", "invariants", "oracle",
            "products",
        ])
    static let variable = SectionKeys("variables[]", ["name", "kind"] + source.keys)
    static let source = SectionKeys("variables[] source", ["value", "by", "of", "cases"])
    static let variableCase = SectionKeys("variables[].cases[]", ["when"] + source.keys)
    static let choose = SectionKeys("choose", ["choose", "of"])
    static let conditional = SectionKeys("when … then", ["when", "then"])
    static let call = SectionKeys("calls.NAME", ["method", "path", "headers", "body", "with", "compare"])
    static let step = SectionKeys("steps[]", ["when", "call", "as", "with"])
    static let together = SectionKeys("steps[]", ["when", "together"])
    static let load = SectionKeys("load", ["method", "path", "headers", "lines-max"])
    static let settle = SectionKeys("settle", ["path", "pointer", "equals", "within"])
    static let invariant = SectionKeys("invariants[]", ["name", "for", "when", "when-status", "holds"])
    static let not = SectionKeys("when.NAME", ["not"])
}
