/// What a traffic plane has to tell since it was last asked.
public struct TrafficFindings: Sendable {
    /// In the order in which they came about.
    public var outcomes: [TrafficOutcome]
    /// Who answered and why, since the start.
    public var counts: PlacementCounts
    public var controls: ControlFigures
    /// Outcomes that found no room, since the start; matches only. Nothing is made of them.
    public var dropped: Int
    /// As the candidate's answers last named it since the last call.
    public var candidateBuild: String?

    public init(
        outcomes: [TrafficOutcome] = [], counts: PlacementCounts = PlacementCounts(), controls: ControlFigures = ControlFigures(),
        dropped: Int = 0, candidateBuild: String? = nil
    ) {
        self.outcomes = outcomes
        self.counts = counts
        self.controls = controls
        self.dropped = dropped
        self.candidateBuild = candidateBuild
    }
}

/// Mismatches that were planted to see whether the comparison still finds them, since the start.
public struct ControlFigures: Sendable, Hashable, Codable {
    public var planted: Int
    public var seen: Int

    public init(planted: Int = 0, seen: Int = 0) {
        self.planted = planted
        self.seen = seen
    }

    public static func += (sum: inout ControlFigures, part: ControlFigures) {
        sum.planted += part.planted
        sum.seen += part.seen
    }
}

/// What one request that both sides were to answer came to.
public struct TrafficOutcome: Sendable, Hashable, Codable {
    public enum Comparison: Sendable, Hashable, Codable {
        case match
        /// Where the answers differ, without indices: `$.lines[].debit`, `status`, `header:NAME`.
        case mismatch(places: [String])
    }

    public var operation: String
    /// Nil when the request named none.
    public var key: KeyMark?
    public var candidateFailed: Bool
    /// Whether the candidate answered the caller itself, who is of the audience that moves.
    public var isOfMovers: Bool
    /// Nil when the legacy was not asked.
    public var legacyFailed: Bool?
    /// Nil when nothing was compared, or the difference was noise.
    public var comparison: Comparison?

    public init(
        operation: String, key: KeyMark?, candidateFailed: Bool = false, isOfMovers: Bool = false,
        legacyFailed: Bool? = nil,
        comparison: Comparison? = nil
    ) {
        self.operation = operation
        self.key = key
        self.candidateFailed = candidateFailed
        self.isOfMovers = isOfMovers
        self.legacyFailed = legacyFailed
        self.comparison = comparison
    }
}

extension TrafficOutcome {
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        operation = try container.decode(String.self, forKey: .operation)
        key = try container.decodeIfPresent(KeyMark.self, forKey: .key)
        candidateFailed = try container.decode(Bool.self, forKey: .candidateFailed)
        // A proxy of an earlier version does not say it.
        isOfMovers = try container.decodeIfPresent(Bool.self, forKey: .isOfMovers) ?? false
        legacyFailed = try container.decodeIfPresent(Bool.self, forKey: .legacyFailed)
        comparison = try container.decodeIfPresent(Comparison.self, forKey: .comparison)
    }
}

/// How far keys are that change sides, and what is still to be brought to the legacy.
public struct HandOverStanding: Sendable, Hashable, Codable {
    /// Keys that drain before they change sides.
    public var keysLeaving: Int
    /// Writes that wait for that.
    public var writesWaiting: Int
    /// Keys whose writes one side has yet to take.
    public var keysBehind: Int
    /// Keys noted as written by the candidate.
    public var writtenKeys: Int
    /// Keys whose sides differ, or may: they stay where they are until somebody, or a read-back, knows.
    public var keysMistrusted: Int

    public init(
        keysLeaving: Int = 0, writesWaiting: Int = 0, keysBehind: Int = 0, writtenKeys: Int = 0, keysMistrusted: Int = 0
    ) {
        self.keysLeaving = keysLeaving
        self.writesWaiting = writesWaiting
        self.keysBehind = keysBehind
        self.writtenKeys = writtenKeys
        self.keysMistrusted = keysMistrusted
    }
}
