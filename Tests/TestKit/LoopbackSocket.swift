import Foundation

/// A port of 127.0.0.1 that the system chooses.
public enum LoopbackSocket {
    /// A port that nothing listens on now.
    public static func freePort() throws -> Int {
        let (descriptor, port) = try open(listens: false)
        close(descriptor)
        return port
    }

    /// A socket that listens, as systemd or a program that restarts the proxy holds it. The caller closes it.
    public static func listening() throws -> (descriptor: CInt, port: Int) { try open(listens: true) }

    private static func open(listens: Bool) throws -> (descriptor: CInt, port: Int) {
        let descriptor = socket(AF_INET, CInt(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isBound = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, length) == 0 && (!listens || listen(descriptor, 128) == 0)
                    && getsockname(descriptor, $0, &length) == 0
            }
        }
        guard isBound else {
            close(descriptor)
            throw POSIXError(POSIXErrorCode(rawValue: errno) ?? .EIO)
        }
        return (descriptor, Int(UInt16(bigEndian: address.sin_port)))
    }
}
