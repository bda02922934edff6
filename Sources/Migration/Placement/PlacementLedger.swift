/// The keys that the candidate has written. A lane's own copy; the one on disk and the other lanes' are kept up by whoever owns the
/// lanes.
///
/// A key is noted **before** its first write is sent to the candidate: a crash in between leaves a key noted that was never written,
/// which costs nothing, and never the reverse. It is bounded: when it is full, no further key goes to the candidate at all, rather than
/// going there and being forgotten.
public struct PlacementLedger: Sendable {
    private var keys: Set<KeyText> = []
    public let keysMax: Int

    public init(keysMax: Int = 5_000_000) { self.keysMax = max(0, keysMax) }

    public var count: Int { keys.count }
    public var isFull: Bool { keys.count >= keysMax }

    public func holds(_ key: String) -> Bool { !keys.isEmpty && keys.contains(KeyText(key)) }

    /// True when the key was not noted before: it is to be stored and told to the other lanes before the write is sent. False as well
    /// when there is no room, which a decision for the candidate rules out.
    public mutating func note(_ key: String) -> Bool { !isFull && keys.insert(KeyText(key)).inserted }

    /// A key that is noted elsewhere already: it is known whether there is room or not.
    public mutating func learn(_ key: String) { keys.insert(KeyText(key)) }

    /// Once the key has been handed back to the legacy. True when it was noted.
    public mutating func forget(_ key: String) -> Bool { keys.remove(KeyText(key)) != nil }

    public mutating func forgetAll() { keys.removeAll() }

    /// In no order.
    public var all: some Sequence<String> { keys.lazy.map(\.text) }
}

/// A key by its bytes. `String` itself takes canonically equal texts for one, which would give two keys one bucket.
struct KeyText: Sendable, Hashable {
    let text: String

    init(_ text: String) { self.text = text }

    static func == (left: KeyText, right: KeyText) -> Bool { left.text.utf8.elementsEqual(right.text.utf8) }

    func hash(into hasher: inout Hasher) {
        let fed: Void? = text.utf8.withContiguousStorageIfAvailable { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
        if fed == nil { for byte in text.utf8 { hasher.combine(byte) } }
    }
}
