import ArgumentParser

/// A length of time on the command line: `500ms`, `30s`, `2m`, or plain seconds.
struct Span: ExpressibleByArgument {
    let milliseconds: Int

    init(milliseconds: Int) { self.milliseconds = milliseconds }

    init?(argument: String) {
        let units = [("ms", 1), ("s", 1_000), ("m", 60_000), ("", 1_000)]
        guard let (suffix, factor) = units.first(where: { argument.hasSuffix($0.0) }),
            let number = Int(argument.dropLast(suffix.count)), (0...1_000_000_000).contains(number)
        else { return nil }
        milliseconds = number * factor
    }

    var defaultValueDescription: String { milliseconds % 1_000 == 0 ? "\(milliseconds / 1_000)s" : "\(milliseconds)ms" }
}
