public import Verdicts

/// `curl` lines that show the incident again on both sides: a read is asked again at the same instant; a write is sent with its
/// idempotency key, so that each side answers what it has stored and does nothing twice. A write without one has no such line.
public struct ReproducingCommand: Sendable {
    public let legacy: String?
    public let candidate: String?

    public init(evidence: Evidence, settings: AlertSettings) {
        let request = evidence.request
        let isSafe = request.method == "GET" || request.method == "HEAD"
        let hasKey = request.headers.contains { $0.first?.lowercased() == "idempotency-key" }
        guard isSafe || hasKey else {
            legacy = nil
            candidate = nil
            return
        }
        // Without -g, curl takes brackets and braces in the target for a list of targets.
        var words = ["curl -sS -g --path-as-is"]
        if request.method == "HEAD" {
            words.append("-I")
        } else if request.method != "GET" {
            words.append("-X " + ReproducingCommand.word(request.method))
        }
        var hasInstant = false
        for header in request.headers where header.count == 2 {
            let name = header[0].lowercased()
            guard !ReproducingCommand.omitted.contains(name), !name.hasPrefix("x-forwarded-"),
                !settings.secretHeaders.contains(name)
            else {
                continue
            }
            if name == "x-request-time" { hasInstant = true }
            words.append("-H " + ReproducingCommand.quoted("\(header[0]): \(header[1])"))
        }
        if !hasInstant, !request.instant.isEmpty {
            words.append("-H " + ReproducingCommand.quoted("X-Request-Time: \(request.instant)"))
        }
        if !request.body.isEmpty {
            // Not --data-binary: a caller's body that begins with @ would send a file of whoever runs the command.
            words.append("--data-raw " + ReproducingCommand.quoted(String(decoding: request.body, as: UTF8.self)))
        }
        let start = words.joined(separator: " ")
        legacy = start + " " + ReproducingCommand.quoted(settings.legacyURL + request.target)
        candidate = start + " " + ReproducingCommand.quoted(settings.candidateURL + request.target)
    }

    /// Headers that curl writes itself, or that only the way through the proxy added.
    private static let omitted: Set<String> = [
        "host", "content-length", "connection", "transfer-encoding", "via", "traceparent", "tracestate", "expect",
        "x-shadow-mode",
        "user-agent", "accept-encoding",
    ]

    /// A method, quoted if need be: `|` and the backtick may stand in one.
    private static func word(_ text: String) -> String {
        text.utf8.allSatisfy { (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0) } ? text : quoted(text)
    }

    /// For a POSIX shell: in single quotes, nothing inside has a meaning but the quote itself. Control characters are dropped,
    /// for a terminal that the line is pasted into gives them one.
    static func quoted(_ text: String) -> String {
        var result = "'"
        for scalar in text.unicodeScalars {
            if scalar == "'" {
                result += "'\\''"
            } else if scalar.value >= 0x20, scalar.value != 0x7F, !(0x80...0x9F).contains(scalar.value) {
                result.unicodeScalars.append(scalar)
            }
        }
        return result + "'"
    }
}
