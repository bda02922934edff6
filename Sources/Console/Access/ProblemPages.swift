import HTTPTypes
import Hummingbird
import NIOCore

/// Says in words what the router refuses with a bare status: no such page, a body beyond its bound.
struct ProblemPages<Context: RequestContext>: RouterMiddleware {
    func handle(
        _ request: Request, context: Context, next: (Request, Context) async throws -> Response
    ) async throws -> Response {
        do {
            return try await next(request, context)
        } catch let problem as Problem {
            throw problem
        } catch is NIOTooManyBytesError {
            throw Problem(.contentTooLarge, "The body is longer than this page takes.")
        } catch let error as HTTPError where error.status == .notFound {
            throw Problem(.notFound, "This port has no page \(request.method.rawValue) \(request.uri.path).")
        } catch let error as HTTPError where error.status == .contentTooLarge {
            throw Problem(.contentTooLarge, "The body is longer than this page takes.")
        }
    }
}
