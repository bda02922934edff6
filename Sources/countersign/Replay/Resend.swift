import Foundation
import Outbound
import Verdicts

/// Sends a recorded request again, with the instant it had.
struct Resend {
    let client: OutboundClient
    /// Fields of the command line, for those that were redacted (`authorization` …); they replace the recorded ones.
    let headers: [(String, String)]

    /// - Parameter side: `http://host:port`.
    func send(_ request: RecordedRequest, to side: String) async throws -> OutboundAnswer {
        let outbound = OutboundRequest(
            method: request.method, url: side + request.target, headers: fields(of: request), body: request.body,
            timeoutMs: 10_000)
        do {
            return try await client.send(outbound)
        } catch {
            throw ExitStatus.unavailable.because("\(side) does not answer: \(error.sentence)")
        }
    }

    private func fields(of request: RecordedRequest) -> [(String, String)] {
        let replaced = Set(headers.map { $0.0.lowercased() })
        // What belongs to a connection, and what is set anew.
        let dropped: Set<String> = [
            "host", "connection", "keep-alive", "transfer-encoding", "content-length", "expect", "te", "trailer", "upgrade",
            "via",
            "x-forwarded-for", "x-forwarded-proto", "x-forwarded-host", "x-request-time", "x-shadow-mode",
        ]
        let kept = request.headers.compactMap { field -> (String, String)? in
            guard field.count == 2 else { return nil }
            let name = field[0].lowercased()
            return dropped.contains(name) || replaced.contains(name) ? nil : (field[0], field[1])
        }
        return kept + [("X-Request-Time", request.instant)] + headers
    }
}
