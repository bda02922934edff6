/// A refusal: `application/problem+json` (RFC 9457). Sides are compared by status and `code` alone.
public struct Problem: Error, Sendable, Hashable {
    public static let contentType = "application/problem+json"

    public var code: ProblemCode
    /// One sentence for a person: what is wrong and with what.
    public var detail: String

    public init(_ code: ProblemCode, _ detail: String) {
        self.code = code
        self.detail = detail
    }

    public var status: Int { code.status }

    public var json: [UInt8] {
        var object = WireObject()
        object.member("type", "urn:interest:problem:" + code.rawValue.lowercased().replacing("_", with: "-"))
        object.member("title", code.rawValue.lowercased().replacing("_", with: " "))
        object.member("status", Int64(code.status))
        object.member("code", code.rawValue)
        object.member("detail", detail)
        return object.finished
    }
}
