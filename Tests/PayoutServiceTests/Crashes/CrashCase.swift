import Foundation

@testable import PayoutService

/// One way to kill a bank in the middle: what it runs on, which step, and at which passing of it.
struct CrashCase: Sendable, CustomStringConvertible {
    enum Way: String, Sendable, CaseIterable {
        /// The service books its own taxes.
        case embedded
        /// A tax worker reads the outbox.
        case outbox
        #if Kafka
            /// A relay, a topic, and a group of two tax workers.
            case kafka
        #endif
    }

    var seed: Int
    var engine: Bank.Engine
    var way: Way
    var point: CrashPoint
    var passing: Int

    /// The tax worker dies, and not the service.
    var killsWorker: Bool {
        switch way {
        case .embedded: false
        case .outbox: CrashCase.ofBooking.contains(point) || point == .afterAcknowledge
        #if Kafka
            case .kafka: CrashCase.ofBooking.contains(point) || point == .afterOffsetCommit
        #endif
        }
    }

    var description: String { "\(seed): \(engine), \(way), \(point.rawValue):\(passing)" }

    private static let ofPayment: [CrashPoint] = [.beforeLock, .afterInsert, .beforeCommit, .afterCommit]
    private static let ofBooking: [CrashPoint] = [.beforeBooking, .beforeBookingCommit, .afterBooking]

    /// The steps that a way passes; those of batches are sure to be passed once only.
    static func points(_ way: Way) -> [CrashPoint] {
        switch way {
        case .embedded, .outbox: ofPayment + ofBooking + [.afterAcknowledge]
        #if Kafka
            case .kafka:
                ofPayment + [.beforePublish, .afterPublish, .afterAcknowledge] + ofBooking + [.afterOffsetCommit]
        #endif
        }
    }

    /// Every step of the way once for as many seeds as it has steps, on the stores in turn; twice as many meet every step on both.
    static func of(_ way: Way, seeds: Int) -> [CrashCase] {
        (0..<seeds).map { seed in
            let points = points(way)
            let (round, step) = seed.quotientAndRemainder(dividingBy: points.count)
            var random = UInt64(seed) &* 0x9E37_79B9_7F4A_7C15 ^ 0xD1B5_4A32_D192_ED03
            random ^= random >> 29
            let isOfBatch = ![ofPayment, ofBooking].joined().contains(points[step])
            return CrashCase(
                seed: seed, engine: Bank.stores[(step + round) % Bank.stores.count], way: way, point: points[step],
                passing: isOfBatch ? 1 : 1 + Int(random % 8))
        }
    }

    /// How many cases each way gets; `make soak` sets more.
    static let seeds = ProcessInfo.processInfo.environment["BANK_CRASH_SEEDS"].flatMap { Int($0) } ?? 10
}
