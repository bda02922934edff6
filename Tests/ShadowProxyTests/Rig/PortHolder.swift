#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Keeps a port of the loopback address taken without listening on it: connecting is refused, and nobody else gets the port
/// meanwhile (another test's server there would answer what was meant for a dead side).
final class PortHolder: Sendable {
    private let descriptor: Int32

    init(port: Int) {
        #if canImport(Glibc)
            let stream = Int32(SOCK_STREAM.rawValue)
        #else
            let stream = SOCK_STREAM
        #endif
        descriptor = socket(AF_INET, stream, 0)
        var one: Int32 = 1
        setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &one, socklen_t(MemoryLayout<Int32>.size))
        // 127.0.0.1 as a `sockaddr_in`, byte by byte: which C module owns that type's members depends on what else is imported.
        var address = [UInt8](repeating: 0, count: 16)
        #if canImport(Darwin)
            address[0] = 16
            address[1] = UInt8(AF_INET)
        #else
            address[0] = UInt8(AF_INET)
        #endif
        address[2] = UInt8(truncatingIfNeeded: port >> 8)
        address[3] = UInt8(truncatingIfNeeded: port)
        address[4] = 127
        address[7] = 1
        _ = address.withUnsafeBytes { bytes in
            bytes.withMemoryRebound(to: sockaddr.self) { bind(descriptor, $0.baseAddress, 16) }
        }
    }

    func release() { close(descriptor) }
}
