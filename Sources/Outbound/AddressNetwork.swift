/// A range of IP addresses as CIDR writes it: `10.1.0.0/16`, `fd00::/8`, or one address alone.
public struct AddressNetwork: Sendable, Hashable {
    private let first: SocketAddress
    private let bits: Int

    /// Nil for what is no range: an address that can't be read, too long a prefix, or bits beyond the prefix.
    public init?(_ text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard let address = parts.first.flatMap({ SocketAddress(String($0)) }), parts.count <= 2 else { return nil }
        let most = address.bytes.count * 8
        if parts.count == 2 {
            guard parts[1].utf8.allSatisfy({ $0 &- 0x30 < 10 }), let given = Int(parts[1]), given <= most else { return nil }
            bits = given
        } else {
            bits = most
        }
        first = address
        guard Self.masked(address.bytes, bits) == address.bytes else { return nil }
    }

    /// Whether all of it is link-local, multicast, or a metadata service: no policy lets anybody there.
    public var isNeverReached: Bool {
        let last = SocketAddress(
            bytes: first.bytes.enumerated().map { place, byte in byte | UInt8(0xFF >> min(max(bits - place * 8, 0), 8)) })
        return bits >= 4 && first.scope == .never && last.scope == .never
    }

    /// An IPv4 address inside an IPv6 one counts as itself.
    func contains(_ address: SocketAddress) -> Bool {
        [address, address.unmapped].contains { candidate in
            candidate.bytes.count == first.bytes.count && Self.masked(candidate.bytes, bits) == first.bytes
        }
    }

    private static func masked(_ bytes: [UInt8], _ bits: Int) -> [UInt8] {
        bytes.enumerated().map { place, byte in
            let kept = min(max(bits - place * 8, 0), 8)
            return kept == 0 ? 0 : byte & (0xFF << UInt8(8 - kept))
        }
    }
}
