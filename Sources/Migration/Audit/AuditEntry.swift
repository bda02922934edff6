internal import Crypto
internal import Foundation

/// One line of the audit log.
public struct AuditEntry: Sendable, Hashable, Codable, CustomStringConvertible {
    /// Of this form on disk. A newer one is refused.
    public static let schema = 1

    public var schema = Self.schema
    /// From 1, without gaps.
    public var sequence: Int
    /// RFC 3339, UTC.
    public var time: String
    public var actor: String
    public var role: String
    public var action: String
    public var details: [String: String]
    /// SHA-256 of the line before, without its line break, in lower-case hexadecimal digits; 64 zeros on the first line.
    public var previous: String

    public init(
        sequence: Int, time: Instant, actor: String, role: String, action: String, details: [String: String], previous: String
    ) {
        self.sequence = sequence
        self.time = time.description
        self.actor = actor
        self.role = role
        self.action = action
        self.details = details
        self.previous = previous
    }

    /// `#12 2026-03-02T01:02:03.004Z kim (operator): promoted; from=shadow to=staff 99/1`
    public var description: String {
        let facts = details.sorted { $0.key < $1.key }.map { "\($0.key)=\(Self.visible($0.value))" }
        let end = facts.isEmpty ? "" : "; " + facts.joined(separator: " ")
        return "#\(sequence) \(Self.visible(time)) \(Self.visible(actor)) (\(Self.visible(role))): \(Self.visible(action))\(end)"
    }

    /// Control characters as `\u{…}`: what somebody wrote must not steer the terminal of whoever reads it.
    private static func visible(_ text: String) -> String {
        text.unicodeScalars.map { scalar in
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator: scalar.escaped(asASCII: true)
            default: String(scalar)
            }
        }.joined()
    }

    /// Without a line break; keys sorted.
    func line() throws(AuditError) -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        do {
            return Array(try encoder.encode(self))
        } catch {
            throw AuditError(.unwritable, "The audit entry `\(action)` can't be written as JSON: \(error).")
        }
    }

    /// Nil when the bytes are no entry at all.
    static func parse(_ line: [UInt8]) -> AuditEntry? { try? JSONDecoder().decode(AuditEntry.self, from: Data(line)) }

    static func digest(_ line: some Collection<UInt8>) -> String {
        let digits = Array("0123456789abcdef")
        return String(SHA256.hash(data: Array(line)).flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] })
    }
}

/// The end of the log at some moment: whoever keeps it elsewhere (a notice carries it) can tell later whether the log was cut or
/// rewritten since.
public struct AuditHead: Sendable, Hashable, Codable, CustomStringConvertible {
    /// Of the last line; 0 for an empty log.
    public var sequence: Int
    /// SHA-256 of the last line; 64 zeros for an empty log.
    public var digest: String

    public static let empty = AuditHead(sequence: 0, digest: String(repeating: "0", count: 64))

    public init(sequence: Int, digest: String) {
        self.sequence = sequence
        self.digest = digest
    }

    /// As ``description`` writes it; nil for anything else.
    public init?(_ text: String) {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2, let sequence = Int(parts[0]), sequence >= 0, parts[1].utf8.count == 64,
            parts[1].utf8.allSatisfy({ $0 &- 0x30 < 10 || $0 &- 0x61 < 6 })
        else { return nil }
        self.init(sequence: sequence, digest: String(parts[1]))
    }

    /// `12:9f86d0…`, the digest in full.
    public var description: String { "\(sequence):\(digest)" }
}

/// Why the log can't be used.
public struct AuditError: Error, Sendable, Hashable, CustomStringConvertible {
    public enum Code: String, Sendable, Hashable {
        case unreadable, unwritable, inUse, torn, tampered, newer, broken
    }

    public let code: Code
    /// One sentence: what happened, to what, what to do.
    public let description: String

    init(_ code: Code, _ description: String) {
        self.code = code
        self.description = description
    }
}
