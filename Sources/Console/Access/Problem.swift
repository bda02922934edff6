import Foundation
import Hummingbird
import NIOCore

/// Why there is no answer, as RFC 9457 writes it.
struct Problem: Error, HTTPResponseError, Sendable {
    let status: HTTPResponse.Status
    /// One or several sentences, for people.
    let detail: String

    init(_ status: HTTPResponse.Status, _ detail: String) {
        self.status = status
        self.detail = detail
    }

    private struct Form: Encodable {
        var title: String
        var status: Int
        var detail: String
    }

    func response(from request: Request, context: some RequestContext) throws -> Response {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let body = try encoder.encode(Form(title: status.reasonPhrase, status: status.code, detail: detail))
        var headers: HTTPFields = [.contentType: "application/problem+json", .cacheControl: "no-store"]
        if status == .unauthorized { headers[.wwwAuthenticate] = "Bearer" }
        return Response(status: status, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(bytes: body)))
    }
}
