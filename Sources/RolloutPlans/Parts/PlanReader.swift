import Foundation
import Migration
import RuleFiles

/// The top of a plan file.
struct PlanReader {
    let section: YAMLSection
    let secrets: SecretReader
    let directory: String

    /// Nil when something without which there is no plan is missing; what else is wrong stands in the problems.
    func read() -> RolloutPlan? {
        // Every part is read, whatever is wrong with the others, so that all complaints come at once.
        let name = section.required("name", "part of every key's bucket, as `interest-payout`")?.text("a name")
        let salt = section.required("salt", "where the secret stands that deals the keys, as `{env: COUNTERSIGN_SALT}`")
            .flatMap(salt)
        let promotion = PromotionReader.read(section["promotion"], over: nil)
        let defaults = StageReader.defaults(section["stage"])
        let audiences = section.required("audiences", "who moves, in order; the last with `everyone: true`")
            .map { AudiencesReader(promotion: promotion, defaults: defaults).read($0) }
        let rollback = RollbackReader.read(
            section.required("rollback", "what becomes of keys that the candidate has written, as `{written-keys: return}`"))
        let shadow = StageReader.times(section["shadow"]?.section(PlanKeys.times))
        let retirement = StageReader.approvals(section["retirement"]?.section(PlanKeys.retirement)?["approvals"])
        let freezes = FreezeReader.read(section["freeze"])
        let denied = section["denied-keys"].map(denied) ?? []
        let unproved = section["unproved"]?.texts("an operation's name").map(\.text) ?? []
        guard let name, let salt, let audiences, let rollback else { return nil }
        return RolloutPlan(
            name: name, salt: salt, audiences: audiences, shadow: shadow, retirement: retirement ?? [], rollback: rollback,
            freezes: freezes, denied: denied, unproved: Set(unproved))
    }

    /// A salt in the file itself is refused, and never shown.
    private func salt(_ value: YAMLValue) -> Salt? {
        if value.isScalar {
            value.complain(
                "the salt is a secret and never stands in the file: write `{env: NAME}` or `{file: PATH}`, and make a new one")
            return nil
        }
        return secrets.read(value).map(Salt.init)
    }

    /// A file with one key a line; a `#` at the beginning or after a space begins a comment.
    private func denied(_ value: YAMLValue) -> Set<String> {
        guard let name = value.text("a file's path") else { return [] }
        let path = name.hasPrefix("/") || directory.isEmpty ? name : directory + "/" + name
        guard let text = try? String(contentsOfFile: path, encoding: .utf8) else {
            value.complain("the file `\(path)` can't be read; it holds one key a line")
            return []
        }
        let keys = text.split(whereSeparator: \.isNewline).map { line in
            line.replacing(/(^|\s)#.*/, with: "").trimmingCharacters(in: .whitespaces)
        }
        return Set(keys.filter { !$0.isEmpty })
    }
}
