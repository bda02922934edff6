import Foundation
import Testing

@testable import Migration

@Suite("Shares")
struct ShareTests {
    @Test(
        "are kept and shown exactly",
        arguments: [
            (0, "0 %", "100/0"), (1, "0.001 %", "99.999/0.001"), (500, "0.5 %", "99.5/0.5"), (1_000, "1 %", "99/1"),
            (33_333, "33.333 %", "66.667/33.333"), (99_999, "99.999 %", "0.001/99.999"), (100_000, "100 %", "0/100"),
        ])
    func text(thousandths: Int, text: String, split: String) throws {
        let share = try #require(Share(thousandths: thousandths))
        #expect(share.description == text)
        #expect(share.split == split)
        #expect(try JSONDecoder().decode(Share.self, from: JSONEncoder().encode(share)) == share)
    }

    @Test("end at 0 and 100 per cent", arguments: [-1, 100_001, Int.min, Int.max])
    func range(thousandths: Int) {
        #expect(Share(thousandths: thousandths) == nil)
        #expect(throws: DecodingError.self) { try JSONDecoder().decode(Share.self, from: Data("\(thousandths)".utf8)) }
    }
}
