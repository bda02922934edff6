import Synchronization

/// Makes the ids of this service: opaque, unique, and rising with time, so that new rows go to the end of their indexes.
final class ReferenceSource: Sendable {
    private let state: Mutex<UInt64>
    private let salt: UInt32

    /// - Parameter unixSeconds: when the service started.
    init(unixSeconds: Int) {
        state = Mutex(UInt64(clamping: unixSeconds) << 24)
        salt = UInt32.random(in: .min ... .max)
    }

    /// `P-00019f0a3c000001-5be2c91d`
    func next(_ prefix: String) -> String {
        let number = state.withLock { last in
            last += 1
            return last
        }
        return prefix + "-" + ReferenceSource.hex(number, digits: 16) + "-" + ReferenceSource.hex(UInt64(salt), digits: 8)
    }

    private static func hex(_ value: UInt64, digits: Int) -> String {
        let text = String(value, radix: 16)
        return String(repeating: "0", count: max(0, digits - text.count)) + text
    }
}
