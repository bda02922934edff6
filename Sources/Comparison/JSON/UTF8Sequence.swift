/// Well-formed UTF-8 by the table of the Unicode standard (D92): no overlong forms, no surrogates, nothing beyond U+10FFFF.
enum UTF8Sequence {
    /// The length of the sequence that begins at `bytes` with a byte beyond ASCII; 0 when it is not well formed.
    static func length(_ bytes: UnsafePointer<UInt8>, count: Int) -> Int {
        let first = bytes[0]
        func continues(_ index: Int, _ low: UInt8 = 0x80, _ high: UInt8 = 0xBF) -> Bool {
            index < count && bytes[index] >= low && bytes[index] <= high
        }
        switch first {
        case 0xC2...0xDF:
            return continues(1) ? 2 : 0
        case 0xE0...0xEF:
            guard continues(1, first == 0xE0 ? 0xA0 : 0x80, first == 0xED ? 0x9F : 0xBF), continues(2) else { return 0 }
            return 3
        case 0xF0...0xF4:
            guard continues(1, first == 0xF0 ? 0x90 : 0x80, first == 0xF4 ? 0x8F : 0xBF), continues(2), continues(3) else {
                return 0
            }
            return 4
        default:
            return 0
        }
    }
}
