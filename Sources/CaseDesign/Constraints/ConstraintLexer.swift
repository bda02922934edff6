/// A word of the constraint language, with where it starts.
struct ConstraintToken {
    enum Kind: Equatable {
        /// `[name]`
        case parameter(String)
        /// `"text"`
        case string(String)
        case number(String)
        /// IF, THEN, ELSE, AND, OR, NOT, IN, LIKE, in upper case.
        case word(String)
        /// `=` `<>` `<` `<=` `>` `>=` `(` `)` `{` `}` `,` `;` `@`
        case sign(String)
        case end
    }

    var kind: Kind
    var line: Int
    var column: Int
    /// Offsets in the text's scalars.
    var range: Range<Int>

    /// As an error message shows it.
    var shown: String {
        switch kind {
        case .parameter(let name): "`[\(name)]`"
        case .string(let text): "`\"\(text)\"`"
        case .number(let text), .word(let text), .sign(let text): "`\(text)`"
        case .end: "the end of the text"
        }
    }
}

/// From text to tokens. `#` starts a comment that runs to the line's end.
struct ConstraintLexer {
    private let scalars: [Unicode.Scalar]
    private var offset = 0
    private var line: Int
    private var column = 1
    private let file: String

    static let words: Set<String> = ["IF", "THEN", "ELSE", "AND", "OR", "NOT", "IN", "LIKE"]

    init(_ scalars: [Unicode.Scalar], firstLine: Int, file: String) {
        self.scalars = scalars
        line = firstLine
        self.file = file
    }

    static func tokens(
        _ scalars: [Unicode.Scalar], firstLine: Int, file: String
    ) throws(CaseDesignError) -> [ConstraintToken] {
        var lexer = ConstraintLexer(scalars, firstLine: firstLine, file: file)
        var tokens: [ConstraintToken] = []
        while true {
            let token = try lexer.next()
            tokens.append(token)
            if token.kind == .end { return tokens }
        }
    }

    private mutating func next() throws(CaseDesignError) -> ConstraintToken {
        skipBlanks()
        let start = (offset, line, column)
        func token(_ kind: ConstraintToken.Kind, to end: Int) -> ConstraintToken {
            ConstraintToken(kind: kind, line: start.1, column: start.2, range: start.0..<end)
        }
        guard let first = peek else { return token(.end, to: offset) }
        switch first {
        case "[":
            let name = try quoted(until: "]", what: "the parameter's name", of: start)
            return token(.parameter(name), to: offset)
        case "\"", "\u{201C}", "\u{201D}":
            let text = try quoted(until: first == "\"" ? "\"" : "\u{201D}", what: "the text", of: start)
            return token(.string(text), to: offset)
        case "=", "(", ")", "{", "}", ",", ";", "@":
            advance()
            return token(.sign(String(Character(first))), to: offset)
        case "<", ">":
            advance()
            var sign = String(Character(first))
            if let second = peek, second == "=" || (first == "<" && second == ">") {
                sign.unicodeScalars.append(second)
                advance()
            }
            return token(.sign(sign), to: offset)
        default:
            var text = ""
            while let scalar = peek, isWord(scalar) {
                text.unicodeScalars.append(scalar)
                advance()
            }
            if Self.words.contains(text.uppercased()) { return token(.word(text.uppercased()), to: offset) }
            if let digit = text.unicodeScalars.first, "+-.0123456789".unicodeScalars.contains(digit) {
                return token(.number(text), to: offset)
            }
            let found = text.isEmpty ? String(Character(first)) : text
            throw error(
                "found `\(found)`; a parameter is written [\(found)], a text \"\(found)\"", line: start.1, column: start.2)
        }
    }

    private var peek: Unicode.Scalar? { offset < scalars.count ? scalars[offset] : nil }

    private func isWord(_ scalar: Unicode.Scalar) -> Bool {
        scalar.properties.isAlphabetic || "+-._0123456789".unicodeScalars.contains(scalar)
    }

    private mutating func advance() {
        if scalars[offset] == "\n" {
            line += 1
            column = 1
        } else {
            column += 1
        }
        offset += 1
    }

    private mutating func skipBlanks() {
        while let scalar = peek {
            if scalar == "#" {
                while let inside = peek, inside != "\n" { advance() }
            } else if scalar.properties.isWhitespace {
                advance()
            } else {
                return
            }
        }
    }

    private mutating func quoted(
        until end: Unicode.Scalar, what: String, of start: (Int, Int, Int)
    ) throws(CaseDesignError) -> String {
        advance()
        var text = ""
        while let scalar = peek, scalar != "\n" {
            advance()
            if scalar == end { return text }
            text.unicodeScalars.append(scalar)
        }
        throw error("\(what) that starts here has no `\(Character(end))` on its line", line: start.1, column: start.2)
    }

    private func error(_ message: String, line: Int, column: Int) -> CaseDesignError {
        CaseDesignError(.syntax, message, file: file, line: line, column: column)
    }
}
