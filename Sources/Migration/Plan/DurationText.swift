/// Lengths of time in words.
enum DurationText {
    /// `2 d 3 h`, `4 min 5 s`: the two largest units, milliseconds rounded up to the second.
    static func words(milliseconds: Int64) -> String {
        let seconds = (milliseconds + 999) / 1_000
        let parts = [(seconds / 86_400, "d"), (seconds / 3_600 % 24, "h"), (seconds / 60 % 60, "min"), (seconds % 60, "s")]
        let shown = parts.drop { $0.0 == 0 }.prefix(2).filter { $0.0 > 0 }
        return shown.isEmpty ? "0 s" : shown.map { "\($0.0) \($0.1)" }.joined(separator: " ")
    }
}
