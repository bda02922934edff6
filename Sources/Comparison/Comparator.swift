/// Compares pairs of answers. Owned by one lane or thread, which reuses it for every pair: its memory grows to the largest body seen
/// (within bounds) and comparing equal answers allocates nothing.
///
/// What is compared, in this order:
/// 1. **Status.** When it differs, the bodies would differ at every turn, so only that is listed, and the `code` of problems.
/// 2. **Chosen headers** (``ResponseRules/headers``): number, order and bytes of the values.
/// 3. **Bodies.** The same bytes are equal, whatever they are. Else, when either `Content-Type` is a JSON one, both must be JSON:
///    a body that claims to be JSON and is not is `malformed`; one that does not claim it and is not differs as `body`.
///    When neither is a JSON type (or there is none), bodies that begin with `{` or `[` and are JSON on both sides are walked too, for
///    many an old service sends JSON as `text/plain`; all others differ as `body`. An empty body against any other differs as `body`.
///    Two `application/problem+json` are compared in ``ResponseRules/problemMembers`` alone.
public struct Comparator: ~Copyable, Sendable {
    private var primaryTape = JSONTape()
    private var shadowTape = JSONTape()
    private var walk = Walk()
    private var lockstep = Lockstep()
    private var lastType: (bytes: [UInt8], type: MediaType) = ([], .absent)

    public init() {}

    public mutating func compare(primary: AnswerView, shadow: AnswerView, rules: borrowing ResponseRules) -> ComparisonOutcome {
        var found: [Difference] = []
        if primary.status != shadow.status {
            found.append(
                Difference(
                    path: "status", genericPath: "status", kind: .status, primary: String(primary.status),
                    shadow: String(shadow.status), severity: rules.defaultSeverity))
        }
        if !rules.headers.isEmpty { HeaderComparison.compare(primary, shadow, rules, into: &found) }
        if sameBytes(primary.body, shadow.body) {
            return found.isEmpty ? .equalBytes : .different(found)
        }
        if primary.status != shadow.status {
            compareCodes(primary, shadow, rules, into: &found)
        } else {
            compareBodies(primary, shadow, rules, into: &found)
        }
        if found.isEmpty { return .equal }
        return found.contains { !$0.tolerated } ? .different(found) : .tolerated(found)
    }

    private mutating func compareBodies(
        _ primary: AnswerView, _ shadow: AnswerView, _ rules: borrowing ResponseRules, into found: inout [Difference]
    ) {
        let type = mediaType(primary.contentType)
        let shadowType = mediaType(shadow.contentType)
        let isClaimed = type.claimsJSON || shadowType.claimsJSON
        guard !primary.body.isEmpty, !shadow.body.isEmpty,
            isClaimed || (beginsLikeJSON(primary.body) && beginsLikeJSON(shadow.body))
        else { return found.append(bodyDifference(.body, primary.body, shadow.body, rules)) }

        let fault = JSONScanner.scan(primary.body, into: &primaryTape, depthMax: rules.depthMax)
        let areProblems = type == .problem && shadowType == .problem && !rules.problemNames.isEmpty
        if fault == nil, !areProblems, lockstep.agree(primary.body, primaryTape, shadow.body, rules.tree) { return }
        let shadowFault = JSONScanner.scan(shadow.body, into: &shadowTape, depthMax: rules.depthMax)
        if fault == nil, shadowFault == nil {
            walk(primary.body, shadow.body, rules, onlyAtTop: areProblems ? rules.problemNames : nil, into: &found)
        } else if (fault != nil && type.claimsJSON) || (shadowFault != nil && shadowType.claimsJSON) {
            found.append(
                Difference(
                    path: "$", genericPath: "$", kind: .malformed,
                    primary: fault.map { $0.text(in: primary.body) } ?? WireText.shown(primary.body),
                    shadow: shadowFault.map { $0.text(in: shadow.body) } ?? WireText.shown(shadow.body),
                    severity: rules.defaultSeverity))
        } else {
            found.append(bodyDifference(.body, primary.body, shadow.body, rules))
        }
    }

