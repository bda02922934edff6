/// Every rule of the service as a value, composed once at start. Faults replace one of them from outside.
struct Policies: Sendable {
    var calendar = CalendarPolicy.plain
    var interest = InterestPolicy.plain
    var tax = TaxPolicy.plain
    var eligibility = EligibilityPolicy.plain
    var posting = PostingPolicy.plain
    var idempotency = IdempotencyPolicy.plain
    var taxEvents = TaxEventPolicy.plain
    var delivery = DeliveryPolicy.plain
    var cache = CachePolicy.plain
}
