import CaseMatrix

/// The oracle's lines: what is asked of it and how it answers.
enum OracleMessages {
    static func question(_ plan: CasePlan) -> [UInt8] {
        // One account, or the row's and its witnesses'.
        let lines = plan.fixture.split(separator: "\n").map { JSONTree(String($0)) ?? .string(String($0)) }
        return JSONTree.object([
            .init("case", .string(plan.id)),
            .init("fixture", lines.count == 1 ? lines[0] : .array(lines)),
            .init("steps", .array(plan.steps.map { .array($0.calls.map(call)) })),
            .init("readBack", .array(plan.readBack.map(call))),
        ]).bytes
    }

    private static func call(_ call: CaseCall) -> JSONTree {
        .object([
            .init("label", .string(call.label)),
            .init("operation", .string(call.operation)),
            .init("method", .string(call.method)),
            .init("path", .string(call.path)),
            .init("headers", .object(call.headers.map { .init($0.name, .string($0.value)) })),
            .init("body", call.body.map { .string($0) } ?? .null),
        ])
    }

    enum Answer: Sendable {
        case row(case: String, ExpectedRow)
        /// A case that the oracle can't judge.
        case refusal(case: String, String)
        /// No answer of the protocol.
        case garbage
    }

    static func answer(_ line: [UInt8]) -> Answer {
        guard let value = JSONTree(line), let id = value["case"]?.text else { return .garbage }
        if let sentence = value["error"]?.text { return .refusal(case: id, sentence) }
        guard let steps = value["steps"]?.elements else { return .garbage }
        var expected: [[ExpectedAnswer]] = []
        for step in steps {
            guard let answers = step.elements?.map(answer), !answers.contains(where: { $0 == nil }) else { return .garbage }
            expected.append(answers.compactMap(\.self))
        }
        var readBack: [String: ExpectedAnswer] = [:]
        for member in value["readBack"]?.members ?? [] where member.value != .null {
            guard let answer = answer(member.value) else { return .garbage }
            readBack[member.name] = answer
        }
        return .row(case: id, ExpectedRow(steps: expected, readBack: readBack))
    }

    private static func answer(_ value: JSONTree) -> ExpectedAnswer? {
        guard let status = value["status"]?.integer else { return nil }
        let body = value["body"]
        return ExpectedAnswer(status: status, body: body == .null ? nil : body)
    }
}
