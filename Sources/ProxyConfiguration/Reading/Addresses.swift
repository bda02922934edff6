public import ShadowProxy

/// Why an address can't be used: one sentence.
public struct AddressError: Error, Hashable, CustomStringConvertible {
    public var description: String
}

/// Where a side is, and whether it is spoken to over TLS.
public struct SideAddress: Sendable, Hashable {
    public var endpoint: Endpoint
    public var isTLS: Bool
}

/// Addresses as they are written in files and on the command line.
public enum Addresses {
    /// `127.0.0.1:7000`, `[::1]:7000`, `localhost:0`.
    public static func endpoint(_ text: String) throws(AddressError) -> Endpoint {
        if text.contains("://") { throw AddressError(description: "found `\(text)`; here stands HOST:PORT, without a scheme") }
        let host: Substring
        let port: Substring
        if text.hasPrefix("[") {
            guard let close = text.firstIndex(of: "]"), text[text.index(after: close)...].hasPrefix(":") else {
                throw AddressError(description: "found `\(text)`; an IPv6 address is written `[::1]:7000`")
            }
            host = text[text.index(after: text.startIndex)..<close]
            port = text[text.index(close, offsetBy: 2)...]
        } else {
            guard let colon = text.lastIndex(of: ":") else {
                throw AddressError(description: "found `\(text)`; the port is missing: HOST:PORT, as `127.0.0.1:7000`")
            }
            host = text[..<colon]
            port = text[text.index(after: colon)...]
            if host.contains(":") { throw AddressError(description: "found `\(text)`; an IPv6 address is written `[::1]:7000`") }
        }
        guard !host.isEmpty, host.utf8.allSatisfy(isHostByte) else {
            throw AddressError(description: "found `\(text)`; `\(host)` is not a host name or address")
        }
        guard port.count <= 5, port.utf8.allSatisfy({ $0 &- 0x30 < 10 }), let number = Int(port), number <= 65_535 else {
            throw AddressError(description: "found `\(text)`; `\(port)` is not a port: 0 … 65535")
        }
        return Endpoint(host: String(host), port: number)
    }

    /// `http://127.0.0.1:7100`, `https://bank.example:443`: a side is a host and a port, for paths are passed on untouched.
    public static func side(_ text: String) throws(AddressError) -> SideAddress {
        let scheme = ["https://", "http://"].first(where: text.lowercased().hasPrefix)
        guard let scheme else {
            throw AddressError(description: "found `\(text)`; a side is written `http://HOST:PORT` or `https://HOST:PORT`")
        }
        var rest = String(text.dropFirst(scheme.count))
        if rest.hasSuffix("/") { rest.removeLast() }
        if rest.contains("@") {
            throw AddressError(description: "found `\(text)`; names and passwords can't stand in a side's address")
        }
        if rest.contains(where: { "/?#".contains($0) }) {
            throw AddressError(
                description:
                    "found `\(text)`; a side is `\(scheme)HOST:PORT` alone: the path of each request is passed on untouched")
        }
        let endpoint = try endpoint(rest)
        if endpoint.port == 0 { throw AddressError(description: "found `\(text)`; a side's port is 1 … 65535") }
        return SideAddress(endpoint: endpoint, isTLS: scheme == "https://")
    }

    /// `https://host/path` or `http://…`: where a webhook is delivered.
    static func webhook(_ text: String) throws(AddressError) -> String {
        let lower = text.lowercased()
        guard let scheme = ["https://", "http://"].first(where: lower.hasPrefix) else {
            throw AddressError(description: "found `\(text)`; a webhook's address begins with `https://` or `http://`")
        }
        let authority = text.dropFirst(scheme.count).prefix { !"/?#".contains($0) }
        if authority.contains("@") {
            throw AddressError(
                description: "a name or password stands in the webhook's address; use the signature (`secret`) instead")
        }
        guard !authority.isEmpty, !authority.hasPrefix(":") else {
            throw AddressError(description: "found `\(text)`; the host is missing")
        }
        guard text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
            throw AddressError(description: "found `\(text)`; white space and characters beyond ASCII are written as %XX")
        }
        return text
    }

    private static func isHostByte(_ byte: UInt8) -> Bool {
        byte &- 0x30 < 10 || (byte | 0x20) &- 0x61 < 26
            || [UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: ":")].contains(byte)
    }
}
