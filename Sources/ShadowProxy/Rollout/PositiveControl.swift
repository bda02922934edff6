import Comparison
import Migration
import NIOCore

/// A mismatch that is planted in a copy of an answer, to see whether the comparison sees it. Whoever can't see that can't vouch for a match.
extension Lane {
    /// Once a second, on two answers that agree. The copy goes nowhere else.
    func plantControl(_ primary: borrowing SideAnswer, _ shadow: borrowing SideAnswer, by operation: CompiledOperation) {
        guard let rollout, rollout.isControlDue else { return }
        rollout.isControlDue = false
        rollout.controls.planted += 1
        // By the rules alone, without asking the comparison what it can see. Of problems only what is declared is compared.
        let isSeen: Bool
        if shadow.status < 400, !operation.forgivesMembers, let planted = Self.withMember(copy shadow, allocator) {
            isSeen = !comparator.compare(primary, planted, by: operation).isAgreement
        } else {
            isSeen = !comparator.compare(primary, shadow, by: operation, planted: shadow.status == 599 ? 598 : 599).isAgreement
        }
        if isSeen { rollout.controls.seen += 1 } else { rollout.tell() }
    }

    /// The answer with one member more, if it is a JSON object.
    private static func withMember(_ answer: SideAnswer, _ allocator: ByteBufferAllocator) -> SideAnswer? {
        let text = answer.body.readableBytesView
        guard text.first == UInt8(ascii: "{"), text.last == UInt8(ascii: "}") else { return nil }
        let isEmpty = !text.dropFirst().dropLast().contains { $0 != 0x20 && $0 != 0x09 && $0 != 0x0A && $0 != 0x0D }
        var body = allocator.buffer(capacity: text.count + 40)
        body.writeStaticString("{\"countersign-positive-control\":1")
        if !isEmpty { body.writeStaticString(",") }
        body.writeBytes(text.dropFirst())
        var planted = answer
        planted.body = body
        return planted
    }
}
