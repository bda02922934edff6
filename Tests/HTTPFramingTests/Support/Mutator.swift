/// Damages messages at random, from a seed: bytes flipped, dropped, put in and doubled, pieces of other messages spliced in.
struct Mutator {
    private var generator: SplitMix64
    private let corpus: [[UInt8]]
    private static let telling: [UInt8] = Array("\r\n\0 \t:;,/?#*_-+0189afAFxX.".utf8) + [0x7F, 0x80, 0xC3, 0xFF]

    init(seed: UInt64, corpus: [[UInt8]]) {
        generator = SplitMix64(seed: seed)
        self.corpus = corpus
    }

    mutating func next() -> [UInt8] {
        var bytes = pick()
        if Bool.random(using: &generator) { bytes += pick() }
        for _ in 0..<Int.random(in: 1...3, using: &generator) { damage(&bytes) }
        return bytes
    }

    private mutating func pick() -> [UInt8] { corpus[Int.random(in: 0..<corpus.count, using: &generator)] }

    private mutating func damage(_ bytes: inout [UInt8]) {
        guard !bytes.isEmpty else { return }
        let at = Int.random(in: 0..<bytes.count, using: &generator)
        let length = min(Int.random(in: 1...12, using: &generator), bytes.count - at)
        switch Int.random(in: 0..<6, using: &generator) {
        case 0: bytes[at] = Mutator.telling[Int.random(in: 0..<Mutator.telling.count, using: &generator)]
        case 1: bytes.insert(Mutator.telling[Int.random(in: 0..<Mutator.telling.count, using: &generator)], at: at)
        case 2: bytes.removeSubrange(at..<at + length)
        case 3: bytes.insert(contentsOf: bytes[at..<at + length], at: at)
        case 4: bytes[at] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
        default: doubleLine(&bytes, near: at)
        }
    }

    private func doubleLine(_ bytes: inout [UInt8], near at: Int) {
        let start = bytes[..<at].lastIndex(of: 0x0A).map { $0 + 1 } ?? 0
        guard let end = bytes[at...].firstIndex(of: 0x0A), end >= start else { return }
        bytes.insert(contentsOf: bytes[start...end], at: start)
    }

    /// The bytes in random pieces.
    mutating func cut(_ bytes: [UInt8]) -> [[UInt8]] {
        var pieces: [[UInt8]] = []
        var at = 0
        while at < bytes.count {
            let length = min(Int.random(in: 1...9, using: &generator), bytes.count - at)
            pieces.append(Array(bytes[at..<at + length]))
            at += length
        }
        return pieces
    }
}
