/// One slice of a balance and the rate it earns.
public struct RateBand: Sendable, Hashable {
    /// The band's upper end in won, included; nil for the last band.
    public var upTo: Int64?
    /// Parts per million per year: 2 % is 20 000.
    public var ppm: Int64

    public init(upTo: Int64?, ppm: Int64) {
        self.upTo = upTo
        self.ppm = ppm
    }
}

/// The bands in force from a date on, until a later schedule begins.
public struct RateSchedule: Sendable, Hashable {
    public var since: CivilDate
    public var bands: [RateBand]

    /// Refuses what is no schedule: no band, an end that does not rise, an open band before the last, a last band with an end,
    /// a rate outside 0 … 1 000 000 ppm.
    public init(since: CivilDate, bands: [RateBand]) throws(Problem) {
        var floor: Int64 = 0
        for (index, band) in bands.enumerated() {
            let isLast = index == bands.count - 1
            if let upTo = band.upTo {
                guard !isLast, upTo > floor else {
                    throw Problem(
                        .malformedRequest, "band \(index + 1): `upTo` must rise from band to band, and the last band has none")
                }
                floor = upTo
            } else if !isLast {
                throw Problem(.malformedRequest, "band \(index + 1): only the last band may lack `upTo`")
            }
            guard (0...1_000_000).contains(band.ppm) else {
                throw Problem(.malformedRequest, "band \(index + 1): `ppm` must be 0 … 1 000 000")
            }
        }
        guard !bands.isEmpty else { throw Problem(.malformedRequest, "`bands` must hold at least one band") }
        self.since = since
        self.bands = bands
    }
}

/// Product code → schedules, by rising date. A day before the first schedule earns nothing.
public struct ProductCatalogue: Sendable, Hashable {
    public var schedules: [String: [RateSchedule]]

    public init(schedules: [String: [RateSchedule]]) { self.schedules = schedules }
}
