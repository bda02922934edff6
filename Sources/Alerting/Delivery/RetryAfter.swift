import Foundation

/// `Retry-After`: seconds, or an HTTP date.
enum RetryAfter {
    static func seconds(_ text: String?, nowMicroseconds: Int64) -> Int64? {
        guard let text = text?.trimmingCharacters(in: .whitespaces), !text.isEmpty else { return nil }
        if let seconds = Int64(text) { return seconds >= 0 ? seconds : nil }
        let format = DateFormatter()
        format.locale = Locale(identifier: "en_US_POSIX")
        format.timeZone = TimeZone(secondsFromGMT: 0)
        format.dateFormat = "EEE, dd MMM yyyy HH:mm:ss zzz"
        guard let date = format.date(from: text) else { return nil }
        return max(0, Int64(date.timeIntervalSince1970.rounded(.up)) - nowMicroseconds / 1_000_000)
    }
}
