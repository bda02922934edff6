import InterestContract
import Testing

@Suite struct WireJSONTests {
    @Test(
        arguments: [
            (#"0"#, .integer(0)), (#"-0"#, .integer(0)), (#"9223372036854775807"#, .integer(.max)),
            (#"-9223372036854775808"#, .integer(.min)), (#"9223372036854775808"#, .otherNumber("9223372036854775808")),
            (#"1.0"#, .otherNumber("1.0")), (#"1e3"#, .otherNumber("1e3")), (#"-1.5E-2"#, .otherNumber("-1.5E-2")),
            (#" [ ] "#, .array([])), (#"{}"#, .object([:])), ("null\n", .null), (#"true"#, .bool(true)),
            (#"false"#, .bool(false)),
            (#""a\"\\\/\b\f\n\r\t\u00e9""#, .string("a\"\\/\u{8}\u{C}\n\r\té")), (#""\ud83d\ude00""#, .string("😀")),
            (#""원""#, .string("원")), (#"{"a":[1,{"b":null}]}"#, .object(["a": .array([.integer(1), .object(["b": .null])])])),
        ] as [(String, WireJSON)])
    func reads(text: String, document: WireJSON) throws {
        #expect(try WireJSON(Array(text.utf8)) == document)
    }

    @Test(arguments: [
        "", " ", "{", "}", "[1,]", "[,1]", "[1 2]", #"{"a":1,}"#, #"{"a" 1}"#, "{a:1}", #"{"a":1,"a":1}"#, #"{"a":1,"\u0061":2}"#,
        "01", "-", "+1", ".5", "1.", "1e", "1e+", "0x10", "NaN", "nul", "True", "1 2", #""a"#, "\"\u{1}\"", #""\x""#, #""\u12""#,
        #""\u+123""#, #""\ud83d""#, #""\ude00""#, #""\ud83d\u0041""#, "'a'", "\u{FEFF}1",
    ])
    func refuses(text: String) {
        #expect(throws: WireJSONError.self) { try WireJSON(Array(text.utf8)) }
    }

    @Test func refusesTextThatIsNotUTF8() {
        #expect(throws: WireJSONError.self) { try WireJSON([0x22, 0xFF, 0x22]) }
    }

    @Test func boundsItsDepth() throws {
        func nested(_ depth: Int) -> [UInt8] {
            Array((String(repeating: "[", count: depth) + String(repeating: "]", count: depth)).utf8)
        }
        #expect(throws: Never.self) { try WireJSON(nested(33)) }
        #expect(throws: WireJSONError.self) { try WireJSON(nested(34)) }
        #expect(throws: WireJSONError.self) { try WireJSON(nested(100_000)) }
    }
}
