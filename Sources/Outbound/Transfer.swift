internal import CCurl
internal import Foundation

/// One easy handle and the request it carries now; used again for the next one, so that a steady load allocates little.
///
/// Owned by the engine's thread; libcurl's callbacks run there too, inside `curl_multi_perform`.
final class Transfer {
    typealias Completion = @Sendable (Result<OutboundAnswer, OutboundError>) -> Void

    static let headBytesMax = 1_048_576

    let easy: UnsafeMutableRawPointer
    private(set) var ticket: UInt64 = 0
    private(set) var completion: Completion?

    private var request = OutboundRequest(url: "")
    private var startedNanoseconds: UInt64 = 0
    private var headerList: UnsafeMutablePointer<curl_slist>?
    private var bodyStorage = UnsafeMutableRawBufferPointer(start: nil, count: 0)

    private var status = 0
    private var headers: [(String, String)] = []
    private var headBytes = 0
    private var headComplete = false
    private var body: [UInt8] = []
    private var bodyBytes = 0
    private var tooLarge = false
    private var forbiddenAddress = false

    init?() {
        guard let handle = curl_easy_init() else { return nil }
        easy = handle
    }

    deinit {
        curl_easy_cleanup(easy)
        curl_slist_free_all(headerList)
        bodyStorage.deallocate()
    }

    /// Takes a request; nil when libcurl accepted every option, else why it can't be sent.
    func prepare(
        _ request: OutboundRequest, ticket: UInt64, startedNanoseconds: UInt64, completion: @escaping Completion
    ) -> OutboundError? {
        self.request = request
        self.ticket = ticket
        self.startedNanoseconds = startedNanoseconds
        self.completion = completion
        return configure()
    }

    /// Lets the request go and keeps the handle for the next.
    func release() {
        completion = nil
        request = OutboundRequest(url: "")
        curl_easy_reset(easy)
        curl_slist_free_all(headerList)
        headerList = nil
        status = 0
        headers = []
        headBytes = 0
        headComplete = false
        body = []
        bodyBytes = 0
        tooLarge = false
        forbiddenAddress = false
    }

    func result(of code: CURLcode) -> Result<OutboundAnswer, OutboundError> {
        let isEnough = request.dropsAnswerBody && tooLarge && headComplete
        guard code == CURLE_OK || isEnough else { return .failure(failure(code)) }
        let elapsed = Int((DispatchTime.now().uptimeNanoseconds - startedNanoseconds) / 1_000)
        return .success(OutboundAnswer(status: status, headers: headers, body: body, totalMicroseconds: elapsed))
    }

    // MARK: Options

