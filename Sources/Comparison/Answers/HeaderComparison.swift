/// Chosen headers: the values of each name, in their order, byte for byte.
enum HeaderComparison {
    static func compare(
        _ primary: AnswerView, _ shadow: AnswerView, _ rules: borrowing ResponseRules, into found: inout [Difference]
    ) {
        for name in rules.headers {
            var at = next(name, in: primary.headers, from: 0)
            var otherAt = next(name, in: shadow.headers, from: 0)
            while at < primary.headers.count, otherAt < shadow.headers.count,
                sameBytes(primary.headers[at].value, shadow.headers[otherAt].value)
            {
                at = next(name, in: primary.headers, from: at + 1)
                otherAt = next(name, in: shadow.headers, from: otherAt + 1)
            }
            if at == primary.headers.count, otherAt == shadow.headers.count { continue }
            let values = self.values(name, in: primary.headers)
            let others = self.values(name, in: shadow.headers)
            found.append(
                Difference(
                    path: "header:\(name)", genericPath: "header:\(name)", kind: .header, primary: values, shadow: others,
                    severity: rules.defaultSeverity))
        }
    }

    private static func next(_ name: String, in headers: [AnswerView.HeaderField], from start: Int) -> Int {
        var at = start
        while at < headers.count, !isName(headers[at].name, name) { at += 1 }
        return at
    }

    /// `name` is in lower case.
    private static func isName(_ bytes: UnsafeRawBufferPointer, _ name: String) -> Bool {
        guard bytes.count == name.utf8.count else { return false }
        return zip(bytes, name.utf8).allSatisfy { byte, wanted in (byte &- 0x41 < 26 ? byte | 0x20 : byte) == wanted }
    }

    /// All values of a name, several as `one, two`; nil when there is none.
    private static func values(_ name: String, in headers: [AnswerView.HeaderField]) -> String? {
        let values = headers.filter { isName($0.name, name) }.map { WireText.shown($0.value) }
        return values.isEmpty ? nil : WireText.shown(values.joined(separator: ", "))
    }
}
