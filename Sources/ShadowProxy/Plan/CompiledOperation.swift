import Comparison
import HTTPFraming
import Verdicts

/// One operation, with its names turned into positions and bytes.
final class CompiledOperation: Sendable {
    /// Where a key stands, as positions.
    enum KeyPosition: Sendable {
        /// Number of the path segment, from 0.
        case segment(Int)
        case body(JSONField)
        case header(FieldName)
    }

    let name: String
    /// Its row in the ledger.
    let index: Int
    let mode: OperationMode
    let keys: [KeyPosition]
    let isOrdered: Bool
    let rules: ResponseRules
    let comparesHeaders: Bool
    /// A rule forgives a member of the answer that nobody knows.
    let forgivesMembers: Bool
    let sample: Int
    let notDone: [NotDoneAnswer]
    let readBack: ReadBackTemplate?

    private static func forgivesMembers(_ rules: ResponseRules) -> Bool {
        rules.rules.contains { $0.action == .ignore && ["$", "$.*", "$..*"].contains($0.path.description) }
    }

    init(_ operation: OperationPlan, index: Int) throws(PlanError) {
        name = operation.name
        self.index = index
        mode = operation.mode
        isOrdered = operation.order == .key
        rules = operation.rules
        comparesHeaders = !operation.rules.headers.isEmpty
        forgivesMembers = Self.forgivesMembers(operation.rules)
        sample = operation.sample
        notDone = operation.notDone
        if let text = operation.readBack {
            guard let template = ReadBackTemplate(text) else {
                throw PlanError("Operation \(operation.name): readBack must be a path with {key} in it, not `\(text)`.")
            }
            readBack = template
        } else {
            readBack = nil
        }
        let segments = OperationMatcher.segments(of: operation.pathTemplate)
        var positions: [KeyPosition] = []
        for key in operation.keys {
            switch key {
            case .path(let placeholder):
                guard
                    let index = segments.firstIndex(where: {
                        OperationMatcher.placeholderName($0).map(String.init) == placeholder
                    })
                else {
                    throw PlanError(
                        "Operation \(operation.name): its key names {\(placeholder)}, which its path \(operation.pathTemplate) has not."
                    )
                }
                positions.append(.segment(index))
            case .body(let path):
                do throws(RuleSyntaxError) {
                    positions.append(.body(try JSONField(try PathPattern(path))))
                } catch {
                    throw PlanError("Operation \(operation.name): the key `\(path)` in the body: \(error.reason).")
                }
            case .header(let name):
                positions.append(.header(FieldName(name)))
            }
        }
        keys = positions
        guard !isOrdered || !positions.isEmpty else {
            throw PlanError("Operation \(operation.name): order: key needs a key; name where it stands in the request.")
        }
    }

    init(unnamed name: String, index: Int, mode: OperationMode, rules: ResponseRules) {
        self.name = name
        self.index = index
        self.mode = mode
        self.rules = rules
        comparesHeaders = !rules.headers.isEmpty
        forgivesMembers = Self.forgivesMembers(rules)
        keys = []
        isOrdered = false
        sample = 100_000
        notDone = []
        readBack = nil
    }
}

/// `/v1/accounts/{key}`.
struct ReadBackTemplate: Sendable {
    let text: String
    private let before: String
    private let after: String

    init?(_ text: String) {
        let mark = "{key}"
        guard text.hasPrefix("/") else { return nil }
        var start = text.startIndex
        while start < text.endIndex, !text[start...].hasPrefix(mark) { start = text.index(after: start) }
        guard start < text.endIndex else { return nil }
        self.text = text
        before = String(text[..<start])
        after = String(text[text.index(start, offsetBy: mark.count)...])
    }

    /// Whether a caller asks for the very same, however the key is spelled.
    func asks(for key: RequestKey, in target: String) -> Bool {
        let (start, end) = (before.utf8.count, after.utf8.count)
        guard target.hasPrefix(before), target.hasSuffix(after), target.utf8.count >= start + end else { return false }
        let name = Array(target.utf8.dropFirst(start).dropLast(end))
        guard !name.contains(UInt8(ascii: "/")), !name.contains(UInt8(ascii: "?")) else { return false }
        return RequestKey(name.withUnsafeBytes { PercentCoding.decoded($0) }) == key
    }

    /// The path for a key; bytes that may not stand in a segment are percent-encoded.
    func filled(with key: String) -> String {
        var text = before
        for byte in key.utf8 {
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "~"):
                text.unicodeScalars.append(Unicode.Scalar(byte))
            default:
                text.append("%")
                text.append(byte < 16 ? "0" : "")
                text.append(String(byte, radix: 16, uppercase: true))
            }
        }
        return text + after
    }
}
