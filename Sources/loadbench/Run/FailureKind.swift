import NIOCore

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Why a request was not answered.
enum FailureKind: String, CaseIterable {
    /// The peer closed the connection before the answer's last byte.
    case closed
    /// The peer reset it.
    case reset
    /// No whole answer within the time allowed.
    case timeout
    /// The answer could not be read as HTTP/1.1 with a known length.
    case badAnswer = "bad-answer"
    /// No connection was free until the run was over.
    case unsent

    static func of(_ error: any Error) -> FailureKind {
        guard let error = error as? IOError else { return .closed }
        return error.errnoCode == ECONNRESET || error.errnoCode == EPIPE ? .reset : .closed
    }
}
