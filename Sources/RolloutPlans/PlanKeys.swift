package import RuleFiles

/// Every key of a plan file. docs/migration.md has a row for each; a test holds the two together.
package enum PlanKeys {
    package static let top = SectionKeys(
        "",
        [
            "name", "salt", "denied-keys", "unproved", "shadow", "stage", "audiences", "promotion", "rollback", "retirement",
            "freeze",
        ])
    package static let salt = SectionKeys("salt", SecretReader.keys.keys)
    package static let times = SectionKeys("shadow", ["minimum", "maximum"])
    /// What holds for every stage that does not say otherwise.
    package static let stageDefaults = SectionKeys("stage", ["minimum", "maximum", "approvals"])
    package static let audience = SectionKeys(
        "audiences[]", ["name", "claim", "everyone", "keys", "answered-min", "stages", "promotion"])
    package static let stage = SectionKeys("audiences[].stages[]", ["candidate", "minimum", "maximum", "approvals"])
    package static let approval = SectionKeys("approvals[]", ["role", "number"])
    package static let promotion = SectionKeys(
        "promotion",
        ["operations", "good-rate", "bad-rate", "alpha", "beta", "per-key-max", "keys-max", "critical-places"])
    package static let operation = SectionKeys("promotion.operations.*", ["good-rate", "bad-rate"])
    package static let rollback = SectionKeys(
        "rollback", ["written-keys", "failures-in-a-row", "error-ratio", "error-false-alarm-every"])
    package static let retirement = SectionKeys("retirement", ["approvals"])
    package static let freeze = SectionKeys("freeze[]", ["name", "zone", "dates", "daily", "weekly"])

    private static let all = [
        top, salt, times, stageDefaults, audience, stage, approval, promotion, operation, rollback, retirement, freeze,
    ]

    /// As docs/migration.md writes them: `audiences[].name`, `promotion.alpha` …
    package static let paths = all.flatMap { section in section.keys.map { section.name.isEmpty ? $0 : "\(section.name).\($0)" } }
}
