public import NIOCore

/// Our own answers, when there is none of the primary's to pass on: `application/problem+json` (RFC 9457).
public enum ProblemAnswer {
    /// - Parameters:
    ///   - code: the member `code`, for programs: `PRIMARY_TIMEOUT`.
    ///   - detail: one sentence, for people; ASCII without quotes, backslashes and control characters.
    ///   - isHead: whether it answers a HEAD request, and so goes without its body.
    public static func write(
        status: Int, code: StaticString, detail: String, close: Bool, retryAfterSeconds: Int? = nil, isHead: Bool = false,
        into out: inout ByteBuffer
    ) {
        var body = ByteBuffer()
        body.writeString("{\"type\":\"about:blank\",\"title\":\"")
        body.writeString(reason(status))
        body.writeString("\",\"status\":")
        body.writeDecimal(status)
        body.writeString(",\"code\":\"")
        body.writeStaticString(code)
        body.writeString("\",\"detail\":\"")
        body.writeString(detail)
        body.writeString("\"}")
        out.writeStaticString("HTTP/1.1 ")
        out.writeDecimal(status)
        out.writeString(" " + reason(status))
        out.writeStaticString("\r\nContent-Type: application/problem+json\r\nContent-Length: ")
        out.writeDecimal(body.readableBytes)
        if let retryAfterSeconds {
            out.writeStaticString("\r\nRetry-After: ")
            out.writeDecimal(retryAfterSeconds)
        }
        out.writeString(close ? "\r\nConnection: close\r\n\r\n" : "\r\n\r\n")
        if !isHead { out.writeBuffer(&body) }
    }

    static func reason(_ status: Int) -> String {
        switch status {
        case 400: "Bad Request"
        case 408: "Request Timeout"
        case 413: "Content Too Large"
        case 417: "Expectation Failed"
        case 431: "Request Header Fields Too Large"
        case 501: "Not Implemented"
        case 502: "Bad Gateway"
        case 503: "Service Unavailable"
        case 504: "Gateway Timeout"
        case 505: "HTTP Version Not Supported"
        default: "Error"
        }
    }
}
