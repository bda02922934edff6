import Migration
import RuleFiles
import Testing

@testable import RolloutPlans

/// What is refused, where it is said to stand, and that the sentence names the mend.
@Suite("A plan file that is wrong")
struct PlanComplaintTests {
    /// A sound plan by its lines.
    private static let sound: [String: String] = [
        "name": "p", "salt": "{env: S}", "promotion": "{operations: [payout]}", "rollback": "{written-keys: keep}",
        "audiences": "[{name: all, everyone: true, stages: [1, 100]}]",
    ]
    private static let order = ["name", "salt", "promotion", "rollback", "audiences"]

    /// With one line replaced, left out (nil) or added (as the sixth line).
    private func complaints(_ key: String, _ value: String?) -> String {
        var lines = Self.order.compactMap { name in
            if name == key { return value.map { "\(name): \($0)" } }
            return Self.sound[name].map { "\(name): \($0)" }
        }
        if !Self.order.contains(key), let value { lines.append("\(key): \(value)") }
        do throws(ConfigurationError) {
            _ = try RolloutPlanFile.parse(
                text: lines.joined(separator: "\n") + "\n", named: "p.yaml",
                environment: ["S": "0123456789abcdef", "SHORT": "abc"])
            return ""
        } catch {
            return error.description
        }
    }

