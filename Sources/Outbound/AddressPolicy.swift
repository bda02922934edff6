internal import CCurl
internal import Foundation

/// Which addresses a request may connect to. Checked on the address itself when the socket is opened, so that no name, and no
/// name that changes its address between two look-ups, leads around it.
///
/// Link-local addresses and the metadata services of clouds are refused under every policy.
public enum AddressPolicy: Sendable, Hashable {
    /// Public, private and loopback addresses.
    case any
    /// Public addresses, and those of the networks that are listed: for URLs that come from configuration others may write.
    case publicAnd([AddressNetwork])
    /// These numeric addresses alone, as text (`192.0.2.7`, `2001:db8::7`).
    case pinned([String])

    func allows(_ address: SocketAddress) -> Bool {
        let scope = address.scope
        guard scope != .never else { return false }
        switch self {
        case .any: return true
        case .publicAnd(let networks): return scope == .global || networks.contains { $0.contains(address) }
        case .pinned(let texts): return texts.contains { SocketAddress($0)?.unmapped == address.unmapped }
        }
    }
}

/// A numeric IP address in network order: 4 or 16 bytes.
struct SocketAddress: Hashable {
    enum Scope: Hashable {
        case global
        /// Private networks, loopback and everything else that is not routed in public.
        case local
        /// Link-local, metadata services, multicast, unspecified.
        case never
    }

    let bytes: [UInt8]

    init(bytes: [UInt8]) { self.bytes = bytes }

    /// Reads a numeric address; nil for anything else.
    init?(_ text: String) {
        var four = in_addr()
        if inet_pton(AF_INET, text, &four) == 1 {
            bytes = withUnsafeBytes(of: &four) { Array($0) }
            return
        }
        var six = in6_addr()
        guard inet_pton(AF_INET6, text, &six) == 1 else { return nil }
        bytes = withUnsafeBytes(of: &six) { Array($0) }
    }

    /// Reads the address that libcurl is about to connect to; nil for other families.
    init?(_ address: UnsafePointer<sockaddr>) {
        switch Int32(address.pointee.sa_family) {
        case AF_INET:
            bytes = address.withMemoryRebound(to: sockaddr_in.self, capacity: 1) { pointer in
                withUnsafeBytes(of: pointer.pointee.sin_addr) { Array($0) }
            }
        case AF_INET6:
            bytes = address.withMemoryRebound(to: sockaddr_in6.self, capacity: 1) { pointer in
                withUnsafeBytes(of: pointer.pointee.sin6_addr) { Array($0) }
            }
        default: return nil
        }
    }

    /// The IPv4 address inside an IPv6 one that only carries it (mapped, NAT64, 6to4), else itself.
    var unmapped: SocketAddress {
        guard bytes.count == 16 else { return self }
        let mapped: [UInt8] = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF]
        let compatible: [UInt8] = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]
        let translated: [UInt8] = [0, 0x64, 0xFF, 0x9B, 0, 0, 0, 0, 0, 0, 0, 0]
        let head = Array(bytes[0..<12])
        if head == mapped || head == translated { return SocketAddress(bytes: Array(bytes[12...])) }
        if head == compatible, bytes[12] != 0 { return SocketAddress(bytes: Array(bytes[12...])) }
        if bytes[0] == 0x20, bytes[1] == 0x02 { return SocketAddress(bytes: Array(bytes[2..<6])) }
        return self
    }

    var scope: Scope {
        let address = unmapped.bytes
        return address.count == 4 ? Self.scope4(address) : Self.scope6(address)
    }

    private static func scope4(_ a: [UInt8]) -> Scope {
        switch (a[0], a[1]) {
        case (169, 254): return .never
        case (224...239, _): return .never
        case (255, 255) where a[2] == 255 && a[3] == 255: return .never
        case (100, 100) where a[2] == 100 && a[3] == 200: return .never  // Alibaba's metadata service
        case (192, 0) where a[2] == 0 && a[3] == 192: return .never  // Oracle's
        case (0, 0) where a[2] == 0 && a[3] == 0: return .never
        case (0, _), (10, _), (127, _), (192, 168), (240..., _): return .local
        case (172, 16...31), (100, 64...127), (198, 18...19): return .local
        case (192, 0) where a[2] == 0 || a[2] == 2: return .local
        case (198, 51) where a[2] == 100: return .local
        case (203, 0) where a[2] == 113: return .local
        default: return .global
        }
    }

    private static func scope6(_ a: [UInt8]) -> Scope {
        if a.allSatisfy({ $0 == 0 }) { return .never }
        if a[0..<15].allSatisfy({ $0 == 0 }), a[15] == 1 { return .local }
        if a[0] == 0xFE, a[1] & 0xC0 == 0x80 { return .never }
        if a[0] == 0xFF { return .never }
        if a == [0xFD, 0x00, 0x0E, 0xC2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x02, 0x54] { return .never }  // Amazon's metadata service
        // What is routed in public lies in 2000::/3, less the documentation prefix.
        let documentation = a[0] == 0x20 && a[1] == 0x01 && a[2] == 0x0D && a[3] == 0xB8
        return a[0] & 0xE0 == 0x20 && !documentation ? .global : .local
    }
}
