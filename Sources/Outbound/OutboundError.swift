/// Why there is no answer.
public struct OutboundError: Error, Sendable, Hashable, CustomStringConvertible {
    public enum Code: String, Sendable, CaseIterable {
        /// Nothing listens there, or the connection could not be made.
        case refused
        case timedOut
        /// The connection ended before the answer was complete.
        case reset
        case unresolvable
        /// The name's addresses are all outside the request's address policy: nothing was sent.
        case addressForbidden
        case answerTooLarge
        /// The URL, the method or a header can't be sent: nothing was.
        case badURL
        case tls
        case cancelled
        /// The client was closed.
        case closed
        /// What came is no HTTP, or libcurl failed otherwise.
        case other
    }

    public var code: Code
    /// One sentence that names the address and what happened.
    public var sentence: String

    public init(_ code: Code, _ sentence: String) {
        self.code = code
        self.sentence = sentence
    }

    public var description: String { sentence }
}
