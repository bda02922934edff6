import Testing

@testable import Comparison

@Suite struct UTF8SequenceTests {
    private func length(_ bytes: [UInt8]) -> Int {
        bytes.withUnsafeBufferPointer { buffer in
            guard let base = buffer.baseAddress else { return 0 }
            return UTF8Sequence.length(base, count: buffer.count)
        }
    }

    /// Swift's own decoder is the oracle: one character, written in all of the bytes.
    private func isOneCharacter(_ bytes: [UInt8]) -> Bool { String(validating: bytes, as: UTF8.self)?.unicodeScalars.count == 1 }

    @Test func agreesWithTheStandardLibraryOnEveryEdge() {
        let edges: [UInt8] = [0x00, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC0, 0xFF]
        func check(_ bytes: [UInt8]) {
            let isTaken = length(bytes) == bytes.count
            if isTaken != isOneCharacter(bytes) { Issue.record("\(bytes)") }
        }
        for first in UInt8(0x80)...0xFF {
            for second in UInt8.min...UInt8.max { check([first, second]) }
            for second in edges where first >= 0xE0 {
                for third in edges {
                    check([first, second, third])
                    for fourth in edges where first >= 0xF0 { check([first, second, third, fourth]) }
                }
            }
        }
    }

    @Test func whatIsCutOffIsRefused() {
        for bytes: [UInt8] in [[0xC3], [0xE2, 0x82], [0xF0, 0x9F, 0x98]] { #expect(length(bytes) == 0) }
    }
}
