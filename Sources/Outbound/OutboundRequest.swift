/// One HTTP/1.1 request, sent exactly as it stands here: no header is added but `Host`, the framing (`Content-Length`) and,
/// if the URL names a user, `Authorization`; redirects are never followed.
public struct OutboundRequest: Sendable {
    public var method: String
    /// An absolute `http://` or `https://` URL. Path and query travel untouched (`/a/../b` stays `/a/../b`).
    public var url: String
    /// Names and values in the order in which they are sent. `Content-Length`, `Transfer-Encoding` and `Expect` are the
    /// client's own business: given here, they are left out.
    public var headers: [(String, String)]
    public var body: [UInt8]
    /// From handing the request over (waiting for a free connection included) to the last byte of the answer.
    public var timeoutMs: Int
    public var connectTimeoutMs: Int
    /// Bound on the answer's body; a longer one is an error (`answerTooLarge`), never a cut answer.
    public var answerBytesMax: Int
    /// For who needs the status alone: the body is dropped as it comes, and one beyond the bound is no error, but read no further.
    public var dropsAnswerBody: Bool
    public var addressPolicy: AddressPolicy
    /// Other authorities than the system's, and a certificate of our own.
    public var tls = OutboundTLS()

    public init(
        method: String = "GET", url: String, headers: [(String, String)] = [], body: [UInt8] = [], timeoutMs: Int = 10_000,
        connectTimeoutMs: Int = 3_000, answerBytesMax: Int = 16 * 1_024 * 1_024, dropsAnswerBody: Bool = false,
        addressPolicy: AddressPolicy = .any
    ) {
        self.method = method
        self.url = url
        self.headers = headers
        self.body = body
        self.timeoutMs = timeoutMs
        self.connectTimeoutMs = connectTimeoutMs
        self.answerBytesMax = answerBytesMax
        self.dropsAnswerBody = dropsAnswerBody
        self.addressPolicy = addressPolicy
    }
}

/// Paths of PEM files; nil where the system's authorities will do, and where nothing is shown.
public struct OutboundTLS: Sendable, Hashable {
    public var authorities: String?
    public var certificate: String?
    public var privateKey: String?

    public init(authorities: String? = nil, certificate: String? = nil, privateKey: String? = nil) {
        self.authorities = authorities
        self.certificate = certificate
        self.privateKey = privateKey
    }
}

/// What came back, whatever its status.
public struct OutboundAnswer: Sendable {
    public var status: Int
    /// Names as they were spelled, values without the white space around them; trailers are dropped.
    public var headers: [(String, String)]
    /// As it was sent: content encodings are left alone.
    public var body: [UInt8]
    /// From handing the request over to the last byte of the answer.
    public var totalMicroseconds: Int

    public init(status: Int, headers: [(String, String)], body: [UInt8], totalMicroseconds: Int) {
        self.status = status
        self.headers = headers
        self.body = body
        self.totalMicroseconds = totalMicroseconds
    }

    /// The first value of a header, its name compared without regard to case.
    public func header(_ name: String) -> String? {
        let wanted = name.lowercased()
        return headers.first { $0.0.lowercased() == wanted }?.1
    }
}
