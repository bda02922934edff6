/// Which of the two systems answers the caller.
public enum AnsweringSide: String, Sendable, Hashable, Codable, CaseIterable {
    case legacy, candidate

    public var other: AnsweringSide { self == .legacy ? .candidate : .legacy }
}

/// Who answers, and why: the reason is what gets counted.
public struct PlacementDecision: Sendable, Hashable {
    /// In the order in which they are asked; the first that applies decides.
    public enum Reason: Int, Sendable, Hashable, CaseIterable {
        case killed = 0
        /// The request names no key, so that nothing could stay where it is.
        case noKey
        /// The key is on the plan's list of those that never move.
        case denied
        /// The candidate has written this key, and the rollback policy keeps it there.
        case writtenOnCandidate
        case audienceNotYet
        case bucketBelowShare
        case bucketAboveShare
        /// Of several keys some belong to the candidate, some do not.
        case mixedKeys
        /// The key would go to the candidate, but no more keys can be noted as written there.
        case ledgerFull

        /// As metrics and logs call it.
        public var name: String {
            switch self {
            case .killed: "killed"
            case .noKey: "no-key"
            case .denied: "denied"
            case .writtenOnCandidate: "written-on-candidate"
            case .audienceNotYet: "audience-not-yet"
            case .bucketBelowShare: "bucket-below-share"
            case .bucketAboveShare: "bucket-above-share"
            case .mixedKeys: "mixed-keys"
            case .ledgerFull: "ledger-full"
            }
        }
    }

    public let side: AnsweringSide
    public let reason: Reason

    public init(_ side: AnsweringSide, _ reason: Reason) {
        self.side = side
        self.reason = reason
    }
}

/// How often each reason decided, to be added up over lanes.
public struct PlacementCounts: Sendable, Hashable {
    private var counts = [Int](repeating: 0, count: PlacementDecision.Reason.allCases.count)

    public init() {}

    public subscript(reason: PlacementDecision.Reason) -> Int { counts[reason.rawValue] }

    mutating func add(_ reason: PlacementDecision.Reason) { counts[reason.rawValue] += 1 }

    public static func += (left: inout PlacementCounts, right: PlacementCounts) {
        for index in left.counts.indices { left.counts[index] += right.counts[index] }
    }
}
