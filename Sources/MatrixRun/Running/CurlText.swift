internal import CaseMatrix

/// A row as commands that a person can paste.
enum CurlText {
    /// For one side: the account's loading, then the calls in their order, each on a line of its own; of the read-backs those that are
    /// asked for.
    static func commands(_ plan: CasePlan, url: String, loading: FixtureLoading, readBacks: Set<String>) -> String {
        let load = CaseCall(
            label: "load", operation: "load", method: loading.method, path: loading.path,
            headers: loading.headers("\(plan.id)-load"), body: plan.fixture)
        var lines = [command(load, url: url)]
        for step in plan.steps {
            // Calls of one step are sent at the same time.
            lines.append(step.calls.map { command($0, url: url) }.joined(separator: " &\n"))
            if step.calls.count > 1 { lines[lines.count - 1] += "; wait" }
        }
        lines += plan.readBack.filter { readBacks.contains($0.label) }.map { command($0, url: url) }
        return lines.joined(separator: "\n")
    }

    static func command(_ call: CaseCall, url: String) -> String {
        var words = ["curl -sS"]
        if call.method != "GET" { words.append("-X \(call.method)") }
        for header in call.headers { words.append("-H \(quoted("\(header.name): \(header.value)"))") }
        if let body = call.body { words.append("--data-binary \(quoted(body))") }
        words.append(quoted(url + call.path))
        return words.joined(separator: " ")
    }

    private static func quoted(_ text: String) -> String {
        "'" + text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: #"'\''"#) + "'"
    }
}
