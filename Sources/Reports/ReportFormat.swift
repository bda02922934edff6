/// The ways in which a ``RunReport`` can be written.
public enum ReportFormat: String, Sendable, CaseIterable {
    /// One file without any outside resource.
    case html
    case json
    /// Markdown, for a merge request or a chat.
    case md

    /// The whole report as text, ending in a line feed.
    public func render(_ report: RunReport) throws -> String {
        switch self {
        case .html: try HTMLReport.render(report)
        case .json: try JSONReport.render(report)
        case .md: MarkdownReport.render(report)
        }
    }
}
