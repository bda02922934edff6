import HTTPTypes
import Hummingbird
import InterestContract
import NIOCore

/// From Hummingbird's request to the desk and back.
struct CoreResponder: HTTPResponder {
    typealias Context = BasicRequestContext

    let desk: Desk
    let latency: LatencySource

    /// Bodies of the calls, and of the fixtures call where it is allowed.
    static let bodyLimit = 64 * 1024
    static let fixturesLimit = 64 * 1024 * 1024

    private static let idempotencyKey = HTTPField.Name("Idempotency-Key")
    private static let requestTime = HTTPField.Name("X-Request-Time")
    private static let shadowMode = HTTPField.Name("X-Shadow-Mode")

    func respond(to request: Request, context: Context) async throws -> Response {
        let method = request.head.method.rawValue
        let target = request.head.path ?? ""
        let route = Route(method: method, target: target)
        var call = WireCall(
            method, target, idempotencyKey: field(CoreResponder.idempotencyKey, of: request),
            requestTime: field(CoreResponder.requestTime, of: request), shadowMode: field(CoreResponder.shadowMode, of: request))
        let limit = route == .fixtures && desk.allowFixtures ? CoreResponder.fixturesLimit : CoreResponder.bodyLimit
        let answer: StoredAnswer
        if method == "POST" {
            if let body = try await body(of: request, limit: limit) {
                call.body = body
                answer = await desk.answer(call)
            } else {
                answer = StoredAnswer(Problem(.malformedRequest, "the body is longer than \(limit) bytes"))
            }
        } else {
            answer = await desk.answer(call)
        }
        if route?.isDelayed == true { await latency.wait() }
        var headers: HTTPFields = [.contentType: answer.contentType]
        if let seconds = answer.retryAfterSeconds { headers[.retryAfter] = "\(seconds)" }
        let response = Response(
            status: .init(code: answer.status), headers: headers,
            body: .init(byteBuffer: ByteBuffer(bytes: answer.body)))
        return method == "HEAD" ? response.createHeadResponse() : response
    }

    private func field(_ name: HTTPField.Name?, of request: Request) -> String? {
        name.flatMap { request.headers[$0] }
    }

    /// Nil when it is longer than the limit; the rest is then read and dropped by the server.
    private func body(of request: Request, limit: Int) async throws -> [UInt8]? {
        var bytes: [UInt8] = []
        for try await buffer in request.body {
            guard bytes.count + buffer.readableBytes <= limit else { return nil }
            bytes.append(contentsOf: buffer.readableBytesView)
        }
        return bytes
    }
}
