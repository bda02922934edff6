package import CaseMatrix

/// Holds one answer against what the rules say, in the terms of the comparison that holds two sides' answers against each other: the
/// answer as the rules want it (what they say, and all else as it came) stands for the legacy's.
package enum Expectation {
    /// The answer as it should have been; nil when it is.
    package static func wanted(_ expected: ExpectedAnswer, of answer: SideTranscript.Answer) -> SideTranscript.Answer? {
        let actual = expected.body == nil ? nil : JSONTree(answer.body)
        if expected.status == answer.status {
            guard let body = expected.body else { return nil }
            if let actual, body.isMet(by: actual) { return nil }
        }
        var wanted = answer
        wanted.status = expected.status
        if let body = expected.body { wanted.body = body.overlaid(on: actual).bytes }
        if expected.status != answer.status {
            wanted.contentType = expected.status >= 400 ? "application/problem+json" : "application/json"
        }
        return wanted
    }
}

extension JSONTree {
    /// Whether every member given here is there with exactly this value. Arrays are whole, their elements in any order.
    package func isMet(by actual: JSONTree) -> Bool {
        switch (self, actual) {
        case (.object(let members), .object):
            members.allSatisfy { member in actual[member.name].map { member.value.isMet(by: $0) } ?? false }
        case (.array(let wanted), .array(let found)):
            wanted.count == found.count && Self.assigned(wanted, found).allSatisfy { $0 != nil }
        default: self == actual
        }
    }

    /// `actual` with everything put right that is said here. What is not said stays as it is.
    package func overlaid(on actual: JSONTree?) -> JSONTree {
        switch (self, actual) {
        case (.object(let wanted), .object(let found)):
            var named: Set<String> = []
            var members = found.compactMap { member -> Member? in
                guard let value = self[member.name] else { return member }
                // A name that stands twice is wrong whatever its values are.
                return named.insert(member.name).inserted ? Member(member.name, value.overlaid(on: member.value)) : nil
            }
            members += wanted.filter { !named.contains($0.name) }
            return .object(members)
        case (.array(let wanted), .array(let found)):
            return .array(Self.overlaid(wanted, on: found))
        default: return self
        }
    }

    /// In the order of the actual elements as far as they are met or take the place of one; then those that are missing.
    private static func overlaid(_ wanted: [JSONTree], on found: [JSONTree]) -> [JSONTree] {
        let assigned = assigned(wanted, found)
        var places = [JSONTree?](repeating: nil, count: found.count)
        var left: [JSONTree] = []
        for (element, place) in zip(wanted, assigned) {
            if let place { places[place] = element.overlaid(on: found[place]) } else { left.append(element) }
        }
        for index in places.indices where places[index] == nil {
            let like = left.indices.max { left[$0].likeness(found[index]) < left[$1].likeness(found[index]) }
            guard let like else { continue }
            places[index] = left.remove(at: like).overlaid(on: found[index])
        }
        return places.compactMap(\.self) + left
    }

    /// For each wanted element the place of the one that meets it: a largest matching, so that a loose element does not take what a
    /// strict one needs.
    private static func assigned(_ wanted: [JSONTree], _ found: [JSONTree]) -> [Int?] {
        var owner = [Int?](repeating: nil, count: found.count)
        func place(_ element: Int, _ tried: inout Set<Int>) -> Bool {
            for index in found.indices where !tried.contains(index) && wanted[element].isMet(by: found[index]) {
                tried.insert(index)
                if let other = owner[index], !place(other, &tried) { continue }
                owner[index] = element
                return true
            }
            return false
        }
        for element in wanted.indices {
            // Most lists come in the order in which the rules name them.
            if element < found.count, owner[element] == nil, wanted[element].isMet(by: found[element]) {
                owner[element] = element
                continue
            }
            var tried: Set<Int> = []
            _ = place(element, &tried)
        }
        var assigned = [Int?](repeating: nil, count: wanted.count)
        for (index, element) in owner.enumerated() { if let element { assigned[element] = index } }
        return assigned
    }

    /// How much of this is there in `other`.
    private func likeness(_ other: JSONTree) -> Int {
        guard case .object(let members) = self else { return self == other ? 1 : 0 }
        return members.count { member in other[member.name].map { member.value.isMet(by: $0) } ?? false }
    }
}
