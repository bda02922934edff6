internal import CCurl

/// What a request may not contain, checked before libcurl sees it: a line break in a header would become a header of its own.
enum RequestCheck {
    static func problem(in request: OutboundRequest) -> String? {
        let scheme = request.url.prefix(8).lowercased()
        guard scheme.hasPrefix("http://") || scheme == "https://" else {
            return "\(request.url.debugDescription) is no http:// or https:// URL."
        }
        guard !request.url.utf8.contains(where: { $0 <= 0x20 || $0 == 0x7F }) else {
            return "\(request.url.debugDescription) holds a space or control character; percent-encode it."
        }
        guard isToken(request.method) else { return "\(request.method.debugDescription) is no HTTP method." }
        for (name, value) in request.headers {
            guard isToken(name) else { return "\(name.debugDescription) is no header name." }
            guard !value.utf8.contains(where: { $0 == 0x0A || $0 == 0x0D || $0 == 0 }) else {
                return "The value of header \(name) holds a line break or NUL."
            }
        }
        return nil
    }

    private static func isToken(_ text: String) -> Bool {
        !text.isEmpty
            && text.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "a")...UInt8(ascii: "z"):
                    true
                default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
                }
            }
    }
}

/// libcurl's results as our closed codes.
enum ErrorCodes {
    static func code(of result: CURLcode) -> OutboundError.Code {
        switch result {
        case CURLE_COULDNT_CONNECT: .refused
        case CURLE_OPERATION_TIMEDOUT: .timedOut
        case CURLE_COULDNT_RESOLVE_HOST: .unresolvable
        case CURLE_SEND_ERROR, CURLE_RECV_ERROR, CURLE_GOT_NOTHING, CURLE_PARTIAL_FILE: .reset
        case CURLE_URL_MALFORMAT: .badURL
        case CURLE_SSL_CONNECT_ERROR, CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CERTPROBLEM, CURLE_SSL_CIPHER,
            CURLE_SSL_CACERT_BADFILE, CURLE_SSL_SHUTDOWN_FAILED, CURLE_SSL_ISSUER_ERROR, CURLE_SSL_PINNEDPUBKEYNOTMATCH,
            CURLE_SSL_INVALIDCERTSTATUS, CURLE_SSL_ENGINE_INITFAILED, CURLE_SSL_CLIENTCERT:
            .tls
        default: .other
        }
    }
}
