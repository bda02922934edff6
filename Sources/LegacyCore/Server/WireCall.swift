/// One request, free of any server's types.
struct WireCall: Sendable {
    var method: String
    /// Path and query as received.
    var target: String
    var idempotencyKey: String?
    var requestTime: String?
    var shadowMode: String?
    var body: [UInt8]

    init(
        _ method: String, _ target: String, body: [UInt8] = [], idempotencyKey: String? = nil, requestTime: String? = nil,
        shadowMode: String? = nil
    ) {
        self.method = method
        self.target = target
        self.body = body
        self.idempotencyKey = idempotencyKey
        self.requestTime = requestTime
        self.shadowMode = shadowMode
    }
}
