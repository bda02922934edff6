import NIOConcurrencyHelpers
import NIOCore
import NIOPosix

/// A gate that opens once. Steps of a stub side and tests wait for it.
public final class Latch: Sendable {
    private struct State {
        var isOpen = false
        var waiting: [@Sendable () -> Void] = []
    }

    private let state = NIOLockedValueBox(State())

    public init() {}

    public func open() {
        let waiting = state.withLockedValue { state in
            state.isOpen = true
            defer { state.waiting = [] }
            return state.waiting
        }
        for body in waiting { body() }
    }

    public func whenOpen(_ body: @escaping @Sendable () -> Void) {
        let isOpen = state.withLockedValue { state in
            if !state.isOpen { state.waiting.append(body) }
            return state.isOpen
        }
        if isOpen { body() }
    }
}

/// What did not happen in time.
public struct TestTimeout: Error, CustomStringConvertible {
    public let description: String

    public init(_ description: String) { self.description = description }
}

/// Waits, bounded, until the condition holds; looks again every few milliseconds of an event loop's timer.
public func eventually(
    _ what: String, within seconds: Int = 20, _ condition: @escaping @Sendable () async throws -> Bool
) async throws {
    let loop = MultiThreadedEventLoopGroup.singleton.next()
    let end = NIODeadline.now() + .seconds(Int64(seconds))
    while try await !condition() {
        guard NIODeadline.now() < end else { throw TestTimeout("not within \(seconds) s: \(what)") }
        try await loop.scheduleTask(in: .milliseconds(5)) {}.futureResult.get()
    }
}
