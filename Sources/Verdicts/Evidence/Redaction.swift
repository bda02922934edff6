public import Comparison

/// What is taken out of evidence before it is stored: header values by name, JSON values by path, and whatever of a body lies beyond
/// a bound. A replaced value carries a keyed hash, so that evidence still shows whether both sides said the same.
///
/// Paths and keys (`/v1/accounts/1000-…`) are kept: they are what evidence is found by.
public struct Redaction: Sendable {
    /// `Authorization` and its like: credentials, whatever the service.
    public static let credentials: Set<String> = [
        "authorization", "proxy-authorization", "cookie", "set-cookie", "x-api-key", "www-authenticate", "authentication-info",
    ]
    public static let mark = "redacted"

    private let headers: Set<String>
    private let redactor: JSONRedactor?
    private let bodyBytesMax: Int
    private let keyedHash: (@Sendable ([UInt8]) -> String)?

    /// - Parameters:
    ///   - headers: names in any case, besides `credentials`.
    ///   - paths: JSON values to take out of request and answers. A body that is no JSON is then not stored at all, since nobody can say
    ///     where its secrets stand.
    ///   - bodyBytesMax: what is kept of a body; `wholeBodyBytes` says how long it was.
    ///   - keyedHash: of a value's bytes, as short text; nil replaces by a bare mark.
    public init(
        headers: [String] = [], paths: [PathPattern] = [], bodyBytesMax: Int = 65_536,
        keyedHash: (@Sendable ([UInt8]) -> String)? = nil
    ) {
        self.headers = Self.credentials.union(headers.map { $0.lowercased() })
        self.redactor = paths.isEmpty ? nil : JSONRedactor(paths: paths)
        self.bodyBytesMax = max(0, bodyBytesMax)
        self.keyedHash = keyedHash
    }

    public func applied(to evidence: Evidence) -> Evidence {
        var evidence = evidence
        var secrets: [[UInt8]] = []
        evidence.request.headers = redacted(evidence.request.headers)
        evidence.request.wholeBodyBytes = redact(&evidence.request.body, &secrets) ?? evidence.request.wholeBodyBytes
        evidence.primary = evidence.primary.map { redacted($0, &secrets) }
        evidence.shadow = evidence.shadow.map { redacted($0, &secrets) }
        evidence.differences = evidence.differences.map { redacted($0, secrets) }
        return evidence
    }

    private func redacted(_ answer: RecordedAnswer, _ secrets: inout [[UInt8]]) -> RecordedAnswer {
        var answer = answer
        answer.headers = redacted(answer.headers)
        answer.wholeBodyBytes = redact(&answer.body, &secrets) ?? answer.wholeBodyBytes
        return answer
    }

    private func redacted(_ lines: [[String]]) -> [[String]] {
        lines.map { line in
            guard let name = line.first, line.count == 2, headers.contains(name.lowercased()) else { return line }
            return [name, replacement(Array(line[1].utf8))]
        }
    }

    /// Redacts, then cuts (a cut body is no JSON any more). Returns the whole length when something was left out.
    private func redact(_ body: inout [UInt8], _ secrets: inout [[UInt8]]) -> Int? {
        let whole = body.count
        if let redactor, !body.isEmpty {
            var found: [[UInt8]] = []
            let stored = body.withUnsafeBytes { bytes in
                redactor.redact(bytes) { value in
                    found.append(Array(value))
                    return replacement(Array(value))
                }
            }
            secrets += found
            body = stored ?? []
            if stored == nil { return whole }
        }
        guard body.count > bodyBytesMax else { return nil }
        body = Array(body.prefix(bodyBytesMax))
        return whole
    }

    private func redacted(_ difference: Difference, _ secrets: [[UInt8]]) -> Difference {
        var difference = difference
        if difference.kind == .header {
            let name = difference.path.drop { $0 != ":" }.dropFirst().lowercased()
            guard headers.contains(name) else { return difference }
            difference.primary = difference.primary.map { replacement(Array($0.utf8)) }
            difference.shadow = difference.shadow.map { replacement(Array($0.utf8)) }
            return difference
        }
        if difference.kind == .body, redactor != nil {
            // Text of a whole body: nobody can say what of it is secret.
            difference.primary = difference.primary.map { replacement(Array($0.utf8)) }
            difference.shadow = difference.shadow.map { replacement(Array($0.utf8)) }
            return difference
        }
        difference.primary = difference.primary.map { Self.shows($0, secrets) ? replacement(Array($0.utf8)) : $0 }
        difference.shadow = difference.shadow.map { Self.shows($0, secrets) ? replacement(Array($0.utf8)) : $0 }
        return difference
    }

    /// Whether a difference's value is one of the values taken out, lies within one, or holds one. Errs on the side of silence.
    private static func shows(_ text: String, _ secrets: [[UInt8]]) -> Bool {
        let shown = Array(text.utf8)
        guard let first = shown.first else { return false }
        let isContainer = first == UInt8(ascii: "{") || first == UInt8(ascii: "[")
        return secrets.contains { secret in
            if secret == shown { return true }
            // Differences show at most 256 bytes of a value.
            if shown.count >= 200, secret.starts(with: shown.prefix(200)) { return true }
            let secretIsContainer = secret.first == UInt8(ascii: "{") || secret.first == UInt8(ascii: "[")
            if secretIsContainer, contains(secret, shown) { return true }
            return isContainer && (contains(shown, secret) || shown.count >= 200)
        }
    }

    private static func contains(_ bytes: [UInt8], _ part: [UInt8]) -> Bool {
        guard part.count <= bytes.count else { return false }
        return (0...(bytes.count - part.count)).contains { bytes[$0...].starts(with: part) }
    }

    private func replacement(_ value: [UInt8]) -> String {
        guard let keyedHash else { return Self.mark }
        return "\(Self.mark):\(keyedHash(value))"
    }
}
