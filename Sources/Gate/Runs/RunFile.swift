public import Foundation
internal import Reports
public import RunRecords

/// What a file of a run can't be used for: one sentence that names the file and the mend.
public struct RunFileError: Error, Sendable, Hashable, CustomStringConvertible {
    public let description: String

    init(_ description: String) { self.description = description }
}

/// Reads what a run left behind, whichever program wrote it.
public enum RunFile {
    /// A matrix's or a proof's record (or a list of them), the report of a proxy, or that of a reconciliation.
    public static func read(_ data: Data, named name: String) throws(RunFileError) -> [RunRecord] {
        if isList(data) {
            let records = try decode([RunRecord].self, data, named: name)
            for record in records where record.schema != RunRecord.schema { throw unknown(record.schema, name) }
            return records
        }
        switch try schema(of: data, named: name) {
        case RunRecord.schema: return [try decode(RunRecord.self, data, named: name)]
        case RunReport.schema:
            do { return [RunRecord(proxy: try JSONReport.read(mended(data)))] } catch {
                throw RunFileError("\(name) is not a proxy's report as its schema says: \(sentence(error))")
            }
        case ReconciliationFile.schema: return [RunRecord(try decode(ReconciliationFile.self, data, named: name))]
        case let other: throw unknown(other, name)
        }
    }

    private static func unknown(_ schema: String?, _ name: String) -> RunFileError {
        let known = [RunRecord.schema, RunReport.schema, ReconciliationFile.schema].map { "\"\($0)\"" }.joined(separator: ", ")
        guard let schema else {
            return RunFileError("\(name) names no schema; a run is of \(known): write it with the same version of countersign")
        }
        return RunFileError("\(name) is of schema \"\(schema)\"; this version reads \(known)")
    }

    /// Nil when the document names none.
    static func schema(of data: Data, named name: String) throws(RunFileError) -> String? {
        do { return try JSONDecoder().decode(Marked.self, from: mended(data)).schema } catch {
            throw RunFileError("\(name) is not a JSON document with a schema: \(sentence(error))")
        }
    }

    static func decode<Value: Decodable>(_ type: Value.Type, _ data: Data, named name: String) throws(RunFileError) -> Value {
        do { return try JSONDecoder().decode(type, from: mended(data)) } catch {
            throw RunFileError("\(name) is not what its schema says: \(sentence(error))")
        }
    }

    private struct Marked: Decodable { var schema: String? }

    private static func isList(_ data: Data) -> Bool {
        data.first { ![0x20, 0x09, 0x0A, 0x0D].contains($0) } == UInt8(ascii: "[")
    }

    private static func sentence(_ error: any Error) -> String {
        func place(_ path: [any CodingKey]) -> String {
            "$" + path.map { key in key.intValue.map { "[\($0)]" } ?? ".\(key.stringValue)" }.joined()
        }
        switch error {
        case DecodingError.keyNotFound(let key, let context): return "\(place(context.codingPath)) has no `\(key.stringValue)`"
        case DecodingError.typeMismatch(_, let context), DecodingError.valueNotFound(_, let context):
            return "\(place(context.codingPath)) is of another type"
        case DecodingError.dataCorrupted(let context):
            return context.codingPath.isEmpty
                ? "it is not JSON (cut off, or written by something else)"
                : "\(place(context.codingPath)): \(context.debugDescription)"
        default: return "\(error)"
        }
    }

    /// An unpaired `\uD800` is legal JSON and no text: it becomes U+FFFD instead of making the whole run unreadable.
    static func mended(_ data: Data) -> Data {
        let escape = Array(#"\u"#.utf8)
        guard data.range(of: Data(#"\ud"#.utf8)) != nil || data.range(of: Data(#"\uD"#.utf8)) != nil else { return data }
        var bytes = [UInt8](data)
        func unit(_ at: Int) -> Int? {
            guard at + 6 <= bytes.count, bytes[at] == escape[0], bytes[at + 1] == escape[1] else { return nil }
            return Int(String(decoding: bytes[(at + 2)..<(at + 6)], as: UTF8.self), radix: 16)
        }
        var at = 0
        while at < bytes.count {
            guard bytes[at] == escape[0] else {
                at += 1
                continue
            }
            guard let first = unit(at) else {
                at += 2
                continue
            }
            if (0xD800...0xDBFF).contains(first), let second = unit(at + 6), (0xDC00...0xDFFF).contains(second) {
                at += 12
                continue
            }
            if (0xD800...0xDFFF).contains(first) { bytes.replaceSubrange((at + 2)..<(at + 6), with: Array("fffd".utf8)) }
            at += 6
        }
        return Data(bytes)
    }
}
