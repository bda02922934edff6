internal import Comparison
internal import Foundation

/// A piece of evidence as the columns of a row, the same in every store.
public enum EvidenceColumns {
    /// In the order of ``values(of:)``.
    public static let names = """
        id, recorded_at, operation, verdict, fingerprint, cause, persistence, cascade_of, caught_up, keys, differences, request, \
        request_body, primary_answer, primary_body, shadow_answer, shadow_body
        """

    /// A `?` for each name.
    public static let parameters = Array(repeating: "?", count: 17).joined(separator: ", ")

    public static func values(of evidence: Evidence) throws -> [SQLValue] {
        [
            .text(evidence.id), .integer(evidence.recordedAtMicroseconds), .text(evidence.operation),
            SQLValue(evidence.verdict.rawValue), .text(evidence.fingerprint), SQLValue(evidence.cause),
            .text(evidence.persistence.rawValue), SQLValue(evidence.cascadeOf), SQLValue(evidence.caughtUp),
            .text(RecordedJSON.list(evidence.keys)), .text(try RecordedColumns.text(evidence.differences)),
            .text(RecordedColumns.withoutBody(evidence.request)), .bytes(evidence.request.body),
            SQLValue(evidence.primary.map { RecordedColumns.withoutBody($0) }), SQLValue(evidence.primary.map(\.body)),
            SQLValue(evidence.shadow.map { RecordedColumns.withoutBody($0) }), SQLValue(evidence.shadow.map(\.body)),
        ]
    }

    /// Reads a row that begins with ``names``.
    public static func evidence(_ row: SQLRow) throws -> Evidence {
        func answer(_ column: Int) throws -> RecordedAnswer? {
            guard let text = try row.textIfAny(column), let bytes = try row.bytesIfAny(column + 1) else { return nil }
            return try RecordedColumns.answer(text, body: Data(bytes))
        }
        let id = try row.text(0)
        guard let verdict = Verdict(rawValue: Int(try row.integer(3))), let persistence = Persistence(rawValue: try row.text(6))
        else {
            throw StateError(.damaged, "Evidence \(id) has a verdict or persistence unknown to this version.")
        }
        return Evidence(
            id: id, recordedAtMicroseconds: try row.integer(1), operation: try row.text(2),
            keys: try RecordedColumns.value([String].self, try row.text(9)), verdict: verdict, cause: try row.textIfAny(5),
            persistence: persistence, cascadeOf: try row.textIfAny(7), caughtUp: try row.flag(8),
            request: try RecordedColumns.request(try row.text(11), body: Data(try row.bytes(12))),
            primary: try answer(13), shadow: try answer(15),
            differences: try RecordedColumns.value([Difference].self, try row.text(10)))
    }
}
