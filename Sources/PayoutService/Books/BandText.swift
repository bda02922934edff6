import InterestContract

/// The bands of a schedule as one column: `100000000:20000,-:1000`.
enum BandText {
    static func write(_ bands: [RateBand]) -> String {
        bands.map { ($0.upTo.map { String($0) } ?? "-") + ":" + String($0.ppm) }.joined(separator: ",")
    }

    static func read(_ text: String) throws -> [RateBand] {
        try text.split(separator: ",").map { band in
            let parts = band.split(separator: ":")
            guard parts.count == 2, let ppm = Int64(parts[1]) else { throw BooksDefect("no bands: \(text)") }
            if parts[0] == "-" { return RateBand(upTo: nil, ppm: ppm) }
            guard let upTo = Int64(parts[0]) else { throw BooksDefect("no bands: \(text)") }
            return RateBand(upTo: upTo, ppm: ppm)
        }
    }
}
