import Foundation
import Reports
import Testing

@Suite("The HTML report")
struct HTMLReportTests {
    static let hostile = [
        "<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "'; drop --", "</code></pre></main>", "&lt;b&gt;", "a&b",
        "<\u{0338}script>", "\"\u{0301} onmouseover=alert(1) x=\"", "{{headline}}", "{{{reproduce}}}", "]]><!--",
        "javascript:alert(1)",
    ]

    @Test("Text from outside stays text, wherever it stands", arguments: hostile)
    func hostileValues(_ value: String) throws {
        let report = SampleReports.mismatching(
            path: value, legacy: value, candidate: "x", operation: value, reproduce: value, key: value, cause: value)
        let tame = try HTMLText(ReportFormat.html.render(SampleReports.mismatching(cause: "why")))
        let page = try HTMLText(ReportFormat.html.render(report))
        #expect(page.elements.map(\.name) == tame.elements.map(\.name))
        #expect(page.elements.map(\.attributes) == tame.elements.map(\.attributes))
        #expect(Array(page.text.unicodeScalars).contains(Array(value.unicodeScalars)))
    }

    @Test("What cannot be seen is written out")
    func hiddenCharacters() throws {
        let page = try HTMLText(
            ReportFormat.html.render(SampleReports.mismatching(legacy: "5479\u{202E}", candidate: "54\u{0}79\u{200B}")))
        #expect(page.text.contains("⟨U+202E⟩"))
        #expect(page.text.contains("⟨U+0000⟩"))
        #expect(page.text.contains("⟨U+200B⟩"))
        #expect(!page.text.unicodeScalars.contains("\u{202E}"))
    }

    @Test("The file loads nothing and runs nothing")
    func selfContained() throws {
        let source = try ReportFormat.html.render(SampleReports.mismatching())
        let page = try HTMLText(source)
        let loading: Set<String> = ["script", "link", "img", "iframe", "object", "embed", "audio", "video", "base", "form", "a"]
        #expect(page.elements.allSatisfy { !loading.contains($0.name) })
        #expect(page.elements.allSatisfy { $0.attributes.keys.allSatisfy { $0 != "src" && $0 != "href" && !$0.hasPrefix("on") } })
        #expect(!source.contains("@import") && !source.contains("url("))
        let policy = page.elements.first { $0.attributes["http-equiv"] == "Content-Security-Policy" }
        #expect(policy?.attributes["content"]?.hasPrefix("default-src 'none'") == true)
    }

    @Test("Both values stand side by side, parted where they part")
    func contrast() throws {
        let source = try ReportFormat.html.render(SampleReports.mismatching())
        #expect(source.contains("<span class=\"value\">54<mark>79</mark></span>"))
        #expect(source.contains("<span class=\"value\">54<mark>80</mark></span>"))
        let text = try HTMLText(source).text
        #expect(text.contains("countersign replay 019caf5e-0000-7000-8000-000000000001"))
        #expect(text.contains("31×"))
        #expect(text.contains("absent"))
    }

    @Test("A clean run shows no incident, a red one no clean headline")
    func headlines() throws {
        let clean = try HTMLText(ReportFormat.html.render(SampleReports.clean()))
        #expect(clean.elements.contains { $0.attributes["class"] == "hero proven" })
        #expect(clean.text.contains("0 mismatches in 12\u{202F}345 comparisons"))
        #expect(!clean.text.contains("Incidents"))
        let red = try HTMLText(ReportFormat.html.render(SampleReports.mismatching()))
        #expect(red.elements.contains { $0.attributes["class"] == "hero disproven" })
        #expect(red.text.contains("31 mismatches in 12\u{202F}376 comparisons"))
    }
}
