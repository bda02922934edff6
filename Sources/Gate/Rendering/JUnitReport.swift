import Reports
import RunRecords

/// The report as JUnit XML, as GitLab, Jenkins and GitHub's reporters read it.
///
/// A suite for the gate's reasons and one for each run. What agrees is told in one case for each operation and each value of a
/// dimension; what doesn't is a case of its own. A mismatch is a `<failure>`, missing infrastructure an `<error>`.
public enum JUnitReport {
    /// GitLab and Jenkins slow down long before they refuse.
    public static let bytesMax = 4_000_000

    public static func render(_ report: GateReport, bytesMax: Int = bytesMax) -> String {
        let suites = [JUnitSuite(reasonsOf: report)] + report.runs.map { JUnitSuite($0, in: report) }
        var names = JUnitNames()
        // Each suite may use what the others leave; the reasons come first.
        var rest = bytesMax - 1_000
        var texts: [String] = []
        var totals = JUnitSuite.Counts()
        for (index, suite) in suites.enumerated() {
            let share = rest / (suites.count - index)
            let written = suite.written(names: &names, bytesMax: share)
            rest -= written.text.utf8.count
            totals.add(written.counts)
            texts.append(written.text)
        }
        let milliseconds = suites.reduce(0) { $0 + $1.milliseconds }
        return """
            <?xml version="1.0" encoding="UTF-8"?>
            <testsuites name="countersign gate" \(totals.headAttributes) time="\(JUnitSuite.seconds(milliseconds))">
            \(texts.joined())</testsuites>

            """
    }
}

/// Names given so far: two cases of one class must not share one, or reporters merge them.
struct JUnitNames {
    private var taken: Set<String> = []

    mutating func unique(_ name: String, in className: String) -> String {
        var candidate = name
        var number = 2
        while !taken.insert("\(className)\u{0}\(candidate)").inserted {
            candidate = "\(name) (\(number))"
            number += 1
        }
        return candidate
    }
}

/// One test case.
struct JUnitCase {
    enum Result {
        case passed
        case failed(type: String, message: String, text: String)
        case error(type: String, message: String, text: String)
        case skipped(message: String)
    }

    var className: String
    var name: String
    var result: Result
    var output: String?

    /// `name` is the unique one.
    func written(as name: String) -> String {
        let head =
            "<testcase classname=\"\(XMLText.escaped(CaseText.clip(className, to: 300)))\" name=\"\(XMLText.escaped(name))\" time=\"0\""
        var inner: String
        switch result {
        case .passed: inner = ""
        case .failed(let type, let message, let text): inner = Self.element("failure", type, message, text)
        case .error(let type, let message, let text): inner = Self.element("error", type, message, text)
        case .skipped(let message): inner = "<skipped message=\"\(XMLText.escaped(message))\"/>"
        }
        if let output { inner += "<system-out>\(XMLText.escaped(output))</system-out>" }
        return inner.isEmpty ? head + "/>\n" : head + ">\(inner)</testcase>\n"
    }

    private static func element(_ name: String, _ type: String, _ message: String, _ text: String) -> String {
        "<\(name) type=\"\(XMLText.escaped(type))\" message=\"\(XMLText.escaped(CaseText.clip(message, to: 1_000)))\">"
            + XMLText.escaped(CaseText.clip(text, to: 20_000)).replacing("&#10;", with: "\n") + "</\(name)>"
    }
}
