import ArgumentParser
import Foundation
import Outbound
import ProxyConfiguration
import ShadowProxy

/// Where a proxy's admin port is, and who asks.
struct AdminPlace: ParsableArguments {
    @Option(help: ArgumentHelp("The proxy's admin port: http://HOST:PORT or https://HOST:PORT.", valueName: "URL"))
    var admin: String?

    @Option(help: ArgumentHelp("The proxy's configuration, which names it.", valueName: "FILE"))
    var config: String?

    @OptionGroup var token: TokenPlace

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

    /// Without a slash at its end.
    func url() throws -> String {
        if let admin {
            guard admin.hasPrefix("http://") || admin.hasPrefix("https://") else {
                throw ExitStatus.usage.because("--admin takes http://HOST:PORT or https://HOST:PORT, not \(admin)")
            }
            return admin.hasSuffix("/") ? String(admin.dropLast()) : admin
        }
        guard let config else {
            throw ExitStatus.usage.because("say which proxy: --admin URL (the proxy prints it) or --config FILE")
        }
        let configuration = try ProxySettings.read(config)
        guard configuration.admin.port != 0 else {
            throw ExitStatus.usage.because(
                "\(config) lets the system choose the admin port: give the one that the proxy printed, by --admin")
        }
        return configuration.admin.url(isTLS: configuration.adminSettings.tls != nil)
    }

    /// Asks the admin port.
    ///
    /// - Throws: the exit status of a refusal: 1 when the rollout's rules say no, 64 when the order can't be understood, 69 when nobody
    ///   answers, 77 when the token does not suffice.
    func ask(_ method: String, _ path: String, body: [UInt8] = []) async throws -> [UInt8] {
        let address = try url()
        let client = OutboundClient()
        defer { client.close() }
        let headers = try (body.isEmpty ? [] : [("Content-Type", "application/json")]) + token.headers()
        var request = OutboundRequest(method: method, url: address + path, headers: headers, body: body, timeoutMs: 30_000)
        request.tls = OutboundTLS(authorities: authorities, certificate: certificate, privateKey: privateKey)
        let answer: OutboundAnswer
        do { answer = try await client.send(request) } catch {
            throw ExitStatus.unavailable.because("the proxy does not answer on \(address): \(error.sentence)")
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

    private struct ProblemBody: Decodable { var detail: String }

    static func detail(_ body: [UInt8]) -> String {
        (try? JSONDecoder().decode(ProblemBody.self, from: Data(body)))?.detail
            ?? String(decoding: body.prefix(500), as: UTF8.self)
    }
}
