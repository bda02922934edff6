/// Goes through two scanned documents side by side and lists where they disagree.
///
/// Names are matched in lockstep while both objects have them in one order, else by name; nothing is allocated until a difference is
/// found (or more than 64 names are in another order).
///
/// The documents are borrowed for one `run` and let go at its end; between runs it holds only its own memory, so that it may be handed
/// to another thread.
struct Walk: ~Copyable, @unchecked Sendable {
    /// What a place passes on to everything below it; it is worked out only where two values are not written alike.
    struct Standing {
        var severity: Severity
        var toleratesRepresentation = false
    }

    private(set) var primary = JSONDocument.none
    private(set) var shadow = JSONDocument.none
    /// When set, only these members of the top object are looked at.
    private(set) var membersAtTop: [[UInt8]]?
    private var differencesMax = 0
    var rules = RuleCursor()
    private(set) var path: [PathStep] = []
    private var differences: [Difference] = []
    private var untolerated = 0
    /// While set elements are matched: nothing is listed, only whether anything is not forgiven.
    var probe = Probe.off
    /// Bounds the work of matching sets inside sets; at 0 elements count as unequal.
    var probesLeft = 0

    enum Probe {
        case off
        case agrees
        case failed
    }

    /// Walks two documents from their tops. The memory of the last walk is used again.
    mutating func run(
        _ primary: JSONDocument, _ shadow: JSONDocument, _ tree: RuleTree, severity: Severity, differencesMax: Int,
        membersAtTop: [[UInt8]]?
    ) -> [Difference] {
        self.primary = primary
        self.shadow = shadow
        self.membersAtTop = membersAtTop
        self.differencesMax = differencesMax
        rules.begin(tree)
        path.removeAll(keepingCapacity: true)
        untolerated = 0
        probe = .off
        probesLeft = 262_144
        if !rules.ignores { value(0, 0, Standing(severity: severity)) }
        // The documents are borrowed: nothing of them is kept.
        self.primary = .none
        self.shadow = .none
        let found = differences
        differences = []
        return found
    }

    var isOver: Bool { probe == .failed || untolerated >= differencesMax }

    // MARK: Values

    /// Whether two scalars are written alike: nothing can be said about them, whatever the rules.
    @inline(__always)
    func areAlike(_ p: Int, _ s: Int) -> Bool {
        let kind = primary.entries[p].kind
        guard kind == shadow.entries[s].kind else { return false }
        switch kind {
        case .null, .true, .false: return true
        case .number, .string: return sameBytes(primary.text(p), shadow.text(s))
        case .object, .array: return false
        }
    }

    /// Two values at the place where the walk stands; `above` is what holds above it.
    mutating func value(_ p: Int, _ s: Int, _ above: Standing) {
        if areAlike(p, s) { return }
        let standing = standing(above)
        let kind = primary.entries[p].kind
        let shadowKind = shadow.entries[s].kind
        if kind != shadowKind {
            let areBooleans = (kind == .true || kind == .false) && (shadowKind == .true || shadowKind == .false)
            report(areBooleans ? .value : .type, p, s, standing, tolerated: areBooleans && matchPattern(p, s))
            return
        }
        switch kind {
        case .null, .true, .false:
            return
        case .number:
            number(p, s, standing)
        case .string:
            string(p, s, standing)
        case .object:
            object(p, s, standing)
        case .array:
            array(p, s, standing)
        }
    }

    private mutating func number(_ p: Int, _ s: Int, _ standing: Standing) {
        guard let left = DecimalText(primary.text(p)), let right = DecimalText(shadow.text(s)) else {
            return report(.value, p, s, standing, tolerated: false)
        }
        let sameValue = DecimalText.order(left, right) == 0
        let tolerated = (sameValue && standing.toleratesRepresentation) || isWithinTolerance(left, right) || matchPattern(p, s)
        report(sameValue ? .representation : .value, p, s, standing, tolerated: tolerated)
    }

    private mutating func string(_ p: Int, _ s: Int, _ standing: Standing) {
        let isEscaped = primary.entries[p].isMarked || shadow.entries[s].isMarked
        if isEscaped, primary.textOrder(p, shadow, s) == 0 {
            report(.representation, p, s, standing, tolerated: standing.toleratesRepresentation || forgives(p, s))
        } else {
            report(.value, p, s, standing, tolerated: forgives(p, s))
        }
    }

