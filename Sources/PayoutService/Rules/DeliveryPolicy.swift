/// What calls under way at once see of each other: everything, since each is one transaction on the books.
struct DeliveryPolicy: Sendable {
    /// The books as the calls use them; composed once at start.
    var compose: @Sendable (_ books: any BookStore) async throws -> any Books

    static let plain = DeliveryPolicy(compose: { $0 })
}
