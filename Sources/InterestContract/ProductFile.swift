import Yams

extension ProductCatalogue {
    /// Reads `products.yaml`:
    ///
    ///     TIER-100:
    ///       - since: 2020-01-01
    ///         bands:
    ///           - { upTo: 100000000, ppm: 20000 }
    ///           - { ppm: 1000 }
    ///
    /// Schedules are sorted by date; two of the same date are refused.
    public init(yaml text: String) throws(Problem) {
        let root: Node?
        do { root = try Yams.compose(yaml: text) } catch { throw Problem(.malformedRequest, "products: no YAML: \(error)") }
        guard let products = root?.mapping else {
            throw Problem(.malformedRequest, "products: a mapping of product codes is expected")
        }
        var schedules: [String: [RateSchedule]] = [:]
        for (name, list) in products {
            guard let code = name.string, WireRequests.isIdentifier(code) else {
                throw ProductCatalogue.complaint(name, "a product code of letters, digits and `-` is expected")
            }
            guard schedules[code] == nil else { throw ProductCatalogue.complaint(name, "\(code) stands twice") }
            guard let items = list.sequence, !items.isEmpty else {
                throw ProductCatalogue.complaint(list, "\(code) must have a list of schedules")
            }
            var read: [RateSchedule] = []
            for item in items { read.append(try ProductCatalogue.schedule(item, of: code)) }
            read.sort { $0.since < $1.since }
            guard Set(read.map(\.since)).count == read.count else {
                throw ProductCatalogue.complaint(list, "\(code) has two schedules of one date")
            }
            schedules[code] = read
        }
        self.init(schedules: schedules)
    }

    private static func complaint(_ node: Node, _ text: String) -> Problem {
        Problem(.malformedRequest, "products" + (node.mark.map { ", line \($0.line)" } ?? "") + ": " + text)
    }

    private static func schedule(_ node: Node, of code: String) throws(Problem) -> RateSchedule {
        guard let members = node.mapping, let since = members["since"]?.scalar.flatMap({ CivilDate($0.string) }),
            let bands = members["bands"]?.sequence, members.count == 2
        else { throw complaint(node, "a schedule of \(code) has exactly `since` (a date) and `bands` (a list)") }
        var read: [RateBand] = []
        for band in bands {
            guard let members = band.mapping, let ppm = members["ppm"]?.scalar.flatMap({ Int64($0.string) }),
                members.allSatisfy({ $0.key.string == "ppm" || $0.key.string == "upTo" })
            else { throw complaint(band, "a band of \(code) has `ppm`, and `upTo` unless it is the last") }
            let upTo = members["upTo"]?.scalar.flatMap { Int64($0.string) }
            guard members["upTo"] == nil || upTo != nil else { throw complaint(band, "`upTo` must be a whole number of won") }
            read.append(RateBand(upTo: upTo, ppm: ppm))
        }
        do { return try RateSchedule(since: since, bands: read) } catch { throw complaint(node, "\(code): " + error.detail) }
    }
}
