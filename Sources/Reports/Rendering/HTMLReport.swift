import Foundation
import Mustache
import Verdicts

/// The report as one HTML file: the template `Templates/report.mustache` over a ``HTMLReportPage``.
enum HTMLReport {
    static func render(_ report: RunReport) throws -> String {
        ScalarEscape.register()
        let source = String(decoding: PackageResources.report_mustache, as: UTF8.self)
        return try MustacheTemplate(string: source).render(HTMLReportPage(report))
    }
}
