/// A strict little reader of HTML: elements, attributes and text as a browser would see them, nothing repaired.
struct HTMLText {
    struct Element {
        var name: String
        var attributes: [String: String]
    }

    struct Broken: Error {
        var what: String
    }

    var elements: [Element] = []
    /// All text outside of `style`, entities decoded.
    var text = ""

    init(_ source: String) throws {
        var rest = Array(source.unicodeScalars)[...]
        var open: [String] = []
        let void: Set<String> = ["meta", "br", "hr", "link", "img"]
        while let scalar = rest.first {
            if scalar != "<" {
                let run = rest.prefix { $0 != "<" }
                rest = rest.dropFirst(run.count)
                if open.last != "style" { text += Self.decode(run) }
                continue
            }
            guard let end = rest.firstIndex(of: ">") else { throw Broken(what: "a tag without an end") }
            let tag = rest[(rest.startIndex + 1)..<end]
            rest = rest[(end + 1)...]
            let words = String(String.UnicodeScalarView(tag))
            if words.lowercased().hasPrefix("!doctype") { continue }
            if words.hasPrefix("/") {
                let name = String(words.dropFirst())
                guard open.popLast() == name else { throw Broken(what: "</\(name)> closes another element") }
                continue
            }
            let element = try Self.element(words)
            elements.append(element)
            if !void.contains(element.name) { open.append(element.name) }
        }
        guard open.isEmpty else { throw Broken(what: "left open: \(open)") }
    }

    private static func element(_ words: String) throws -> Element {
        let name = String(words.prefix { $0 != " " && $0 != "\n" })
        guard !name.isEmpty, name.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber) }) else {
            throw Broken(what: "no element's name: \(words)")
        }
        var attributes: [String: String] = [:]
        var rest = words.dropFirst(name.count).drop { $0 == " " || $0 == "\n" }
        while !rest.isEmpty {
            let key = rest.prefix { $0 != "=" }
            rest = rest.dropFirst(key.count)
            guard rest.hasPrefix("=\"") else { throw Broken(what: "attribute without quotes: \(words)") }
            rest = rest.dropFirst(2)
            guard let end = rest.unicodeScalars.firstIndex(of: "\"") else {
                throw Broken(what: "attribute without end: \(words)")
            }
            attributes[String(key)] = decode(rest.unicodeScalars[..<end])
            rest = rest[rest.unicodeScalars.index(after: end)...].drop { $0 == " " || $0 == "\n" }
        }
        return Element(name: name, attributes: attributes)
    }

    /// By scalar: to a browser a combining mark does not change what stands before it.
    private static func decode(_ scalars: some Collection<Unicode.Scalar>) -> String {
        let entities: [String: Unicode.Scalar] = ["lt": "<", "gt": ">", "quot": "\"", "#39": "'", "amp": "&"]
        var result = String.UnicodeScalarView()
        var rest = Array(scalars)[...]
        while let scalar = rest.popFirst() {
            if scalar == "&", let end = rest.firstIndex(of: ";"),
                let meant = entities[String(String.UnicodeScalarView(rest[..<end]))]
            {
                result.append(meant)
                rest = rest[(end + 1)...]
            } else {
                result.append(scalar)
            }
        }
        return String(result)
    }
}