    private mutating func array(_ p: Int, _ s: Int, _ standing: Standing) {
        let mode = rules.last { action in
            switch action {
            case .asSet, .keyedBy: true
            default: false
            }
        }
        switch mode {
        case .asSet: set(p, s, standing)
        case .keyedBy(let member): keyed(p, s, by: Array(member.utf8), standing)
        default: list(p, s, standing)
        }
    }

    mutating func list(_ p: Int, _ s: Int, _ standing: Standing) {
        var element = primary.firstInside(p)
        var other = shadow.firstInside(s)
        let count = primary.count(p)
        let otherCount = shadow.count(s)
        for index in 0..<max(count, otherCount) {
            if isOver { return }
            if index < count, index < otherCount {
                self.element(index, element, other, standing)
            } else {
                lone(index, element: index < count ? element : other, isPrimary: index < count, standing)
            }
            if index < count { element = primary.after(element) }
            if index < otherCount { other = shadow.after(other) }
        }
    }

    /// Compares two elements at the place `[index]`.
    mutating func element(_ index: Int, _ p: Int, _ s: Int, _ standing: Standing) {
        if areAlike(p, s) { return }
        let mark = enterElement(index)
        if !rules.ignores { value(p, s, standing) }
        leave(mark)
    }

    /// An element that one side alone has.
    mutating func lone(_ index: Int, element: Int, isPrimary: Bool, _ standing: Standing) {
        let mark = enterElement(index)
        if !rules.ignores {
            report(isPrimary ? .missing : .added, isPrimary ? element : nil, isPrimary ? nil : element, self.standing(standing))
        }
        leave(mark)
    }

    // MARK: Places

    mutating func enterElement(_ index: Int) -> RuleCursor.Mark {
        path.append(PathStep(kind: .element, number: Int32(truncatingIfNeeded: index)))
        return rules.enterElement(index)
    }

    mutating func enterMember(_ name: Int, isPrimary: Bool) -> RuleCursor.Mark {
        path.append(PathStep(kind: isPrimary ? .primaryMember : .shadowMember, number: Int32(truncatingIfNeeded: name)))
        return rules.enterMember(isPrimary ? primary : shadow, name)
    }

    mutating func leave(_ mark: RuleCursor.Mark) {
        path.removeLast()
        rules.leave(mark)
    }

    /// What holds at the place, from what holds above it and from the rules that end here.
    func standing(_ above: Standing) -> Standing {
        guard rules.hasActions else { return above }
        var standing = above
        if case .severity(let severity) = rules.last(where: { if case .severity = $0 { true } else { false } }) {
            standing.severity = severity
        }
        if rules.last(where: { $0 == .tolerateRepresentation }) != nil { standing.toleratesRepresentation = true }
        return standing
    }

    // MARK: Reporting

    mutating func report(_ kind: DifferenceKind, _ p: Int?, _ s: Int?, _ standing: Standing, tolerated: Bool = false) {
        if probe != .off {
            if !tolerated { probe = .failed }
            return
        }
        if let p, let s {
            let texts = WireText.shown(primary.wireText(p), shadow.wireText(s))
            return list(kind, texts.0, texts.1, standing, tolerated: tolerated)
        }
        list(
            kind, p.map { WireText.shown(primary.wireText($0)) }, s.map { WireText.shown(shadow.wireText($0)) }, standing,
            tolerated: tolerated)
    }

    /// With texts already made.
    mutating func list(_ kind: DifferenceKind, _ p: String?, _ s: String?, _ standing: Standing, tolerated: Bool = false) {
        if tolerated {
            // Forgiven differences beyond the bound are not listed, but must not hide the one that is not forgiven.
            if differences.count >= differencesMax { return }
        } else {
            if untolerated >= differencesMax { return }
            untolerated += 1
        }
        let (path, generic) = WirePath.text(path, primary: primary, shadow: shadow)
        differences.append(
            Difference(
                path: path, genericPath: generic, kind: kind, primary: p, shadow: s, severity: standing.severity,
                tolerated: tolerated))
    }
}
