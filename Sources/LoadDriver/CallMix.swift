/// What a driver asks for, by the names of `--mix`.
public enum CallKind: String, Sendable, Hashable, CaseIterable, Codable {
    /// `GET …/interest`.
    case previews
    /// `POST …/interest-payouts`.
    case payouts
    /// `POST …/transactions` of type DEPOSIT, one in ten with an earlier value date.
    case deposits
    /// `POST …/transactions` of type WITHDRAWAL.
    case withdrawals
    /// `POST /v1/transfers`.
    case transfers
    /// `POST …/closure`. A closed account stays closed: later calls on it are refused.
    case closures
    /// `GET /v1/accounts/{id}`.
    case accounts

    var isWrite: Bool { self != .previews && self != .accounts }
}

/// The kinds of calls with their weights.
public struct CallMix: Sendable, Hashable, CustomStringConvertible {
    /// Kinds of weight above zero, in the order of `CallKind`.
    public let weights: [Weight]

    public struct Weight: Sendable, Hashable {
        public var kind: CallKind
        public var weight: Int
    }

    /// 70 previews, 20 payouts, 5 deposits, 5 withdrawals in a hundred.
    public static let standard = CallMix(known: [.previews: 70, .payouts: 20, .deposits: 5, .withdrawals: 5])

    private init(known weights: [CallKind: Int]) {
        self.weights = CallKind.allCases.compactMap { kind in weights[kind].map { Weight(kind: kind, weight: $0) } }
    }

    /// Weights are 0 … 1 000 000, not all zero.
    public init(_ weights: [CallKind: Int]) throws(DriveError) {
        guard weights.values.allSatisfy({ (0...1_000_000).contains($0) }), weights.values.contains(where: { $0 > 0 }) else {
            throw DriveError("A mix needs weights of 0 … 1000000, at least one of them above 0.")
        }
        self.init(known: weights.filter { $0.value > 0 })
    }

    /// `previews=70,payouts=20,deposits=5,withdrawals=5`.
    public init(parsing text: String) throws(DriveError) {
        var weights: [CallKind: Int] = [:]
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            let sides = part.split(separator: "=", omittingEmptySubsequences: false)
            guard sides.count == 2, let kind = CallKind(rawValue: String(sides[0])), let weight = Int(sides[1]) else {
                let names = CallKind.allCases.map(\.rawValue).joined(separator: ", ")
                throw DriveError("`\(part)` is no part of a mix: write NAME=WEIGHT, with a name of \(names).")
            }
            guard weights.updateValue(weight, forKey: kind) == nil else {
                throw DriveError("\(kind.rawValue) stands twice in the mix.")
            }
        }
        try self.init(weights)
    }

    public var description: String { weights.map { "\($0.kind.rawValue)=\($0.weight)" }.joined(separator: ",") }
}

/// Why a plan can't be driven: one sentence.
public struct DriveError: Error, Sendable, Hashable, CustomStringConvertible {
    public let description: String

    public init(_ description: String) { self.description = description }
}
