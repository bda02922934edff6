/// What a payment publishes for the tax worker.
struct TaxEventPolicy: Sendable {
    /// From the outbox row of a payment's event, the rows that are written.
    var publish: @Sendable (_ event: BookStep) -> [BookStep]

    static let plain = TaxEventPolicy(publish: { [$0] })
}
