import ArgumentParser
import Foundation
import Outbound

/// What opens an admin port for whoever asks it: a token, and where it has one, its TLS.
struct AdminCredentials: ParsableArguments {
    @Option(
        help: ArgumentHelp("The file that holds your token; without it the variable COUNTERSIGN_TOKEN does.", valueName: "FILE"))
    var tokenFile: String?

    @Option(help: ArgumentHelp("Who signs the admin port's certificate, unless the system knows.", valueName: "PEM"))
    var authorities: String?

    @Option(help: ArgumentHelp("Your certificate, where the admin port asks for one.", valueName: "PEM"))
    var certificate: String?

    @Option(help: ArgumentHelp("Its key.", valueName: "PEM"))
    var privateKey: String?

    func validate() throws {
        guard (certificate == nil) == (privateKey == nil) else {
            throw ValidationError("--certificate and --private-key go together.")
        }
    }

    /// Asks the admin port at this address.
    ///
    /// - Throws: the exit status of a refusal: 1 when the rollout's rules say no, 64 when the order can't be understood, 69 when nobody
    ///   answers, 77 when the token does not suffice.
    func ask(_ address: String, _ method: String, _ path: String, body: [UInt8] = []) async throws -> [UInt8] {
        let client = OutboundClient()
        defer { client.close() }
        let headers = try (body.isEmpty ? [] : [("Content-Type", "application/json")]) + tokenHeaders()
        var request = OutboundRequest(method: method, url: address + path, headers: headers, body: body, timeoutMs: 30_000)
        request.tls = OutboundTLS(authorities: authorities, certificate: certificate, privateKey: privateKey)
        let answer: OutboundAnswer
        do { answer = try await client.send(request) } catch {
            // A port that wants a certificate of the caller only breaks off when none comes.
            let mayWantCertificate = address.hasPrefix("https://") && certificate == nil && Self.breaksOff.contains(error.code)
            let hint = mayWantCertificate ? "; if it asks for a certificate, give yours: --certificate and --private-key" : ""
            throw ExitStatus.unavailable.because("the proxy does not answer on \(address): \(error.sentence)\(hint)")
        }
        if answer.status == 200 { return answer.body }
        let said = Self.detail(answer.body)
        switch answer.status {
        case 401, 403:
            throw ExitStatus.noPermission.because("\(said) (COUNTERSIGN_TOKEN or --token-file gives your token)")
        case 409: throw ExitStatus.differ.because("refused: \(said)")
        case 400, 404, 415: throw ExitStatus.usage.because(said)
        default: throw ExitStatus.unavailable.because("the proxy answered \(answer.status): \(said)")
        }
    }

    /// Empty where there is no token: a proxy without tokens lets everybody look.
    private func tokenHeaders() throws -> [(String, String)] {
        let text =
            if let tokenFile {
                String(decoding: try InputFile.bytes(tokenFile), as: UTF8.self)
            } else {
                ProcessInfo.processInfo.environment["COUNTERSIGN_TOKEN"] ?? ""
            }
        let token = text.trimmingCharacters(in: .whitespacesAndNewlines)
        return token.isEmpty ? [] : [("Authorization", "Bearer \(token)")]
    }

    private static let breaksOff: Set<OutboundError.Code> = [.tls, .reset, .other]

    private struct ProblemBody: Decodable { var detail: String }

    private static func detail(_ body: [UInt8]) -> String {
        (try? JSONDecoder().decode(ProblemBody.self, from: Data(body)))?.detail
            ?? String(decoding: body.prefix(500), as: UTF8.self)
    }
}
