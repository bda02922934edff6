import HTTPFraming
import Migration
import NIOCore

/// Where the claims of a caller stand that decide his audience: in a header that a gateway in front of the proxy sets.
///
/// Anybody can send a header. It counts on a listener that trusts its callers, or together with the proof, and only if it stands there once,
/// spelled as it is configured: a gateway that adds its own beside the caller's vouches for neither, and a name with an underscore for a hyphen
/// went past it. Else every copy of it, however it is spelled, is left out, so that neither the proxy nor the sides are taken in. The proof itself
/// never goes on.
public struct AudienceSource: Sendable {
    /// Nil where all callers are of the last audience.
    private let header: FieldName?
    private let proof: Proof?
    private let leftOutOfTrusted: [FieldName]
    private let leftOutOfOthers: [FieldName]

    /// A header whose value only the gateway knows.
    private struct Proof {
        let header: FieldName
        let secret: [UInt8]
    }

    /// What a request says of its caller.
    struct Reading {
        /// None where nobody vouches for them.
        var claims: [String]
        /// Headers that must not go on to the sides.
        var leftOut: [FieldName]
    }

    /// - Parameters:
    ///   - header: carries the claims, separated by commas.
    ///   - proof: a header that only the gateway can send, by its value; nil where only a trusted listener will do.
    public init(header: String? = nil, proof: (header: String, secret: [UInt8])? = nil) {
        self.header = header.map { FieldName($0) }
        self.proof = proof.map { Proof(header: FieldName($0.header), secret: $0.secret) }
        leftOutOfTrusted = self.proof.map { [$0.header] } ?? []
        leftOutOfOthers = leftOutOfTrusted + (self.header.map { [$0] } ?? [])
    }

    func read(_ head: RequestHead, trusted: Bool) -> Reading {
        guard header != nil || proof != nil else { return Reading(claims: [], leftOut: []) }
        return head.bytes.withUnsafeReadableBytes { all in
            let said = header.map { values(of: $0, head, all) } ?? []
            // Said twice, nobody knows by whom; said with an underscore for a hyphen, it went past a gateway that only knows its own spelling.
            guard said.count <= 1, !isSpelledOtherwise(head, all), trusted || isProven(head, all) else {
                return Reading(claims: [], leftOut: leftOutOfOthers)
            }
            return Reading(claims: said.first.map { Self.claims(in: $0) } ?? [], leftOut: leftOutOfTrusted)
        }
    }

    private func isSpelledOtherwise(_ head: RequestHead, _ all: UnsafeRawBufferPointer) -> Bool {
        guard let header else { return false }
        return head.fields.contains { header.resembles($0.name, in: all) && !header.isName($0.name, in: all) }
    }

    private static func claims(in value: UnsafeRawBufferPointer) -> [String] {
        value.split(separator: UInt8(ascii: ",")).map { part in
            let start = part.firstIndex { $0 != 0x20 } ?? part.endIndex
            let end = part.lastIndex { $0 != 0x20 }.map { $0 + 1 } ?? start
            return String(decoding: UnsafeRawBufferPointer(rebasing: part[start..<end]), as: UTF8.self)
        }
    }

    private func isProven(_ head: RequestHead, _ all: UnsafeRawBufferPointer) -> Bool {
        guard let proof else { return false }
        let said = values(of: proof.header, head, all)
        return said.count == 1 && Self.equalsInConstantTime(said[0], proof.secret)
    }

    /// Of that header, however it is spelled.
    private func values(of name: FieldName, _ head: RequestHead, _ all: UnsafeRawBufferPointer) -> [UnsafeRawBufferPointer] {
        var values: [UnsafeRawBufferPointer] = []
        for field in head.fields where name.resembles(field.name, in: all) {
            values.append(UnsafeRawBufferPointer(rebasing: all[field.value]))
        }
        return values
    }

    /// Takes as long for a near miss as for a far one; the length is no secret.
    private static func equalsInConstantTime(_ given: UnsafeRawBufferPointer, _ secret: [UInt8]) -> Bool {
        guard given.count == secret.count else { return false }
        var difference: UInt8 = 0
        for (left, right) in zip(given, secret) { difference |= left ^ right }
        return difference == 0
    }
}
