import InterestContract

/// A request as it came, body collected.
struct InboundCall: Sendable {
    var method: String
    /// Path with query, as received.
    var target: String
    var idempotencyKey: String?
    var requestTime: String?
    var shadowMode: String?
    var body: [UInt8]

    init(
        method: String, target: String, idempotencyKey: String? = nil, requestTime: String? = nil, shadowMode: String? = nil,
        body: [UInt8] = []
    ) {
        self.method = method
        self.target = target
        self.idempotencyKey = idempotencyKey
        self.requestTime = requestTime
        self.shadowMode = shadowMode
        self.body = body
    }

    /// The parts of the path between the slashes, without the query.
    var segments: [Substring] {
        let path = target.prefix { $0 != "?" && $0 != "#" }
        guard path.first == "/" else { return [] }
        return path.dropFirst().split(separator: "/", omittingEmptySubsequences: false)
    }

    /// The value of a query parameter, undecoded: the books' pages have plain ones only.
    func query(_ name: String) -> Substring? {
        guard let mark = target.firstIndex(of: "?") else { return nil }
        for pair in target[target.index(after: mark)...].split(separator: "&") {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            if parts.count == 2, parts[0] == name { return parts[1] }
        }
        return nil
    }
}
