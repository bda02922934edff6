import Foundation
import InterestContract
import Synchronization

/// Steps at which a service or worker can be told to kill itself, so that a test sees what a crash leaves there.
public enum CrashPoint: String, Sendable, CaseIterable {
    /// A payment has done nothing yet.
    case beforeLock = "before-lock"
    /// The payment's statements are executed.
    case afterInsert = "after-insert"
    case beforeCommit = "before-commit"
    /// Kept, and the caller has no answer.
    case afterCommit = "after-commit"
    /// The relay has taken events from the outbox.
    case beforePublish = "before-publish"
    /// Kafka has the events, the outbox doesn't know.
    case afterPublish = "after-publish"
    /// The outbox knows that events were published, or booked.
    case afterAcknowledge = "after-acknowledge"
    /// The worker has read an event.
    case beforeBooking = "before-booking"
    /// The event is booked, in a transaction that is not kept yet.
    case beforeBookingCommit = "before-booking-commit"
    /// The booking is kept, and neither outbox nor topic knows.
    case afterBooking = "after-booking"
    /// The offsets are committed.
    case afterOffsetCommit = "after-offset-commit"
}

/// Kills this process, as `kill -9` does, when it passes a point for the n-th time.
public final class CrashPlan: Sendable {
    /// Why a plan can't be read.
    public struct Refusal: Error, Sendable, CustomStringConvertible {
        public let description: String
    }

    public let point: CrashPoint
    private let left: Atomic<Int>

    /// - Parameter text: `POINT` or `POINT:N`, the N-th time, from 1.
    public init(_ text: String) throws(Refusal) {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard let point = parts.first.flatMap({ CrashPoint(rawValue: String($0)) }) else {
            let points = CrashPoint.allCases.map(\.rawValue).joined(separator: ", ")
            throw Refusal(description: "`\(text)` is no point to crash at; there are \(points)")
        }
        guard parts.count < 3, let count = parts.count == 1 ? 1 : Int(parts[1]), count > 0 else {
            throw Refusal(description: "`\(text)`: behind the colon stands how often the point is passed, from 1")
        }
        self.point = point
        left = Atomic(count)
    }

    func pass(_ point: CrashPoint) {
        guard point == self.point, left.subtract(1, ordering: .relaxed).newValue == 0 else { return }
        kill(getpid(), SIGKILL)
    }
}

/// Books that crash where a plan says so.
struct CrashingBooks: Books {
    let books: any Books
    let plan: CrashPlan

    func read<Value: Sendable>(_ body: @escaping @Sendable (any BooksReading) throws -> Value) async throws -> Value {
        try await books.read(body)
    }

    func transact<Value: Sendable>(
        _ body: @escaping @Sendable (any BooksWriting) throws -> Outcome<Value>
    ) async throws -> Value {
        let plan = plan
        let (value, isKept) = try await books.transact { session in
            plan.pass(.beforeLock)
            let outcome = try body(CrashingSession(session: session, plan: plan))
            if outcome.isKept { plan.pass(.beforeCommit) }
            return Outcome(value: (outcome.value, outcome.isKept), isKept: outcome.isKept, afterCommit: outcome.afterCommit)
        }
        if isKept { plan.pass(.afterCommit) }
        return value
    }

    private struct CrashingSession: BooksWriting {
        let session: any BooksWriting
        let plan: CrashPlan

        func execute(_ steps: [BookStep]) throws {
            try session.execute(steps)
            // A question makes the engine carry out what may still stand in line.
            _ = try session.hasProduct("")
            plan.pass(.afterInsert)
        }

        func load(_ accounts: [FixtureAccount]) throws { try session.load(accounts) }
        func standing(_ accountId: String) throws -> Standing? { try session.standing(accountId) }
        func basis(_ standing: Standing, by date: EntryDate, after day: Int) throws -> InterestBasis {
            try session.basis(standing, by: date, after: day)
        }
        func hasProduct(_ product: String) throws -> Bool { try session.hasProduct(product) }
        func storedAnswer(key: String, before accountId: String?) throws -> StoredAnswer? {
            try session.storedAnswer(key: key, before: accountId)
        }
        func accounts(ofCustomer customerId: String) throws -> [String] { try session.accounts(ofCustomer: customerId) }
        func previewToken(_ accountId: String) throws -> PreviewToken? { try session.previewToken(accountId) }
    }
}

/// A tax ledger that crashes before or after a booking.
struct CrashingLedger: TaxLedger {
    let ledger: any TaxLedger
    let plan: CrashPlan

    func book(_ event: TaxEvent, at unixMilliseconds: Int64) async throws -> Bool {
        plan.pass(.beforeBooking)
        let booked = try await ledger.book(event, at: unixMilliseconds)
        plan.pass(.afterBooking)
        return booked
    }
}

/// An outbox that crashes once it knows what became of events.
struct CrashingOutbox: EventOutbox {
    let outbox: any EventOutbox
    let plan: CrashPlan

    func due(at unixMilliseconds: Int64, limit: Int) async throws -> [PublishedTaxEvent] {
        try await outbox.due(at: unixMilliseconds, limit: limit)
    }

    func acknowledge(_ positions: [Int64]) async throws {
        try await outbox.acknowledge(positions)
        if !positions.isEmpty { plan.pass(.afterAcknowledge) }
    }

    // The relay, which alone hands over, passes its points itself.
    func handOver(_ positions: [Int64]) async throws { try await outbox.handOver(positions) }

    func postpone(_ event: PublishedTaxEvent, until unixMilliseconds: Int64, reason: String) async throws {
        try await outbox.postpone(event, until: unixMilliseconds, reason: reason)
    }

    func bury(_ event: PublishedTaxEvent, at unixMilliseconds: Int64, reason: String) async throws {
        try await outbox.bury(event, at: unixMilliseconds, reason: reason)
    }
}
