import Foundation
import Synchronization

/// Standard output shared by lines that stay and one line that is rewritten in place (a progress bar, a live summary).
///
/// Where standard output is no terminal, there is no live line and no colour.
final class Screen: Sendable {
    static let standard = Screen()

    let isTerminal: Bool
    let isColoured: Bool
    private let live = Mutex("")

    init() {
        isTerminal = isatty(STDOUT_FILENO) == 1
        let environment = ProcessInfo.processInfo.environment
        isColoured = isTerminal && environment["NO_COLOR", default: ""].isEmpty && environment["TERM"] != "dumb"
    }

    /// Columns; 100 where there is no terminal.
    var width: Int {
        guard isTerminal else { return 100 }
        var size = winsize()
        guard ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 20 else { return 80 }
        return Int(size.ws_col)
    }

    /// Writes text that stays, ended by a line feed, above the live line.
    func print(_ text: String = "") {
        live.withLock { line in
            let clear = line.isEmpty ? "" : "\r\u{1B}[K"
            Self.write(clear + text + (text.hasSuffix("\n") ? "" : "\n") + line)
        }
    }

    /// Replaces the live line; an empty one takes it away. `text` should be shorter than ``width``, as it is not cut.
    func showLive(_ text: String) {
        guard isTerminal else { return }
        live.withLock { line in
            if line == text { return }
            Self.write("\r\u{1B}[K" + text)
            line = text
        }
    }

    func paint(_ text: String, _ tint: Tint) -> String { isColoured ? "\u{1B}[\(tint.rawValue)m\(text)\u{1B}[0m" : text }

    /// What went wrong or should be known, for people: never mixed with output that a program reads.
    static func complain(_ text: String) { write(text + "\n", to: STDERR_FILENO) }

    private static func write(_ text: String) { write(text, to: STDOUT_FILENO) }

    /// A reader that went away (a closed pipe) is no reason to stop: FileHandle would.
    private static func write(_ text: String, to descriptor: Int32) {
        var text = text
        text.withUTF8 { bytes in
            var rest = UnsafeRawBufferPointer(bytes)
            while let start = rest.baseAddress, !rest.isEmpty {
                let count = Foundation.write(descriptor, start, rest.count)
                if count < 0, errno == EINTR { continue }
                if count <= 0 { return }
                rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(count))
            }
        }
    }
}

/// ANSI colours by what they mean here.
enum Tint: String {
    case good = "32"
    case bad = "1;31"
    case warning = "33"
    case strong = "1"
    case soft = "2"
    case legacy = "34"
    case candidate = "35"
}
