internal import Crypto
internal import Foundation
internal import Migration

/// The list of keys that the candidate had written when its share was taken away, and what each of them needs: one JSON object a line.
struct AffectedKeys: Sendable {
    /// While the entry that names the list has yet to be written.
    static let pendingName = "rollback-pending.keys.jsonl"

    static func name(sequence: Int) -> String { "rollback-\(sequence).keys.jsonl" }

    /// What is to be done about a key before it is well on the legacy. What its callers were told is another matter: see its mismatches.
    enum Need: String, Sendable, Codable {
        case nothing
        /// The legacy has writes yet to take; the proxy brings them.
        case catchUp = "catch-up"
        /// The sides hold different things: `countersign resync` says what to do.
        case resync
        /// Nobody knows whether a write came through; a read-back tells, by itself.
        case readBack = "read-back"
        /// The policy keeps it where it is.
        case staysOnCandidate = "stays-on-candidate"
    }

    private struct Line: Encodable {
        var key: String
        var needs: Need
        /// RFC 3339, UTC.
        var notedAt: String
        var writesBehind: Int
        var mismatches: Int

        enum CodingKeys: String, CodingKey {
            case key, needs, mismatches
            case notedAt = "noted-at"
            case writesBehind = "writes-behind"
        }
    }

    let bytes: [UInt8]
    let count: Int

    init(_ keys: [WrittenKey], staying: Bool) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        var bytes: [UInt8] = []
        for key in keys {
            let line = Line(
                key: key.key, needs: staying ? .staysOnCandidate : Self.need(of: key),
                notedAt: Instant(milliseconds: key.notedAt / 1_000).description, writesBehind: key.writesBehind,
                mismatches: key.mismatches)
            bytes += try encoder.encode(line)
            bytes.append(UInt8(ascii: "\n"))
        }
        self.bytes = bytes
        count = keys.count
    }

    /// A list as it stands on the disk.
    init(listed bytes: [UInt8]) {
        self.bytes = bytes
        count = bytes.count { $0 == UInt8(ascii: "\n") }
    }

    static func need(of key: WrittenKey) -> Need {
        if key.isDiverged { return .resync }
        if key.isUnverified { return .readBack }
        return key.writesBehind > 0 ? .catchUp : .nothing
    }

    /// For the audit entry.
    var facts: [String: String] {
        let digest = SHA256.hash(data: bytes).map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
        return ["written-keys": "\(count)", "written-keys-sha256": digest]
    }
}
