import ArgumentParser
import Foundation
import ProxyConfiguration
import ShadowProxy

/// Where a proxy's admin port is, and who asks.
struct AdminPlace: ParsableArguments {
    @Option(help: ArgumentHelp("The proxy's admin port: http://HOST:PORT or https://HOST:PORT.", valueName: "URL"))
    var admin: String?

    @Option(help: ArgumentHelp("The proxy's configuration, which names it.", valueName: "FILE"))
    var config: String?

    @OptionGroup var access: AdminCredentials

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

    /// Asks the admin port, as ``AdminCredentials`` does.
    func ask(_ method: String, _ path: String, body: [UInt8] = []) async throws -> [UInt8] {
        try await access.ask(try url(), method, path, body: body)
    }
}
