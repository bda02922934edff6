internal import Dispatch
internal import Synchronization

/// What many threads hand to one, which takes it in the order in which it came. Handing over takes no lock: the threads that answer
/// callers never wait for the one that writes to the disk, not even while that one was put aside in the middle of something.
final class Mailbox<Letter: Sendable>: Sendable {
    /// Addresses as numbers. `@unchecked Sendable`: `older` is written by the thread that hands over before the letter can be seen, then
    /// read by the taker.
    private final class Envelope: @unchecked Sendable {
        let letter: Letter
        var older: UInt = Mailbox.nothing

        init(_ letter: Letter) { self.letter = letter }
    }

    private static var nothing: UInt { 0 }
    /// Stands in the newest's place when nothing more is taken in; no address is odd.
    private static var seal: UInt { 1 }

    /// The newest envelope; each holds the one before it.
    private let newest = Atomic<UInt>(0)
    private let isClosing = Atomic<Bool>(false)
    private let isTakerAsleep = Atomic<Bool>(false)
    private let alarm = DispatchSemaphore(value: 0)

    deinit { _ = opened(newest.load(ordering: .acquiring)) }

    /// False when the box is closed: the letter was not taken in.
    func hand(over letter: Letter) -> Bool {
        guard !isClosing.load(ordering: .relaxed) else { return false }
        let envelope = Envelope(letter)
        let address = Self.sealed(envelope)
        var older = newest.load(ordering: .relaxed)
        while true {
            if older == Self.seal {
                _ = Self.unsealed(address)
                return false
            }
            envelope.older = older
            let (exchanged, found) = newest.compareExchange(
                expected: older, desired: address, ordering: .sequentiallyConsistent)
            if exchanged { break }
            older = found
        }
        if isTakerAsleep.exchange(false, ordering: .sequentiallyConsistent) { alarm.signal() }
        return true
    }

    /// Waits until there is something, and takes all of it, oldest first; nil once the box is closed and empty. For one thread.
    func take() -> [Letter]? {
        while true {
            let letters = takeWhatIsThere()
            if !letters.isEmpty { return letters }
            if isClosing.load(ordering: .sequentiallyConsistent) {
                // Whoever looked at the flag before may still hand something over.
                let (sealed, found) = newest.compareExchange(
                    expected: Self.nothing, desired: Self.seal, ordering: .sequentiallyConsistent)
                if sealed || found == Self.seal { return nil }
                continue
            }
            isTakerAsleep.store(true, ordering: .sequentiallyConsistent)
            let isEmpty = newest.load(ordering: .sequentiallyConsistent) == Self.nothing
            if isEmpty, !isClosing.load(ordering: .sequentiallyConsistent) { alarm.wait() }
            isTakerAsleep.store(false, ordering: .sequentiallyConsistent)
        }
    }

    /// Takes what is there without waiting.
    private func takeWhatIsThere() -> [Letter] {
        var found = newest.load(ordering: .relaxed)
        while found != Self.nothing, found != Self.seal {
            let (exchanged, now) = newest.compareExchange(
                expected: found, desired: Self.nothing, ordering: .sequentiallyConsistent)
            if exchanged { return opened(found) }
            found = now
        }
        return []
    }

    /// Takes nothing more in; what is in the box can still be taken.
    func close() {
        isClosing.store(true, ordering: .sequentiallyConsistent)
        alarm.signal()
    }

    private func opened(_ newest: UInt) -> [Letter] {
        var letters: [Letter] = []
        var next = newest
        while let envelope = Self.unsealed(next) {
            letters.append(envelope.letter)
            next = envelope.older
        }
        letters.reverse()
        return letters
    }

    /// The envelope's address, which holds it.
    private static func sealed(_ envelope: Envelope) -> UInt { UInt(bitPattern: Unmanaged.passRetained(envelope).toOpaque()) }

    /// The envelope of that address, which holds it no longer.
    private static func unsealed(_ address: UInt) -> Envelope? {
        guard address != seal, let pointer = UnsafeRawPointer(bitPattern: address) else { return nil }
        return Unmanaged<Envelope>.fromOpaque(pointer).takeRetainedValue()
    }
}
