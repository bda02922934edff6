import HTTPFraming
import NIOCore

/// How our reading of some bytes stands to NIOHTTP1's.
enum NIOComparison: Equatable {
    case same
    /// We refuse what llhttp takes.
    case stricter(FramingError.Code)
    /// llhttp refuses what we take, for a declared reason.
    case looser(Looser)
    case undeclared(String)

    /// Where llhttp refuses and we do not. None of it moves a message's boundary.
    enum Looser: CaseIterable {
        /// llhttp knows a closed list of methods; RFC 9110 leaves it open, and so must a proxy.
        case methodOutsideItsList
        /// Bytes above 127 in the target, of callers that write their paths in UTF-8 unescaped. They go on byte for byte.
        case unescapedTarget
        /// Bytes behind a message that ends the connection: its owner drops them, not the parser.
        case bytesBehindTheLastMessage
        /// llhttp refuses some lines before they are whole; we wait for the line, or the head, to be whole.
        case lineNotYetWhole
    }

    /// llhttp's list.
    static let methods: Set<String> = [
        "DELETE", "GET", "HEAD", "POST", "PUT", "CONNECT", "OPTIONS", "TRACE", "COPY", "LOCK", "MKCOL", "MOVE", "PROPFIND",
        "PROPPATCH",
        "SEARCH", "UNLOCK", "BIND", "REBIND", "UNBIND", "ACL", "REPORT", "MKACTIVITY", "CHECKOUT", "MERGE", "M-SEARCH", "NOTIFY",
        "SUBSCRIBE", "UNSUBSCRIBE", "PATCH", "PURGE", "MKCALENDAR", "LINK", "UNLINK", "SOURCE",
    ]

    init(_ bytes: [UInt8]) {
        let ours = readRequests([bytes])
        let theirs = NIOReading(bytes)
        let whole = ours.messages.filter(\.isWhole).map(\.repaired)
        let common = theirs.messages.map(\.repaired)
        if whole == common, (ours.refusal != nil) == theirs.isRefused {
            self = .same
        } else if let code = ours.refusal, common.starts(with: whole) {
            self = .stricter(code)
        } else if ours.refusal == nil, theirs.isRefused, whole.starts(with: common) {
            self = NIOComparison.reason(ours, after: common.count).map { .looser($0) } ?? .undeclared("\(ours) against \(theirs)")
        } else if let code = ours.refusal, theirs.isRefused, whole.starts(with: common),
            NIOComparison.reason(ours, after: common.count) != nil
        {
            // Both refuse, llhttp one message earlier.
            self = NIOComparison.reason(ours, after: common.count).map { .looser($0) } ?? .stricter(code)
        } else {
            self = .undeclared("\(ours) against \(theirs)")
        }
    }

    /// Why llhttp may have stopped after that many messages.
    private static func reason(_ ours: Transcript<ReadRequest>, after count: Int) -> Looser? {
        if count > 0, ours.messages[count - 1].endsConnection { return .bytesBehindTheLastMessage }
        guard count < ours.messages.count else { return ours.pendingBytes > 0 ? .lineNotYetWhole : nil }
        let next = ours.messages[count]
        if !methods.contains(next.method) { return .methodOutsideItsList }
        if next.target.utf8.contains(where: { $0 > 127 }) { return .unescapedTarget }
        return !next.isWhole && ours.pendingBytes > 0 ? .lineNotYetWhole : nil
    }
}

extension ReadRequest {
    /// As NIOHTTP1 shows it: text repaired to UTF-8, and white space at the end of a value, which it keeps in part, taken away.
    var repaired: ReadRequest {
        func repair(_ text: String) -> String {
            var bytes = text.unicodeScalars.map { UInt8(truncatingIfNeeded: $0.value) }
            while let last = bytes.last, last == 0x20 || last == 0x09 { bytes.removeLast() }
            return String(decoding: bytes, as: UTF8.self)
        }
        var copy = self
        copy.target = repair(target)
        copy.fields = fields.map { $0.map(repair) }
        return copy
    }

    var endsConnection: Bool {
        let words = fields.filter { $0[0].lowercased() == "connection" }
            .flatMap { $0[1].lowercased().split(separator: ",").map { $0.filter { $0 != " " && $0 != "\t" } } }
        return words.contains("close") || (minorVersion == 0 && !words.contains("keep-alive"))
    }
}
