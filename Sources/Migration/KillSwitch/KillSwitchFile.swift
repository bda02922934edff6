internal import Foundation

/// The kill switch as a file: that it is there throws the switch, whatever it holds. At three in the morning `touch` is enough.
///
/// ```
/// schema: 1
/// who: kim
/// why: payouts differ
/// when: 2026-03-02T01:02:03.004Z
/// release: lee at 2026-03-02T05:00:00.000Z
/// ```
///
/// Nothing in it can undo the switch: a file that can't be read, is empty or is of a newer schema is a thrown switch as well.
public enum KillSwitchFile {
    /// Nil when there is no file, and only then.
    public static func read(path: String) -> KillSwitch? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            let code = errno
            // A path through something that is no directory has no file either, but nobody meant that: it counts as thrown.
            if code == ENOENT { return nil }
            return KillSwitch(
                thrownBy: "unknown", reason: "\(path) is there and can't be read: \(String(cString: strerror(code)))", at: nil)
        }
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: 65_536)
        let count = Foundation.read(descriptor, &bytes, bytes.count)
        guard count >= 0 else {
            return KillSwitch(
                thrownBy: "unknown", reason: "\(path) is there and can't be read: \(String(cString: strerror(errno)))", at: nil)
        }
        return parse(String(decoding: bytes.prefix(count), as: UTF8.self))
    }

    /// Never fails. Lines that say nothing known are passed over; two releases in the text do not release.
    public static func parse(_ text: String) -> KillSwitch {
        var fields: [String: String] = [:]
        var releases: [(String, Instant)] = []
        for line in text.split(whereSeparator: \.isNewline) {
            let parts = line.split(separator: ":", maxSplits: 1).map { $0.trimmingCharacters(in: .whitespaces) }
            guard parts.count == 2, !parts[1].isEmpty else { continue }
            if parts[0] == "release" {
                let words = parts[1].components(separatedBy: " at ")
                releases.append((words[0], words.last.flatMap(instant) ?? Instant(milliseconds: 0)))
            } else if fields[parts[0]] == nil {
                fields[parts[0]] = parts[1]
            }
        }
        var kill = KillSwitch(
            thrownBy: fields["who"] ?? "unknown", reason: fields["why"] ?? "no reason was given",
            at: fields["when"].flatMap(instant))
        if let (name, at) = releases.first { _ = kill.release(by: name, at: at) }
        return kill
    }

    /// The file's text. Line breaks within a value become spaces: nobody can add a line by his name.
    public static func encode(_ kill: KillSwitch) -> String {
        var lines = ["schema: \(KillSwitch.schema)", "who: \(oneLine(kill.thrownBy))", "why: \(oneLine(kill.reason))"]
        if let at = kill.at { lines.append("when: \(at)") }
        lines += kill.releases.map { "release: \(oneLine($0.name)) at \($0.at)" }
        return lines.joined(separator: "\n") + "\n"
    }

    private static func oneLine(_ text: String) -> String {
        text.split(whereSeparator: \.isNewline).joined(separator: " ")
    }

    private static func instant(_ text: String) -> Instant? {
        let format = Date.ISO8601FormatStyle(includingFractionalSeconds: text.contains("."))
        guard let date = try? format.parse(text) else { return nil }
        return Instant(milliseconds: Int64((date.timeIntervalSince1970 * 1_000).rounded()))
    }
}
