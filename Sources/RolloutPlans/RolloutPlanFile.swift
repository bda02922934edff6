public import Foundation
public import Migration
public import RuleFiles
internal import Yams

/// Reads a plan file. docs/migration.md describes every key.
public enum RolloutPlanFile {
    /// The error lists every problem found, each with line and column; a plan that cannot be carried out is one.
    public static func load(
        path: String, environment: [String: String] = ProcessInfo.processInfo.environment
    ) throws(ConfigurationError) -> RolloutPlan {
        try parse(
            text: try ConfigurationText.read(path), named: path, environment: environment,
            directory: (path as NSString).deletingLastPathComponent)
    }

    /// `directory` is where the relative paths of files that the plan names begin.
    public static func parse(
        text: String, named name: String, environment: [String: String] = ProcessInfo.processInfo.environment,
        directory: String = ""
    ) throws(ConfigurationError) -> RolloutPlan {
        let problems = Problems(file: name)
        var plan: RolloutPlan?
        if let root = ConfigurationText.compose(text, problems), let section = root.section(PlanKeys.top) {
            plan = PlanReader(
                section: section, secrets: SecretReader(environment: environment, directory: directory), directory: directory
            ).read()
            // What could not be read would only be complained about once more.
            if let plan, problems.list.isEmpty { locate(plan.complaints(), in: root, problems) }
        }
        if let plan, problems.list.isEmpty { return plan }
        throw ConfigurationError(problems: problems.list.sorted { ($0.line, $0.column) < ($1.line, $1.column) })
    }

    /// The same as a list: empty for a sound plan.
    public static func complaints(
        path: String, environment: [String: String] = ProcessInfo.processInfo.environment
    ) -> [ConfigurationProblem] {
        do throws(ConfigurationError) {
            _ = try load(path: path, environment: environment)
            return []
        } catch {
            return error.problems
        }
    }

    private static func locate(_ complaints: [PlanComplaint], in root: YAMLValue, _ problems: Problems) {
        let places = KeyPlaces(root)
        var said: Set<PlanComplaint> = []
        for complaint in complaints {
            let key = places.nearest(to: complaint.key)
            // Audiences share the defaults: what is wrong with those is said once.
            if said.insert(PlanComplaint(key: key, message: complaint.message)).inserted {
                problems.add(complaint.message, at: places.mark(of: key), key: key)
            }
        }
    }
}