    /// Most answers of a lane are of the type of the one before.
    private mutating func mediaType(_ value: UnsafeRawBufferPointer?) -> MediaType {
        guard let value else { return .absent }
        if lastType.bytes.withUnsafeBytes({ sameBytes($0, value) }) { return lastType.type }
        let type = MediaType(value)
        lastType = (Array(value), type)
        return type
    }

    /// Of answers of different status: the members of problems that are compared, where either answer is one.
    private mutating func compareCodes(
        _ primary: AnswerView, _ shadow: AnswerView, _ rules: borrowing ResponseRules, into found: inout [Difference]
    ) {
        let isProblem = MediaType(primary.contentType) == .problem
        let shadowIsProblem = MediaType(shadow.contentType) == .problem
        guard isProblem || shadowIsProblem else { return }
        let nothing: StaticString = "{}"
        let empty = UnsafeRawBufferPointer(start: nothing.utf8Start, count: nothing.utf8CodeUnitCount)
        var body = isProblem ? primary.body : empty
        var shadowBody = shadowIsProblem ? shadow.body : empty
        if JSONScanner.scan(body, into: &primaryTape, depthMax: rules.depthMax) != nil {
            body = empty
            _ = JSONScanner.scan(body, into: &primaryTape, depthMax: rules.depthMax)
        }
        if JSONScanner.scan(shadowBody, into: &shadowTape, depthMax: rules.depthMax) != nil {
            shadowBody = empty
            _ = JSONScanner.scan(shadowBody, into: &shadowTape, depthMax: rules.depthMax)
        }
        let members = rules.problemNames.isEmpty ? [Array("code".utf8)] : rules.problemNames
        walk(body, shadowBody, rules, onlyAtTop: members, into: &found)
    }

    /// Both tapes are filled.
    private mutating func walk(
        _ primary: UnsafeRawBufferPointer, _ shadow: UnsafeRawBufferPointer, _ rules: borrowing ResponseRules,
        onlyAtTop: [[UInt8]]?,
        into found: inout [Difference]
    ) {
        guard let primaryBytes = primary.baseAddress, let shadowBytes = shadow.baseAddress else { return }
        found += walk.run(
            JSONDocument(bytes: primaryBytes, entries: UnsafePointer(primaryTape.entries)),
            JSONDocument(bytes: shadowBytes, entries: UnsafePointer(shadowTape.entries)), rules.tree,
            severity: rules.defaultSeverity,
            differencesMax: rules.differencesMax - found.count, membersAtTop: onlyAtTop)
    }

    private func bodyDifference(
        _ kind: DifferenceKind, _ primary: UnsafeRawBufferPointer, _ shadow: UnsafeRawBufferPointer,
        _ rules: borrowing ResponseRules
    ) -> Difference {
        let texts = WireText.shown(primary, shadow)
        return Difference(
            path: "$", genericPath: "$", kind: kind, primary: primary.isEmpty ? nil : texts.0,
            shadow: shadow.isEmpty ? nil : texts.1, severity: rules.defaultSeverity)
    }

    private func beginsLikeJSON(_ body: UnsafeRawBufferPointer) -> Bool {
        let first = body.first { $0 != 0x20 && $0 != 0x0A && $0 != 0x0D && $0 != 0x09 }
        return first == UInt8(ascii: "{") || first == UInt8(ascii: "[")
    }
}

extension JSONFault {
    /// `not JSON at byte 17: a value is missing, near …`
    func text(in body: UnsafeRawBufferPointer) -> String {
        let from = max(0, min(offset, body.count) - 16)
        let near = UnsafeRawBufferPointer(rebasing: body[from..<min(body.count, offset + 16)])
        return WireText.shown("not JSON at byte \(offset): \(reason), near `\(WireText.shown(near))`")
    }
}
