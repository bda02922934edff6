import Foundation
import Reports
import Testing

@Suite("Reports as JSON and Markdown")
struct ReportFormatTests {
    @Test("JSON reads back as the same report")
    func roundTrip() throws {
        let written = try ReportFormat.json.render(SampleReports.mismatching())
        let read = try JSONReport.read(Data(written.utf8))
        #expect(try ReportFormat.json.render(read) == written)
        #expect(read.incidents.first?.sample?.differences.first?.candidate == "5480")
    }

    @Test("A report of another schema is refused by name")
    func schema() throws {
        let written = try ReportFormat.json.render(SampleReports.clean()).replacing("report/1", with: "report/2")
        let error = #expect(throws: JSONReport.UnknownSchema.self) { try JSONReport.read(Data(written.utf8)) }
        #expect(error?.schema == "countersign.report/2")
    }

    @Test("Markdown keeps text from outside in its cell")
    func markdown() throws {
        let text = try ReportFormat.md.render(
            SampleReports.mismatching(path: "$.a|b`c", legacy: "1|2\n# heading", candidate: "```", operation: "pay|out <b>"))
        #expect(text.contains("`` $.a\\|b`c ``"))
        #expect(text.contains("`1\\|2⏎# heading`"))
        #expect(text.contains("```` ``` ````"))
        #expect(text.contains("pay\\|out \\<b\\>"))
        #expect(!text.contains("\n# heading"))
    }

    @Test("Markdown leads with the finding and ends with a line feed")
    func headline() throws {
        let text = try ReportFormat.md.render(SampleReports.clean())
        #expect(text.hasPrefix("# ✅ 0 mismatches in 12\u{202F}345 comparisons\n"))
        #expect(text.hasSuffix("\n") && !text.hasSuffix("\n\n"))
        #expect(text.contains("12345 received = 12345 decided + 0 in flight + 0 awaiting comparison."))
    }
}
