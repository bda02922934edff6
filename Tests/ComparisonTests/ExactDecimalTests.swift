import Testing

@testable import Comparison

@Suite struct ExactDecimalTests {
    private func order(_ left: String, _ right: String) throws -> Int {
        try Array(left.utf8).withUnsafeBytes { left in
            try Array(right.utf8).withUnsafeBytes { right in
                DecimalText.order(try #require(DecimalText(left)), try #require(DecimalText(right)))
            }
        }
    }

    @Test(arguments: [
        ("1.0", "1", 0), ("1e2", "100", 0), ("-0", "0", 0), ("0e999999999999999999999", "0", 0), ("0.05", "5e-2", 0),
        ("90071992547409.93", "90071992547409.92", 1), ("9007199254740993", "9007199254740992", 1), ("-2", "-3", 1),
        ("1e999999999", "1e999999998", 1), ("1e-999999999", "0", 1), ("-1e999999999", "1", -1),
        ("10e999999998", "1e999999999", 0), ("1e99999999999999999999999", "1e99999999999999999999998", 1),
        ("10e99999999999999999999998", "1e99999999999999999999999", 0), ("1e100000000000000000", "10e99999999999999999", 0),
        ("1e-99999999999999999999999", "1e-99999999999999999999998", -1),
        ("1e99999999999999999999", "1e-99999999999999999999", 1),
        ("1e1000000000000000000000", "1e999999999999999999999", 1), ("0.1", "0.10000000000000000000000000000000000000001", -1),
        ("1e00000000000000000000000001", "10", 0),
    ])
    func ordersTexts(left: String, right: String, expected: Int) throws {
        #expect(try order(left, right) == expected)
        #expect(try order(right, left) == -expected)
    }

    @Test(arguments: ["", "-", ".", "1e", "1e+", "e5", "1..2", "0x10", "1 ", " 1", "NaN", "1_000", "1,5", "--1", "1e5.0"])
    func refuses(text: String) { #expect(ExactDecimal(text) == nil) }

    @Test func exponentsBeyondTheBoundAreRefused() {
        #expect(ExactDecimal("1e1000000000000000") != nil)
        #expect(ExactDecimal("1e1000000000000001") == nil)
        #expect(ExactDecimal("1e99999999999999999999999") == nil)
    }

    @Test(arguments: [
        ("1", "1", "0"), ("0.3", "0.1", "0.2"), ("-5", "7", "12"),
        ("1000000000000000000000", "0.000001", "999999999999999999999.999999"),
        ("99", "-1", "100"), ("0", "-2.50", "2.5"), ("1e30", "1e30", "0"),
    ])
    func distances(left: String, right: String, expected: String) throws {
        #expect(try decimal(left).distance(to: decimal(right)) == decimal(expected))
        #expect(try decimal(right).distance(to: decimal(left)) == decimal(expected))
    }

    @Test(arguments: [
        ("12", "12", "144"), ("-0.5", "0.2", "-0.1"), ("0", "5", "0"),
        ("999999999999", "999999999999", "999999999998000000000001"),
    ])
    func products(left: String, right: String, expected: String) throws {
        #expect(try decimal(left).multiplied(by: decimal(right)) == decimal(expected))
    }

    @Test func arithmeticBeyondTheBoundsIsRefusedNotSlow() throws {
        #expect(try decimal("1e999999999").distance(to: decimal("1")) == nil)
        #expect(try decimal("1e4095").distance(to: decimal("1")) != nil)
        #expect(try decimal("1e4096").distance(to: decimal("1")) == nil)
        #expect(try decimal("1e600000000000000").multiplied(by: decimal("1e600000000000000")) == nil)
        #expect(try !decimal("1e999999999").isWithin(absolute: decimal("5"), relative: decimal("1"), of: decimal("1")))
    }

    @Test(arguments: [
        ("0", "0"), ("-0.0", "0"), ("12.50", "12.5"), ("1200", "1200"), ("1e-3", "0.001"), ("5e40", "5e40"), ("-7e-30", "-7e-30"),
    ])
    func describesItself(text: String, expected: String) throws {
        #expect(try decimal(text).description == expected)
        #expect(try decimal(try decimal(text).description) == decimal(text))
    }

    @Test func agreesWithIntegersOnTheirGround() throws {
        var random = SplitMix64(seed: 7)
        for _ in 0..<2_000 {
            let left = Int(truncatingIfNeeded: random.next() >> 40) - 8_000_000
            let right = Int(truncatingIfNeeded: random.next() >> 40) - 8_000_000
            #expect(try order("\(left)", "\(right)") == (left < right ? -1 : left == right ? 0 : 1))
            #expect(ExactDecimal(left).distance(to: ExactDecimal(right)) == ExactDecimal(abs(left - right)))
            #expect(ExactDecimal(left).multiplied(by: ExactDecimal(right)) == ExactDecimal(left * right))
            #expect(ExactDecimal("\(left)e-2") == ExactDecimal("\(left)")?.multiplied(by: try decimal("0.01")))
        }
    }
}