    private func configure() -> OutboundError? {
        if let problem = RequestCheck.problem(in: request) { return OutboundError(.badURL, problem) }
        var accepted = true
        func set(_ code: CURLcode) { accepted = accepted && code == CURLE_OK }

        set(ccurl_set_text(easy, CURLOPT_URL, request.url))
        set(ccurl_set_text(easy, CURLOPT_PROTOCOLS_STR, "http,https"))
        set(ccurl_set_text(easy, CURLOPT_PROXY, ""))
        if let path = request.tls.authorities { set(ccurl_set_text(easy, CURLOPT_CAINFO, path)) }
        if let path = request.tls.certificate { set(ccurl_set_text(easy, CURLOPT_SSLCERT, path)) }
        if let path = request.tls.privateKey { set(ccurl_set_text(easy, CURLOPT_SSLKEY, path)) }
        set(ccurl_set_long(easy, CURLOPT_NOSIGNAL, 1))
        set(ccurl_set_long(easy, CURLOPT_FOLLOWLOCATION, 0))
        set(ccurl_set_long(easy, CURLOPT_PATH_AS_IS, 1))
        set(ccurl_set_long(easy, CURLOPT_TCP_NODELAY, 1))
        set(ccurl_set_long(easy, CURLOPT_HTTP_VERSION, Int(CURL_HTTP_VERSION_1_1)))
        set(ccurl_set_long(easy, CURLOPT_TIMEOUT_MS, max(1, request.timeoutMs)))
        set(ccurl_set_long(easy, CURLOPT_CONNECTTIMEOUT_MS, max(1, request.connectTimeoutMs)))
        if request.addressPolicy != .any {
            // A pooled connection was checked against another request's policy: never share one.
            set(ccurl_set_long(easy, CURLOPT_FRESH_CONNECT, 1))
            set(ccurl_set_long(easy, CURLOPT_FORBID_REUSE, 1))
        }

        let context = Unmanaged.passUnretained(self).toOpaque()
        set(ccurl_set_pointer(easy, CURLOPT_PRIVATE, context))
        set(ccurl_set_bytes_callback(easy, CURLOPT_WRITEFUNCTION, takeBodyBytes))
        set(ccurl_set_pointer(easy, CURLOPT_WRITEDATA, context))
        set(ccurl_set_bytes_callback(easy, CURLOPT_HEADERFUNCTION, takeHeaderLine))
        set(ccurl_set_pointer(easy, CURLOPT_HEADERDATA, context))
        set(ccurl_set_socket_callback(easy, CURLOPT_OPENSOCKETFUNCTION, openSocket))
        set(ccurl_set_pointer(easy, CURLOPT_OPENSOCKETDATA, context))

        set(setMethodAndBody())
        set(setHeaders())
        return accepted ? nil : OutboundError(.other, "libcurl refused an option for \(request.url).")
    }

    private func setMethodAndBody() -> CURLcode {
        let method = request.method
        if method == "HEAD" { return ccurl_set_long(easy, CURLOPT_NOBODY, 1) }
        let framesEmptyBody = method == "POST" || method == "PUT" || method == "PATCH"
        if request.body.isEmpty && !framesEmptyBody {
            let code = ccurl_set_long(easy, CURLOPT_HTTPGET, 1)
            guard code == CURLE_OK, method != "GET" else { return code }
            return ccurl_set_text(easy, CURLOPT_CUSTOMREQUEST, method)
        }
        if bodyStorage.count < max(1, request.body.count) {
            bodyStorage.deallocate()
            bodyStorage = .allocate(byteCount: max(1_024, request.body.count), alignment: 16)
        }
        bodyStorage.copyBytes(from: request.body)
        for code in [
            ccurl_set_long(easy, CURLOPT_POST, 1),
            ccurl_set_size(easy, CURLOPT_POSTFIELDSIZE_LARGE, curl_off_t(request.body.count)),
            ccurl_set_pointer(easy, CURLOPT_POSTFIELDS, bodyStorage.baseAddress),
            ccurl_set_text(easy, CURLOPT_CUSTOMREQUEST, method),
        ] where code != CURLE_OK { return code }
        return CURLE_OK
    }

    private func setHeaders() -> CURLcode {
        var given: Set<String> = []
        for (name, value) in request.headers {
            let lowercase = name.lowercased()
            guard !["content-length", "transfer-encoding", "expect"].contains(lowercase) else { continue }
            given.insert(lowercase)
            // `Name;` is libcurl's way of sending a header without a value; `Name:` would take it out.
            let blank = value.allSatisfy { $0 == " " || $0 == "\t" }
            guard append(blank ? "\(name);" : "\(name): \(value)") else { return CURLE_OUT_OF_MEMORY }
        }
        guard append("Expect:") else { return CURLE_OUT_OF_MEMORY }
        for name in ["Accept", "Content-Type"] where !given.contains(name.lowercased()) {
            guard append("\(name):") else { return CURLE_OUT_OF_MEMORY }
        }
        return ccurl_set_list(easy, CURLOPT_HTTPHEADER, headerList)
    }

    private func append(_ line: String) -> Bool {
        guard let list = curl_slist_append(headerList, line) else { return false }
        headerList = list
        return true
    }

