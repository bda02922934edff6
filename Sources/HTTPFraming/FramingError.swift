/// Why bytes are not a message that may be forwarded. After one the connection must be closed: where the next message
/// begins is unknown.
public struct FramingError: Error, Sendable, Hashable {
    public enum Code: String, Sendable, CaseIterable {
        case bareLineFeed
        case bareCarriageReturn
        case obsoleteFold
        case badStartLine
        case badTarget
        case badFieldName
        case badFieldValue
        case disguisedFraming
        case contentLengthAndTransferEncoding
        case severalContentLengths
        case badContentLength
        case badTransferEncoding
        case transferEncodingNotImplemented
        case badChunk
        case badHost
        case badConnection
        case unknownExpectation
        case headTooLarge
        case versionNotSupported
        case methodNotSupported
        case truncated
        case unexpectedUpgrade
        case tooManyInterimAnswers
    }

    public let code: Code

    public init(_ code: Code) { self.code = code }

    /// The status with which a request of this kind is refused.
    public var status: Int {
        switch code {
        case .headTooLarge: 431
        case .versionNotSupported: 505
        case .methodNotSupported, .transferEncodingNotImplemented: 501
        case .unknownExpectation: 417
        default: 400
        }
    }

    /// One sentence for the caller.
    public var sentence: String {
        switch code {
        case .bareLineFeed: "A line ends in LF without CR."
        case .bareCarriageReturn: "A CR stands without LF."
        case .obsoleteFold: "A header line is folded."
        case .badStartLine: "The start line is not of HTTP/1.1's form."
        case .badTarget: "The request target is neither a path nor an absolute URL that agrees with Host."
        case .badFieldName: "A header name is empty or has a character that no name may have."
        case .badFieldValue: "A header value has a control character."
        case .disguisedFraming: "A header imitates Content-Length or Transfer-Encoding with an underscore."
        case .contentLengthAndTransferEncoding: "Content-Length and Transfer-Encoding stand together."
        case .severalContentLengths: "Content-Length stands more than once."
        case .badContentLength: "Content-Length is not a number of bytes."
        case .badTransferEncoding: "Transfer-Encoding stands more than once, or in HTTP/1.0."
        case .transferEncodingNotImplemented: "Only the transfer coding `chunked` is understood."
        case .badChunk: "The chunked body is broken."
        case .badHost: "Host is missing, stands more than once, or names no host."
        case .badConnection: "Connection names a header that must reach the service, or too many."
        case .unknownExpectation: "Only the expectation `100-continue` is understood."
        case .headTooLarge: "The head, or the number of its headers, is beyond the limit."
        case .versionNotSupported: "Only HTTP/1.0 and HTTP/1.1 are spoken here."
        case .methodNotSupported: "CONNECT is not served here."
        case .truncated: "The connection ended in the middle of a message."
        case .unexpectedUpgrade: "The side switched protocols without being asked."
        case .tooManyInterimAnswers: "The side sent one interim answer after another."
        }
    }
}
