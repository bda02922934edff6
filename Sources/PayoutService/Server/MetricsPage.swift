/// `GET /metrics`: the database's connections, the tax events and the previews. It answers when the database is away, too.
struct MetricsPage: Sendable {
    let books: any BookStore
    let cache: any PreviewCache

    func answer(_ call: InboundCall) async -> Reply? {
        guard call.method == "GET", call.segments == ["metrics"] else { return nil }
        let events: [Metric]
        // Without the books there is no number to show; that they are away shows in the line below.
        do { events = try await taxEvents() } catch { events = [] }
        let up = Metric("bank_database_up", .gauge, "Whether the database answers.", events.isEmpty ? 0 : 1)
        let metrics = [up] + books.metrics + events + ((cache as? any MetricSource)?.metrics ?? [])
        return Reply(status: 200, contentType: Metric.contentType, body: Array(Metric.text(metrics).utf8))
    }

    private func taxEvents() async throws -> [Metric] {
        let about = "Tax events that are not booked, by state."
        return try await books.look { books in
            try ["PENDING", "DEAD"].map { state in
                // Both are read off indexes of these events alone, which takes the state as it stands in the text.
                let rows = try books.rows("SELECT count(*) FROM tax_outbox WHERE state = '\(state)'")
                return Metric(
                    "bank_tax_events", .gauge, about, labels: #"state="\#(state.lowercased())""#,
                    try rows.first?.integer(0) ?? 0)
            }
        }
    }
}
