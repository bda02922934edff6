/// What became of the requests of one operation.
public struct OperationCounts: Sendable, Hashable, Codable {
    public var operation: String
    public var received: Int
    /// Only verdicts that happened; a missing one is 0.
    public var verdicts: [Verdict: Int]

    public init(operation: String, received: Int = 0, verdicts: [Verdict: Int] = [:]) {
        self.operation = operation
        self.received = received
        self.verdicts = verdicts
    }

    public subscript(verdict: Verdict) -> Int { verdicts[verdict] ?? 0 }

    public var settled: Int { verdicts.values.reduce(0, +) }

    /// In flight or awaiting comparison; 0 when all is quiet.
    public var unsettled: Int { received - settled }

    private enum CodingKeys: String, CodingKey { case operation, received, unsettled, verdicts }

    /// Verdicts are written by name: `{"operation":"preview","received":2,"unsettled":0,"verdicts":{"match":2}}`.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(operation, forKey: .operation)
        try container.encode(received, forKey: .received)
        try container.encode(unsettled, forKey: .unsettled)
        try container.encode(Dictionary(uniqueKeysWithValues: verdicts.map { ($0.key.name, $0.value) }), forKey: .verdicts)
    }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        operation = try container.decode(String.self, forKey: .operation)
        received = try container.decode(Int.self, forKey: .received)
        verdicts = [:]
        for (name, count) in try container.decode([String: Int].self, forKey: .verdicts) {
            guard let verdict = Verdict(name: name) else {
                throw DecodingError.dataCorruptedError(
                    forKey: .verdicts, in: container, debugDescription: "\(name) is no verdict.")
            }
            verdicts[verdict] = count
        }
    }
}

extension Verdict {
    /// The verdict of a name as metrics and reports write it.
    public init?(name: String) {
        guard let verdict = Self.allCases.first(where: { $0.name == name }) else { return nil }
        self = verdict
    }
}
