import Foundation

/// A listening socket of 127.0.0.1 that outlives the proxies that serve it: who connects while none runs waits for the next.
final class ListeningSocket: Sendable {
    let descriptor: CInt
    let port: Int

    init() throws {
        let descriptor = socket(AF_INET, CInt(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let listens = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                descriptor >= 0 && bind(descriptor, $0, length) == 0 && listen(descriptor, 1_024) == 0
                    && getsockname(descriptor, $0, &length) == 0
            }
        }
        guard listens else {
            throw ExitStatus.unavailable.because("no socket on 127.0.0.1 can be had: \(String(cString: strerror(errno)))")
        }
        // Only the proxy is given it, as its standard input.
        _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
        self.descriptor = descriptor
        port = Int(UInt16(bigEndian: address.sin_port))
    }

    deinit { close(descriptor) }
}
