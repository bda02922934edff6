import NIOCore
import NIOPosix

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Not all connections could be opened.
struct Unavailable: Error, CustomStringConvertible {
    let description: String

    init(description: String) { self.description = description }

    init(endpoint: Endpoint, cause: any Error) {
        description = "\(endpoint) does not take the connections (\(Self.reason(cause))): start what should listen there first."
    }

    /// The system's words for an error, without NIO's.
    static func reason(_ error: any Error) -> String {
        if let error = error as? NIOConnectionError, let first = error.connectionErrors.first { return reason(first.error) }
        guard let error = error as? IOError, let text = strerror(error.errnoCode) else { return "\(error)" }
        return String(cString: text)
    }
}
