import HTTPFraming
import Migration
import NIOCore

/// Where the claims of a caller stand that decide his audience: in a header that a gateway in front of the proxy sets.
///
/// Anybody can send a header. It counts on a listener that trusts its callers, or together with the proof, and only if it stands there once:
/// a gateway that adds its own beside the caller's vouches for neither. Else every copy of it is left out, so that neither the proxy nor the
/// sides are taken in; a name with an underscore is the same as one with a hyphen then. The proof itself never goes on.
public struct AudienceSource: Sendable {
    /// Lower case; nil where all callers are of the last audience.
    let header: [UInt8]?
    let proof: Proof?
    /// With hyphens for underscores.
    private let leftOutOfTrusted: [[UInt8]]
    private let leftOutOfOthers: [[UInt8]]

    /// A header whose value only the gateway knows.
    struct Proof: Sendable {
        let header: [UInt8]
        let secret: [UInt8]
    }

    /// - Parameters:
    ///   - header: carries the claims, separated by commas.
    ///   - proof: a header that only the gateway can send, by its value; nil where only a trusted listener will do.
    public init(header: String? = nil, proof: (header: String, secret: [UInt8])? = nil) {
        self.header = header.map { Array($0.lowercased().utf8) }
        self.proof = proof.map { Proof(header: Array($0.header.lowercased().utf8), secret: $0.secret) }
        leftOutOfTrusted = self.proof.map { [Self.hyphenated($0.header)] } ?? []
        leftOutOfOthers = leftOutOfTrusted + (self.header.map { [Self.hyphenated($0)] } ?? [])
    }

    /// The headers that must not go on to the sides.
    func leftOut(of head: RequestHead, trusted: Bool) -> [[UInt8]] {
        guard header != nil || proof != nil else { return [] }
        return isTrusted(head, trusted) ? leftOutOfTrusted : leftOutOfOthers
    }

    /// The caller's claims; none where nobody vouches for them.
    func claims(of head: RequestHead, trusted: Bool) -> [String] {
        guard let header, isTrusted(head, trusted) else { return [] }
        var claims: [String] = []
        head.bytes.withUnsafeReadableBytes { all in
            for value in values(of: header, head, all) {
                for claim in value.split(separator: UInt8(ascii: ",")) {
                    let text = String(decoding: UnsafeRawBufferPointer(rebasing: claim), as: UTF8.self)
                    claims.append(String(text.trimmingPrefix { $0 == " " }.reversed().trimmingPrefix { $0 == " " }.reversed()))
                }
            }
        }
        return claims
    }

    /// Said twice, nobody knows by whom.
    private func isTrusted(_ head: RequestHead, _ trusted: Bool) -> Bool {
        head.bytes.withUnsafeReadableBytes { all in
            if let header, values(of: header, head, all).count > 1 { return false }
            if trusted { return true }
            guard let proof else { return false }
            let said = values(of: proof.header, head, all)
            return said.count == 1 && Self.equalsInConstantTime(said[0], proof.secret)
        }
    }

    /// Of that header, however it is spelled.
    private func values(
        of name: [UInt8], _ head: RequestHead, _ all: UnsafeRawBufferPointer
    ) -> [UnsafeRawBufferPointer] {
        head.fields.filter { field in
            let given = all[field.name]
            return given.count == name.count
                && zip(given, name).allSatisfy {
                    Self.hyphenated(($0 >= 0x41 && $0 <= 0x5A ? $0 | 0x20 : $0)) == Self.hyphenated($1)
                }
        }.map { UnsafeRawBufferPointer(rebasing: all[$0.value]) }
    }

    private static func hyphenated(_ byte: UInt8) -> UInt8 { byte == UInt8(ascii: "_") ? UInt8(ascii: "-") : byte }
    private static func hyphenated(_ name: [UInt8]) -> [UInt8] { name.map { hyphenated($0) } }

    /// Takes as long for a near miss as for a far one; the length is no secret.
    private static func equalsInConstantTime(_ given: UnsafeRawBufferPointer, _ secret: [UInt8]) -> Bool {
        guard given.count == secret.count else { return false }
        var difference: UInt8 = 0
        for (left, right) in zip(given, secret) { difference |= left ^ right }
        return difference == 0
    }
}
