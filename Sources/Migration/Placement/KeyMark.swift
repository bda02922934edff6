/// Tells keys apart without being one: eight bytes of the same keyed hash as the key's bucket, none of those that decide the bucket.
/// Whoever stores it stores no account number. Two keys that share one would share their cap of evidence, which only makes it stricter.
public struct KeyMark: Sendable, Hashable, Codable {
    public let value: UInt64

    public init(value: UInt64) { self.value = value }
}
