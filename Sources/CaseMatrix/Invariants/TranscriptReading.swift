import Comparison

/// One side's answers to a plan, read as they are asked for.
final class TranscriptReading {
    /// By label; nil for a body that is no JSON.
    private var documents: [String: JSONValue?] = [:]
    private let transcript: SideTranscript
    /// Unsafe calls of the steps that were answered with 2xx.
    let accepted: Int

    init(_ transcript: SideTranscript, of plan: CasePlan) {
        self.transcript = transcript
        let unsafe = plan.steps.lazy.flatMap(\.calls).filter { $0.method != "GET" && $0.method != "HEAD" }
        accepted = unsafe.count { call in transcript[call.label].map { (200..<300).contains($0.status) } ?? false }
    }

    func status(_ label: String) -> Int? { transcript[label]?.status }

    func body(_ label: String) throws(InvariantFault) -> JSONValue {
        if let known = documents[label] {
            guard let document = known else { throw InvariantFault("the answer `\(label)` is not JSON") }
            return document
        }
        guard let answer = transcript[label] else { throw InvariantFault("there is no answer `\(label)`") }
        let document = JSONValue(answer.body)
        documents[label] = .some(document)
        guard let document else { throw InvariantFault("the answer `\(label)` is not JSON") }
        return document
    }
}

/// Why an invariant has no value: it counts as broken.
struct InvariantFault: Error {
    let sentence: String

    init(_ sentence: String) { self.sentence = sentence }
}
