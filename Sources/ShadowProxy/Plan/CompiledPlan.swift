import Comparison
import Migration
import Verdicts

/// A plan made ready for the lanes: immutable, shared by all of them, replaced as a whole by a reload.
///
/// An exchange keeps the plan it began with, so that a reload never changes the rules under a request.
final class CompiledPlan: Sendable {
    /// Under which calls that no operation names are counted.
    static let unknownName = "(unknown)"

    let plan: ProxyPlan
    let operations: [CompiledOperation]
    /// All ways to read a key back, each once.
    let readBacks: [ReadBackTemplate]
    /// What is not named: the safe methods, and everything else.
    let unknownSafe: CompiledOperation
    let unknownUnsafe: CompiledOperation
    /// Nil where plain HTTP is spoken.
    let listenerSecurity: ListenerSecurity?
    private let legacySecurity: SideSecurity?
    private let candidateSecurity: SideSecurity?
    private let matcher: OperationMatcher

    init(_ plan: ProxyPlan, counts: CountLedger) throws(PlanError) {
        self.plan = plan
        listenerSecurity = try ListenerSecurity(of: plan)
        legacySecurity = try SideSecurity(of: plan.legacy)
        candidateSecurity = try SideSecurity(of: plan.candidate)
        var operations: [CompiledOperation] = []
        for operation in plan.operations {
            operations.append(try CompiledOperation(operation, index: counts.register(operation: operation.name)))
        }
        self.operations = operations
        var readBacks: [ReadBackTemplate] = []
        for template in operations.compactMap(\.readBack) where !readBacks.contains(where: { $0.text == template.text }) {
            readBacks.append(template)
        }
        self.readBacks = readBacks
        let unknown = counts.register(operation: Self.unknownName)
        self.unknownSafe = CompiledOperation(
            unnamed: Self.unknownName, index: unknown, mode: plan.unknownSafeMode, rules: plan.unknownRules)
        self.unknownUnsafe = CompiledOperation(
            unnamed: Self.unknownName, index: unknown, mode: .never, rules: ResponseRules())
        self.matcher = OperationMatcher(plan.operations.map { ($0.method, $0.pathTemplate) })
    }

    /// One for each lane, which remembers buckets in it; where no rollout places.
    func placement() -> KeyPlacement {
        KeyPlacement(plan: "proxy", salt: Salt(plan.salt), table: PlacementTable(share: share))
    }

    /// Where no rollout says otherwise.
    var share: Share { Share(thousandths: min(max(plan.candidateShare, 0), 100_000)) ?? .none }

    func sidePlan(_ side: Side) -> SidePlan { side == .legacy ? plan.legacy : plan.candidate }

    func security(_ side: Side) -> SideSecurity? { side == .legacy ? legacySecurity : candidateSecurity }

    /// The operation of a request; `path` is the target without its query.
    func operation(method: UnsafeRawBufferPointer, path: UnsafeRawBufferPointer) -> CompiledOperation {
        if let index = matcher.match(method: method, path: path) { return operations[index] }
        return RequestMethod(method).isSafe ? unknownSafe : unknownUnsafe
    }

    /// The read-back of an operation, or, where it says none, the first that any says.
    func readBack(of operation: CompiledOperation) -> ReadBackTemplate? { operation.readBack ?? readBacks.first }

    /// The path of a key's read-back, and the rules of the read declared for that path.
    func asking(_ template: ReadBackTemplate, for key: RequestKey) -> (target: String, operation: CompiledOperation) {
        let target = template.filled(with: key.text)
        let operation = Array("GET".utf8).withUnsafeBytes { method in
            Array(target.utf8).withUnsafeBytes { bytes in
                self.operation(method: method, path: UnsafeRawBufferPointer(rebasing: bytes[OperationMatcher.path(of: bytes)]))
            }
        }
        return (target, operation)
    }
}

/// Why a plan was refused, in a sentence for the person who wrote it.
public struct PlanError: Error, Sendable, CustomStringConvertible {
    public let description: String

    init(_ description: String) { self.description = description }
}
