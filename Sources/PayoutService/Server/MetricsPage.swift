/// `GET /metrics`: the database's connections, the tax events and the previews. It answers when the database is away, too.
struct MetricsPage: Sendable {
    let books: any BookStore
    let cache: (any PreviewCache)?
    /// Who takes tax events from the outbox.
    var carrier: (any MetricSource)?

    func answer(_ call: InboundCall) async -> Reply? {
        guard call.method == "GET", call.segments == ["metrics"] else { return nil }
        let events: [Metric]
        // Without the books there is no number to show; that they are away shows in the line below.
        do { events = try await taxEvents() } catch { events = [] }
        let up = Metric("bank_database_up", .gauge, "Whether the database answers.", events.isEmpty ? 0 : 1)
        let metrics =
            [up] + books.metrics + events + (carrier?.metrics ?? []) + ((cache as? any MetricSource)?.metrics ?? [])
        return Reply(status: 200, contentType: Metric.contentType, body: Array(Metric.text(metrics).utf8))
    }

    private func taxEvents() async throws -> [Metric] {
        let about = "Tax events that are not booked, by state."
        return try await books.look { books in
            // Both are read off indexes of these events alone, which takes the state as it stands in the text.
            let ofOutbox = ["PENDING", "DEAD"].map { ($0, BookQuery("SELECT count(*) FROM tax_outbox WHERE state = '\($0)'")) }
            let queries = ofOutbox + [("PUBLISHED", BookQuery("SELECT count(*) FROM tax_published"))]
            let counts = try books.rows(queries.map(\.1))
            return try zip(queries, counts).map { query, rows in
                Metric(
                    "bank_tax_events", .gauge, about, labels: #"state="\#(query.0.lowercased())""#,
                    try rows.first?.integer(0) ?? 0)
            }
        }
    }
}
