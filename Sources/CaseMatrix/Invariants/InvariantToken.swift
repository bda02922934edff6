/// The words and signs of an invariant.
enum InvariantToken: Hashable {
    case name(String)
    case number(String)
    case string(String)
    case sign(String)
    case end

    struct Placed {
        let token: InvariantToken
        /// In characters from the text's start.
        let start: Int
        let end: Int
    }

    private static let signs = [
        "=>", "==", "!=", "<=", ">=", "<", ">", "=", "+", "-", "*", "(", ")", "[", "]", ".", ",", "$", "@",
    ]

    static func list(_ characters: [Character]) throws(InvariantSyntaxError) -> [Placed] {
        var tokens: [Placed] = []
        var at = 0
        while at < characters.count {
            let character = characters[at]
            if character.isWhitespace {
                at += 1
                continue
            }
            let start = at
            let token: InvariantToken
            if character == "\"" {
                at += 1
                while at < characters.count, characters[at] != "\"" { at += 1 }
                guard at < characters.count else {
                    throw InvariantSyntaxError(offset: start, reason: "the closing `\"` is missing")
                }
                token = .string(String(characters[start + 1..<at]))
                at += 1
            } else if isDigit(character) {
                while at < characters.count, isDigit(characters[at]) { at += 1 }
                if at + 1 < characters.count, characters[at] == ".", isDigit(characters[at + 1]) {
                    at += 1
                    while at < characters.count, isDigit(characters[at]) { at += 1 }
                }
                token = .number(String(characters[start..<at]))
            } else if isName(character) {
                while at < characters.count, isName(characters[at]) || isDigit(characters[at]) { at += 1 }
                token = .name(String(characters[start..<at]))
            } else if let sign = signs.first(where: { characters[at...].starts(with: $0) }) {
                at += sign.count
                token = .sign(sign)
            } else {
                throw InvariantSyntaxError(offset: at, reason: "`\(character)` has no meaning here")
            }
            tokens.append(Placed(token: token, start: start, end: at))
        }
        tokens.append(Placed(token: .end, start: characters.count, end: characters.count))
        return tokens
    }

    private static func isDigit(_ character: Character) -> Bool { character.isASCII && character.isNumber }
    private static func isName(_ character: Character) -> Bool { character.isASCII && character.isLetter || character == "_" }
}

/// What is wrong with an invariant's text, and where.
struct InvariantSyntaxError: Error {
    let offset: Int
    let reason: String
}
