/// What has to be shown of an audience's comparisons before its next stage. docs/migration.md works an example.
public struct PromotionPolicy: Sendable, Hashable, Codable {
    /// Each of them is tested by itself, and all of them must pass.
    public var operations: [OperationRates]
    /// How often a candidate that is good everywhere may be rejected, over all operations and all tries of a stage.
    public var alpha: Share
    /// How often a candidate that is bad somewhere may be promoted, over all tries of a stage.
    public var beta: Share
    /// How many comparisons of one key count for one operation in one try of a stage.
    public var perKeyMax: Int
    /// How many keys are remembered for that, per operation; comparisons of further keys are no evidence.
    public var keysMax: Int
    /// Places where one confirmed mismatch rejects.
    public var criticalPlaces: [CriticalPlace]

    public init(
        operations: [OperationRates] = [], alpha: Share = Self.alphaDefault, beta: Share = Self.betaDefault, perKeyMax: Int = 10,
        keysMax: Int = 1_000_000, criticalPlaces: [CriticalPlace] = []
    ) {
        self.operations = operations
        self.alpha = alpha
        self.beta = beta
        self.perKeyMax = perKeyMax
        self.keysMax = keysMax
        self.criticalPlaces = criticalPlaces
    }

    /// 5 %
    public static let alphaDefault = Share(thousandths: 5_000) ?? .none
    /// 1 %
    public static let betaDefault = Share(thousandths: 1_000) ?? .none

    /// Whether a mismatch at one of these places rejects at once. A place as differences write it: `$.lines[3].debit`.
    public func isCritical(operation: String, differencesAt places: some Sequence<String>) -> Bool {
        if criticalPlaces.isEmpty { return false }
        return places.contains { place in criticalPlaces.contains { $0.takes(operation: operation, place: place) } }
    }
}

/// What is good enough for an operation, and what must be found out.
public struct OperationRates: Sendable, Hashable, Codable {
    public var name: String
    /// Share of mismatches up to which a candidate is good (p₀).
    public var good: Share
    /// Share of mismatches from which a candidate is bad (p₁), above `good`.
    public var bad: Share

    public init(name: String, good: Share, bad: Share) {
        self.name = name
        self.good = good
        self.bad = bad
    }
}

/// When the candidate loses its keys without anybody being asked, and what becomes of those it has written.
public struct RollbackPolicy: Sendable, Hashable, Codable {
    /// What becomes of keys that the candidate has written, when a rollback takes the share away.
    public enum WrittenKeys: String, Sendable, Hashable, Codable, CaseIterable {
        /// They stay on the candidate until the share takes them in again, or the kill switch is thrown.
        case keep
        /// They go back to the legacy, each as soon as nothing of it is under way or waits to be caught up.
        case `return`
    }

    public var writtenKeys: WrittenKeys
    /// How many failures of the candidate without anything else in between.
    public var failuresInARow: Int
    /// How many times as often as the legacy the candidate must fail to be worth finding out; from 2.
    public var errorRatio: Int
    /// One false alarm in this many failures on one side alone, on average, when both sides fail equally often.
    public var errorFalseAlarmEvery: Int

    public init(
        writtenKeys: WrittenKeys, failuresInARow: Int = 5, errorRatio: Int = 2, errorFalseAlarmEvery: Int = 10_000
    ) {
        self.writtenKeys = writtenKeys
        self.failuresInARow = failuresInARow
        self.errorRatio = errorRatio
        self.errorFalseAlarmEvery = errorFalseAlarmEvery
    }
}

/// A place of an answer: `$.netInterest`, `$.lines[].debit`, `$..amount`, `status`, `header:NAME`, or one operation's alone as
/// `payout $.amount`. It takes everything below it too.
public struct CriticalPlace: Sendable, Hashable, Codable, CustomStringConvertible {
    public let description: String
    /// Nil for every operation.
    public let operation: String?
    private let place: String

    public init(_ text: String) {
        description = text
        let parts = text.split(separator: " ", maxSplits: 1)
        operation = parts.count == 2 ? String(parts[0]) : nil
        place = Self.withoutIndices(String(parts.last ?? ""))
    }

    public init(from decoder: any Decoder) throws { self.init(try decoder.singleValueContainer().decode(String.self)) }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }

    func takes(operation: String, place found: String) -> Bool {
        if let only = self.operation, only != operation { return false }
        let found = Self.withoutIndices(found)
        if place.hasPrefix("$..") {
            let member = "." + place.dropFirst(3)
            return found.ranges(of: member).contains { Self.isEnd($0.upperBound, of: found) }
        }
        return found.hasPrefix(place) && Self.isEnd(found.index(found.startIndex, offsetBy: place.count), of: found)
    }

    /// Whether a name ends here.
    private static func isEnd(_ index: String.Index, of text: String) -> Bool {
        index == text.endIndex || text[index] == "." || text[index] == "["
    }

    /// Indices as `[]`; names in brackets stay.
    private static func withoutIndices(_ text: String) -> String { text.replacing(/\[(\d+|\*)\]/, with: "[]") }
}