    @Test("the frame itself is right")
    func frame() { #expect(complaints("name", "p") == "") }

    static let cases: [(String, String?, String)] = [
        ("nmae", "x", "p.yaml:6:1: nmae: unknown key; did you mean `name`?"),
        ("name", nil, "p.yaml:1:1: `name` is missing: part of every key's bucket"),
        ("name", "a|b", "p.yaml:1:7: name: found `a|b`"),
        ("salt", "0123456789abcdef0123", "p.yaml:2:7: salt: the salt is a secret and never stands in the file"),
        ("salt", "{env: NONE}", "salt.env: the environment variable `NONE` is not set"),
        ("salt", "{env: SHORT}", "p.yaml:2:7: salt: the salt is shorter than 16 bytes"),
        ("salt", "{env: S, value: x}", "salt.value: unknown key"),
        ("salt", nil, "`salt` is missing"),
        ("denied-keys", "no-such-file", "p.yaml:6:14: denied-keys: the file `no-such-file` can't be read"),
        ("rollback", "{}", "p.yaml:4:11: rollback: `written-keys` is missing: `keep` or `return`"),
        ("rollback", "{written-keys: drop}", "allowed are `keep`, `return`"),
        ("rollback", "{written-keys: keep, failures-in-a-row: 0}", "rollback.failures-in-a-row: found `0`"),
        ("rollback", "{written-keys: keep, error-ratio: 1}", "rollback.error-ratio: found `1`; a whole number from 2"),
        ("rollback", "{written-keys: keep, error-false-alarm-every: 99}", "found `99`; a whole number from 100"),
        ("audiences", "[]", "p.yaml:5:12: audiences: there is no audience"),
        ("audiences", nil, "`audiences` is missing"),
        ("audiences", "[{name: a, stages: [100]}]", "p.yaml:5:13: audiences[0]: the last audience must take everyone"),
        ("audiences", "[{name: a, everyone: true}]", "audiences[0]: `stages` is missing"),
        ("audiences", "[{everyone: true, stages: [100]}]", "audiences[0]: `name` is missing"),
        ("audiences", "[{name: a, everyone: false, stages: [100]}]", "found `false`, which is what holds without this key"),
        ("audiences", "[{name: a, everyone: true, stages: [100], kees: 1}]", "did you mean `keys`?"),
        ("audiences", "[{name: a, everyone: true, stages: []}]", "p.yaml:5:47: audiences[0].stages: there is no stage"),
        (
            "audiences", "[{name: a, everyone: true, stages: [0, 100]}]",
            "p.yaml:5:48: audiences[0].stages[0]: the share is 0 % after 0 %"
        ),
        (
            "audiences", "[{name: a, everyone: true, stages: [10, 10, 100]}]",
            "p.yaml:5:52: audiences[0].stages[1]: the share is 10 % after 10 %"
        ),
        (
            "audiences", "[{name: a, everyone: true, stages: [10, {candidate: 9}, 100]}]",
            "audiences[0].stages[1].candidate: the share is 9 %"
        ),
        ("audiences", "[{name: a, everyone: true, stages: [10, 99.999]}]", "the last stage is 99.999 %; an audience ends at 100"),
        (
            "audiences", "[{name: a, everyone: true, stages: [0.0001, 100]}]",
            "found `0.0001`; a percentage from 0 to 100 with at most three"
        ),
        ("audiences", "[{name: a, everyone: true, stages: [1e1, 100]}]", "found `1e1`; a percentage"),
        ("audiences", "[{name: a, everyone: true, stages: [{minimum: 1h}]}]", "audiences[0].stages[0]: `candidate` is missing"),
        (
            "audiences", "[{name: a, everyone: true, stages: [{candidate: 100, minimum: 2h, maximum: 2h}]}]",
            "audiences[0].stages[0].maximum: the maximum is not above the minimum"
        ),
        ("audiences", "[{name: a, everyone: true, stages: [{candidate: 100, minimum: 2}]}]", "found `2`; a duration"),
        (
            "audiences", "[{name: a, everyone: true, stages: [{candidate: 100, approvals: [{role: r, number: 0}]}]}]",
            "approvals[0].number: found `0`"
        ),
        (
            "audiences", "[{name: a, everyone: true, stages: [{candidate: 100, approvals: [r, r]}]}]",
            "approvals[1]: the role `r` stands twice"
        ),
        (
            "audiences", "[{name: a, everyone: true, stages: [100], keys: 5}]",
            "takes 586 comparisons, but 5 keys of `a` with 10 each give 50"
        ),
        (
            "audiences", "[{name: a, claim: a, keys: 200, stages: [1, 100]}, {name: b, everyone: true, stages: [100]}]",
            "at 1 % of 200 keys it may well be that none moves"
        ),
        ("stage", "{minimum: 2h, maximum: 1h}", "p.yaml:6:31: stage.maximum: the maximum is not above the minimum"),
        ("stage", "{approvals: [r, r]}", "stage.approvals[1]: the role `r` stands twice"),
        ("shadow", "{minimum: 2h, maximum: 1h}", "p.yaml:6:32: shadow.maximum: the maximum is not above"),
        ("shadow", "{approvals: [r]}", "shadow.approvals: unknown key"),
        ("retirement", "{approvals: [{number: 2}]}", "`role` is missing"),
        ("promotion", nil, "no operation is named"),
        ("promotion", "{operations: []}", "p.yaml:3:25: promotion.operations: no operation is named"),
        ("promotion", "{operations: [a, a]}", "the operation stands twice"),
        (
            "promotion", "{operations: a, alpha: 0.05}",
            "p.yaml:3:35: promotion.alpha: found `0.05`; a rate is written with its `%`"
        ),
        ("promotion", "{operations: a, alpha: 50%}", "p.yaml:3:35: promotion.alpha: found 50 %; above 0 % and below 50 %"),
        ("promotion", "{operations: a, alpha: 0%}", "promotion.alpha: found 0 %; above 0 %"),
        ("promotion", "{operations: a, beta: 50%}", "promotion.beta: found 50 %"),
        ("promotion", "{operations: a, beta: 0.0001%}", "found `0.0001%`; a percentage"),
        ("promotion", "{operations: a, good-rate: 0%}", "promotion.good-rate: no number of comparisons proves a rate of 0 %"),
        ("promotion", "{operations: a, good-rate: 1%}", "the bad rate, 1 %, is not above the good one, 1 %"),
        ("promotion", "{operations: a, bad-rate: 100%}", "promotion.bad-rate: a rate of 100 %"),
        ("promotion", "{operations: {a: {bad-rate: 0.1%}}}", "promotion.operations.a.bad-rate: the bad rate, 0.1 %"),
        (
            "promotion", "{operations: {a: {bad: 1%}}}",
            "promotion.operations.a.bad: unknown key; allowed here are `good-rate`, `bad-rate`"
        ),
        ("promotion", "{operations: a, per-key-max: 0}", "promotion.per-key-max: found `0`"),
        ("promotion", "{operations: a, critical-places: [net]}", "a path begins with `$`"),
        ("freeze", "[{name: f}]", "p.yaml:6:10: freeze[0]: one of `dates`, `daily` and `weekly` says when"),
        ("freeze", "[{name: f, daily: 1:00 to 02:00}]", "found `1:00 to 02:00`; expected is something like `23:30 to 01:00`"),
        ("freeze", "[{name: f, daily: 24:00 to 02:00}]", "like `23:30 to 01:00`; midnight is `00:00`"),
        ("freeze", "[{name: f, daily: 01:00 to 01:00}]", "begins and ends at the same minute"),
        ("freeze", "[{name: f, weekly: Fry 18:00 to Mon 09:00}]", "found `Fry 18:00 to Mon 09:00`"),
        ("freeze", "[{name: f, dates: 2026-02-29 to 2026-03-01}]", "found `2026-02-29 to 2026-03-01`"),
        (
            "freeze", "[{name: f, dates: 2026-03-02 to 2026-03-01}]",
            "p.yaml:6:27: freeze[0].dates: the last day, 2026-03-01, is before"
        ),
        ("freeze", "[{name: f, zone: Seoul, daily: 01:00 to 02:00}]", "freeze[0].zone: nobody knows the time zone `Seoul`"),
        ("freeze", "[{daily: 01:00 to 02:00}]", "freeze[0]: `name` is missing"),
        (
            "freeze", "[{name: f, daily: 01:00 to 02:00}, {name: f, daily: 03:00 to 04:00}]",
            "p.yaml:6:51: freeze[1].name: `f` stands twice"
        ),
        (
            "freeze", "[{name: f, daily: 00:00 to 12:00}, {name: g, daily: 12:00 to 00:00}]",
            "p.yaml:6:9: freeze: the windows leave no minute"
        ),
    ]

    @Test("each line is named once, with what would be right", arguments: cases.indices)
    func wrongLine(index: Int) {
        let (key, value, expected) = Self.cases[index]
        let found = complaints(key, value)
        #expect(found.contains(expected), "\(found)")
        #expect(found.split(separator: "\n").count == 1, "\(found)")
    }

    @Test("a salt in the file is not shown, not even in the complaint")
    func inlineSalt() { #expect(!complaints("salt", "hush-hush-hush-hush").contains("hush")) }

    @Test("several audiences with the same mistake of the defaults are told once, different ones each")
    func defaultsOnce() {
        let audiences = "[{name: s, claim: s, stages: [100]}, {name: a, everyone: true, stages: [100]}]"
        var text =
            "name: p\nsalt: {env: S}\nrollback: {written-keys: keep}\naudiences: \(audiences)\npromotion: {operations: a, alpha: 50%}\n"
        func count() -> Int {
            do throws(ConfigurationError) {
                _ = try RolloutPlanFile.parse(text: text, named: "p", environment: ["S": "0123456789abcdef"])
                return 0
            } catch { return error.problems.count }
        }
        #expect(count() == 1)
        text = text.replacing("claim: s,", with: "claim: s, promotion: {beta: 50%},")
        #expect(count() == 2)
    }

    @Test("all complaints come at once, in the order of their lines")
    func allAtOnce() {
        do throws(ConfigurationError) {
            _ = try RolloutPlanFile.parse(
                text: "salt: x\naudiences: 5\nfreeze: [{name: f}]\nrollback: {written-keys: x}\n", named: "p", environment: [:])
            Issue.record("it is wrong")
        } catch {
            #expect(error.problems.map(\.line) == [1, 1, 2, 3, 4])
        }
    }
}