    // MARK: What libcurl reports

    func takeBody(_ bytes: UnsafeRawBufferPointer) -> Bool {
        guard bytes.count <= request.answerBytesMax - bodyBytes else {
            tooLarge = true
            return false
        }
        bodyBytes += bytes.count
        if request.dropsAnswerBody { return true }
        body.append(contentsOf: bytes)
        return true
    }

    func takeHeader(_ bytes: UnsafeRawBufferPointer) -> Bool {
        headBytes += bytes.count
        guard headBytes <= Self.headBytesMax else {
            tooLarge = true
            return false
        }
        var line = bytes[...]
        while let last = line.last, last == UInt8(ascii: "\n") || last == UInt8(ascii: "\r") { line = line.dropLast() }
        if line.starts(with: Array("HTTP/".utf8)) && !headComplete {
            headers.removeAll(keepingCapacity: true)
            let fields = line.split(separator: UInt8(ascii: " "), maxSplits: 2)
            status = fields.count > 1 ? Int(String(decoding: fields[1], as: UTF8.self)) ?? 0 : 0
        } else if line.isEmpty {
            headComplete = status >= 200
        } else if !headComplete, let colon = line.firstIndex(of: UInt8(ascii: ":")) {
            let blank: (UInt8) -> Bool = { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }
            var value = line[(colon + 1)...].drop(while: blank)
            while let last = value.last, blank(last) { value = value.dropLast() }
            headers.append((String(decoding: line[..<colon], as: UTF8.self), String(decoding: value, as: UTF8.self)))
        }
        return true
    }

    func open(_ address: UnsafeMutablePointer<curl_sockaddr>) -> curl_socket_t {
        let allowed = withUnsafePointer(to: &address.pointee.addr) { pointer in
            SocketAddress(pointer).map(request.addressPolicy.allows) ?? false
        }
        guard allowed else {
            forbiddenAddress = true
            return -1
        }
        let type = address.pointee.socktype | Int32(SOCK_CLOEXEC.rawValue)
        return socket(address.pointee.family, type, address.pointee.`protocol`)
    }

    private func failure(_ code: CURLcode) -> OutboundError {
        if tooLarge {
            return OutboundError(
                .answerTooLarge, "The answer of \(request.url) is beyond \(request.answerBytesMax) bytes; it was not kept.")
        }
        let refused = code == CURLE_COULDNT_CONNECT
        if refused && forbiddenAddress {
            return OutboundError(
                .addressForbidden, "\(request.url) leads to an address that this request may not connect to; nothing was sent.")
        }
        let reason = String(cString: curl_easy_strerror(code))
        return OutboundError(ErrorCodes.code(of: code), "\(request.method) \(request.url) failed: \(reason).")
    }
}

private func transfer(_ context: UnsafeMutableRawPointer?) -> Transfer? {
    context.map { Unmanaged<Transfer>.fromOpaque($0).takeUnretainedValue() }
}

private func takeBodyBytes(
    bytes: UnsafeMutablePointer<CChar>?, size: Int, count: Int, context: UnsafeMutableRawPointer?
) -> Int {
    let buffer = UnsafeRawBufferPointer(start: bytes, count: size * count)
    return transfer(context)?.takeBody(buffer) == true ? buffer.count : -1
}

private func takeHeaderLine(
    bytes: UnsafeMutablePointer<CChar>?, size: Int, count: Int, context: UnsafeMutableRawPointer?
) -> Int {
    let buffer = UnsafeRawBufferPointer(start: bytes, count: size * count)
    return transfer(context)?.takeHeader(buffer) == true ? buffer.count : -1
}

private func openSocket(
    context: UnsafeMutableRawPointer?, purpose: curlsocktype, address: UnsafeMutablePointer<curl_sockaddr>?
) -> curl_socket_t {
    guard let address, let transfer = transfer(context) else { return -1 }
    return transfer.open(address)
}
