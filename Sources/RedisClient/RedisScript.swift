#if Redis
    /// A Lua script with the name that Redis knows it by: the SHA-1 of its text, in hexadecimal digits.
    public struct RedisScript: Sendable {
        public let text: String
        public let digest: String

        public init(_ text: String) {
            self.text = text
            digest = RedisScript.sha1(Array(text.utf8)).map { $0 < 16 ? "0" + String($0, radix: 16) : String($0, radix: 16) }
                .joined()
        }

        /// By FIPS 180-4. Redis names scripts by it; nothing secret rests on it.
        static func sha1(_ message: [UInt8]) -> [UInt8] {
            var state: [UInt32] = [0x6745_2301, 0xEFCD_AB89, 0x98BA_DCFE, 0x1032_5476, 0xC3D2_E1F0]
            var padded = message + [0x80]
            while padded.count % 64 != 56 { padded.append(0) }
            padded += bigEndian(UInt64(message.count) * 8)
            for start in stride(from: 0, to: padded.count, by: 64) {
                var words = (0..<16).map { index in
                    padded[(start + index * 4)..<(start + index * 4 + 4)].reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
                }
                for index in 16..<80 {
                    words.append(rotate(words[index - 3] ^ words[index - 8] ^ words[index - 14] ^ words[index - 16], 1))
                }
                var (a, b, c, d, e) = (state[0], state[1], state[2], state[3], state[4])
                for index in 0..<80 {
                    let (mix, constant): (UInt32, UInt32) =
                        switch index {
                        case 0..<20: (b & c | ~b & d, 0x5A82_7999)
                        case 20..<40: (b ^ c ^ d, 0x6ED9_EBA1)
                        case 40..<60: (b & c | b & d | c & d, 0x8F1B_BCDC)
                        default: (b ^ c ^ d, 0xCA62_C1D6)
                        }
                    let next = rotate(a, 5) &+ mix &+ e &+ constant &+ words[index]
                    (a, b, c, d, e) = (next, a, rotate(b, 30), c, d)
                }
                for (index, value) in [a, b, c, d, e].enumerated() { state[index] &+= value }
            }
            return state.flatMap { bigEndian(UInt64($0)).suffix(4) }
        }

        private static func rotate(_ value: UInt32, _ count: UInt32) -> UInt32 { value << count | value >> (32 - count) }
        private static func bigEndian(_ value: UInt64) -> [UInt8] { withUnsafeBytes(of: value.bigEndian) { Array($0) } }
    }
#endif
