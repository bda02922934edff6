import Foundation
import RunRecords
import Testing

@testable import Gate

@Suite("The gate's outputs")
struct OutputTests {
    static let hostile = [
        "<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "]]><!--", "a|b`c``d",
        "\u{0}\u{B}\u{1B}[31m\u{FFFE}\u{FFFF}",
        "::error title=x::y\n::stop-commands::z\r\n", "</details></summary>", "{{headline}}", "&lt;\u{338}<\u{338}b", "%0A%3A,:",
        "\u{202E}gnp.exe", "``` \n```\n# heading\n<b>", "::add-mask::x", "##[add-mask]x", "\u{1F600}\u{85}\u{2028}",
    ]

    /// A report with `text` wherever text from outside can stand.
    static func report(_ text: String) -> GateReport {
        var run = SampleRuns.failing(text: text)
        run.name = text
        run.legacy = text
        run.candidate = text
        run.remarks = [text]
        run.finishedAt = text
        run.operations[0].name = text
        run.dimensions[0].name = text
        run.dimensions[0].values[0].value = text
        run.heatMaps[0].down = text
        run.heatMaps[0].acrossValues[0] = text
        run.unreachable = [UnreachableRecord(side: text, sentence: text)]
        run.positiveControl = PositiveControl(name: text, fired: false, detail: text)
        run.selfTest = SelfTestRecord(checks: 3, failures: [text])
        run.faults = [
            FaultRecord(name: text, policy: text, about: text, killed: false, byRow: text, byComparison: text, rowsRun: 1)
        ]
        for index in run.cases.indices {
            run.cases[index].id = text
            run.cases[index].operation = text
            run.cases[index].title = text
            run.cases[index].note = text
            run.cases[index].fixture = text
            run.cases[index].curl = [text]
            run.cases[index].violations = [text]
            run.cases[index].values = [DimensionValue(text, text)]
            run.cases[index].differences[0].path = text
            run.cases[index].differences[0].answer = text
            run.cases[index].differences[0].expected = text
            run.cases[index].minimal?.fixture = text
        }
        var policy = GatePolicy()
        policy.source = text
        policy.compared.operations = [text: 7]
        return SampleRuns.report([run, SampleRuns.prove(missed: 1)], policy: policy)
    }

    /// Elements in the order in which they begin, with their attributes' names.
    private func elements(_ markup: String) -> [String] {
        markup.matches(of: /<(\/?[a-zA-Z][a-zA-Z0-9-]*)((?:\s+[a-zA-Z-]+(?:="[^"<]*")?)*)\s*\/?>/).map { match in
            String(match.1) + match.2.matches(of: /\s([a-zA-Z-]+)="[^"]*"/).map { " " + $0.1 }.joined()
        }
    }

    @Test("HTML: text from outside stays text", arguments: hostile)
    func html(_ text: String) throws {
        let page = try GateHTML.render(Self.report(text))
        #expect(elements(page) == elements(try GateHTML.render(Self.report("tame"))))
        #expect(!page.unicodeScalars.contains { $0.value < 0x20 && $0 != "\n" })
        #expect(page.components(separatedBy: "<style>").count == 2 && page.contains("default-src 'none'"))
    }

    @Test("JUnit: text from outside stays text, and every scalar is allowed in XML", arguments: hostile)
    func junit(_ text: String) throws {
        let xml = JUnitReport.render(Self.report(text))
        #expect(elements(xml) == elements(JUnitReport.render(Self.report("tame"))))
        let allowed = xml.unicodeScalars.allSatisfy { scalar in
            scalar == "\n" || scalar == "\t" || (0x20...0xD7FF).contains(scalar.value) || (0xE000...0xFFFD).contains(scalar.value)
                || scalar.value >= 0x10000
        }
        #expect(allowed)
        #expect(try XMLCounts(xml).isRight)
    }

    @Test("Markdown: nothing from outside begins a tag, a cell or a heading", arguments: hostile)
    func markdown(_ text: String) {
        let page = MarkdownSummary.render(Self.report(text))
        let tame = MarkdownSummary.render(Self.report("tame"))
        // Outside code, only our own folding is markup.
        func tags(_ page: String) -> Int {
            page.components(separatedBy: "<details>").count + page.components(separatedBy: "</details>").count
        }
        #expect(tags(page.replacing(/`+[^`]*`+/, with: "")) >= tags(tame) || text.contains("`"))
        var fence = ""
        for line in page.split(separator: "\n", omittingEmptySubsequences: false) {
            if fence.isEmpty, line.hasPrefix("```") {
                fence = String(line)
            } else if !fence.isEmpty, line == fence {
                fence = ""
            } else if fence.isEmpty {
                #expect(!line.hasPrefix("<script") && !line.hasPrefix("# heading") && !line.hasPrefix("::"))
                if line.hasPrefix("| ") {
                    let bars = line.replacing("\\|", with: "").count { $0 == "|" }
                    #expect([4, 6, 7, 12].contains(bars), "\(line)")
                }
            }
        }
        #expect(fence.isEmpty)
    }

    @Test("Annotations: one line each, at most ten, the worst first", arguments: hostile)
    func annotations(_ text: String) {
        let lines = GateAnnotations.render(Self.report(text)).split(whereSeparator: \.isNewline)
        #expect((1...10).contains(lines.count))
        for line in lines { #expect(line.wholeMatch(of: /::error title=[^:,]*::.*/) != nil, "\(line)") }
        #expect(lines[0].contains("untrusted"))
    }

    @Test("Annotations leave room for cases, and tell of a pass in one notice")
    func annotationRoom() {
        let failing = GateAnnotations.render(Self.report("x")).split(separator: "\n")
        #expect(failing.contains { $0.contains("title=x%3A both wrong") })
        let sound = GateAnnotations.render(SampleRuns.report([SampleRuns.matrix()])).split(separator: "\n")
        #expect(sound.count == 1 && sound[0].hasPrefix("::notice title=countersign gate::Pass"))
        #expect(GateAnnotations.property("a:b,c%\n") == "a%3Ab%2Cc%25%0A")
    }

    @Test("report.json comes back as it was, and renders the same again")
    func roundTrip() throws {
        var policy = try GatePolicy.load(path: PolicyTests.root.appending(path: "fixtures/gate-bank.yaml").path)
        policy.mismatches.criticalPaths.append(CriticalPath("journal $.lines"))
        let report = SampleRuns.report([SampleRuns.failing(), SampleRuns.prove(missed: 1)], policy: policy)
        let text = try GateReportFile.write(report)
        let again = try GateReportFile.read(Data(text.utf8), named: "report.json")
        #expect(again == report)
        #expect(try GateReportFile.write(again) == text)
        #expect(JUnitReport.render(again) == JUnitReport.render(report))
        #expect(MarkdownSummary.render(again) == MarkdownSummary.render(report))
        #expect(try GateHTML.render(again) == GateHTML.render(report))
        #expect(throws: RunFileError.self) { try GateReportFile.read(Data(#"{"schema":"countersign.run/1"}"#.utf8), named: "r") }
    }

    @Test("JUnit counts what it holds, and what differs fails")
    func counts() throws {
        let xml = JUnitReport.render(SampleRuns.report([SampleRuns.failing()]))
        let counts = try XMLCounts(xml)
        #expect(counts.isRight)
        // Of the gate: mismatch, critical; errors and flaky. Of the run: three mismatches and one flaky row.
        #expect(counts.failures == 4 + 4 && counts.errors == 1 && counts.skipped == 1)
        #expect(counts.names.count == Set(counts.names).count)
        #expect(xml.contains(#"<testsuite name="matrix extended""#) && xml.contains(#"time="4.250""#))
        let order = xml.ranges(of: #/extended#000(\d+): /#).map { String(xml[$0]) }
        #expect(order.first == "extended#000418: ", "\(order)")
    }

    @Test("A sound run fails nothing, and tells each operation and value once")
    func sound() throws {
        let counts = try XMLCounts(
            JUnitReport.render(SampleRuns.report([SampleRuns.matrix(), SampleRuns.matrix(compared: 302)])))
        #expect(counts.isRight && counts.failures == 0 && counts.errors == 0)
        #expect(counts.names.count == Set(counts.names).count)
        #expect(counts.names.count { $0.contains("payout") } == 2)
        #expect(counts.names.count { $0.contains("balance") } == 4)
    }

    @Test("Bounds hold however much there is to tell, worst first, saying what is left out")
    func bounds() throws {
        var run = SampleRuns.failing()
        run.cases = (0..<20_000).map { number in
            var record = SampleRuns.record("extended#\(number)", text: String(repeating: "9", count: 500))
            record.critical = number == 19_999
            return record
        }
        run.casesOmitted = 5
        run.totals.mismatched = 20_000
        run.totals.compared = 20_000 + run.totals.agreed + 2
        run.totals.planned = run.totals.compared + 1
        run.operations[0].compared = run.totals.compared
        let report = SampleRuns.report([run, SampleRuns.matrix()])
        let markdown = MarkdownSummary.render(report)
        #expect(markdown.utf8.count <= 900_000 && markdown.utf8.count > 700_000)
        #expect(markdown.contains("more cases not shown"))
        #expect(
            markdown.firstRange(of: "extended#19999")?.lowerBound ?? markdown.endIndex < markdown.firstRange(of: "extended#0<")?
                .lowerBound ?? markdown.startIndex)
        for bytesMax in [20_000, 400_000, JUnitReport.bytesMax] {
            let xml = JUnitReport.render(report, bytesMax: bytesMax)
            #expect(xml.utf8.count <= bytesMax)
            let counts = try XMLCounts(xml)
            #expect(counts.isRight && counts.failures > 2)
            #expect(xml.contains("more cases left out: "))
            #expect(xml.contains("extended#19999"))
        }
        #expect(try GateHTML.render(report).utf8.count < 4_000_000)
        #expect(GateAnnotations.render(report).split(separator: "\n").count <= 10)
        #expect(GateTerminalText.lines(report).count < 120)
    }

    @Test("The terminal is told in words, without anything it would obey")
    func terminal() {
        let lines = GateTerminalText.lines(SampleRuns.report([SampleRuns.failing()])).map(\.text)
        #expect(lines[0].hasPrefix("Fail: "))
        #expect(lines.contains("  fail  critical: 1 critical mismatch of payout in matrix extended: none is ever allowed."))
        #expect(lines.contains { $0.contains("legacy 5479, candidate 5480, rules 5479") })
        for line in GateTerminalText.lines(Self.report("\u{1B}]0;x\u{7}\n")).map(\.text) {
            #expect(!line.unicodeScalars.contains { $0.value < 0x20 || $0.value == 0x7F })
        }
    }

    @Test("No line on standard output begins a command of GitHub's runner", arguments: hostile)
    func terminalCommands(_ text: String) {
        for line in GateTerminalText.lines(Self.report(text)).map(\.text) {
            #expect(!line.drop { $0 == " " }.hasPrefix("::") && !line.contains("##["))
        }
    }

    /// scripts/check-outputs.sh reads them with real parsers.
    @Test("Samples for real parsers are written")
    func samples() throws {
        let folder = PolicyTests.root.appending(path: ".build/gate-samples")
        try? FileManager.default.removeItem(at: folder)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        var samples: [(String, GateReport)] = [
            ("pass", SampleRuns.report([SampleRuns.matrix(), SampleRuns.prove()])),
            ("fail", SampleRuns.report([SampleRuns.failing(), SampleRuns.matrix("core"), SampleRuns.prove(missed: 1)])),
            ("nothing", SampleRuns.report([])),
        ]
        for (number, text) in Self.hostile.enumerated() {
            var report = Self.report(text)
            for index in report.runs.indices { report.runs[index].finishedAt = "2026-03-02T00:10:04.250Z" }
            samples.append(("hostile-\(number)", report))
        }
        let encoder = JSONEncoder()
        for (name, report) in samples {
            func write(_ text: String, _ ending: String) throws {
                try Data(text.utf8).write(to: folder.appending(path: "\(name).\(ending)"))
            }
            try write(GateReportFile.write(report), "gate.json")
            try write(JUnitReport.render(report), "junit.xml")
            try write(MarkdownSummary.render(report), "md")
            try write(GateHTML.render(report), "html")
            for (number, run) in report.runs.enumerated() {
                try write(String(decoding: encoder.encode(run), as: UTF8.self), "\(number).run.json")
            }
        }
        let written = try FileManager.default.contentsOfDirectory(atPath: folder.path)
        #expect(written.count { $0.hasSuffix(".junit.xml") } == samples.count)
    }

    @Test("HTML shows the maps, the proof and each side's value")
    func page() throws {
        let page = try GateHTML.render(SampleRuns.report([SampleRuns.failing(), SampleRuns.prove(missed: 1)]))
        for part in [
            #"<td class="h5">10/10<small>100.0 %</small></td>"#, #"<td class="h3">20/40<small>50.0 %</small></td>"#,
            #"<td class="h0">0/40<small></small></td>"#, #"<td class="none">·<small></small></td>"#,
            #"<span class="tag fail">missed</span>"#, #"<span class="value">54<mark>80</mark></span>"#, "39 of 40 faults seen",
        ] { #expect(page.contains(part), "\(part)") }
    }
}

/// The counts that a JUnit file claims, beside those it holds.
struct XMLCounts {
    var isRight = true
    var failures = 0
    var errors = 0
    var skipped = 0
    var names: [String] = []

    init(_ xml: String) throws {
        func number(_ name: String, _ text: Substring) -> Int {
            text.firstRange(of: " \(name)=\"").flatMap { Int(text[$0.upperBound...].prefix { $0 != "\"" }) } ?? -1
        }
        var sums = [0, 0, 0, 0]
        func holds(_ text: Substring) -> [Int] {
            ["<testcase ", "<failure ", "<error ", "<skipped "].map { text.components(separatedBy: $0).count - 1 }
        }
        for suite in xml.components(separatedBy: "<testsuite ").dropFirst() {
            let head = " " + suite.prefix { $0 != ">" }
            let found = holds(suite[...])
            let claimed = ["tests", "failures", "errors", "skipped"].map { number($0, head[...]) }
            if found != claimed { isRight = false }
            sums = zip(sums, found).map(+)
        }
        let top = xml.components(separatedBy: "<testsuites ")[1].prefix { $0 != ">" }
        if sums.dropLast() != ["tests", "failures", "errors"].map({ number($0, top) })[...] { isRight = false }
        failures = sums[1]
        errors = sums[2]
        skipped = sums[3]
        names = xml.matches(of: /<testcase classname="([^"]*)" name="([^"]*)"/).map { "\($0.1)\t\($0.2)" }
    }
}
