/// Everything that is wrong with a configuration file, so that it is mended in one go.
public struct ConfigurationError: Error, Sendable, CustomStringConvertible {
    public var problems: [ConfigurationProblem]

    public init(problems: [ConfigurationProblem]) { self.problems = problems }

    /// A line for each problem.
    public var description: String { problems.map(\.description).joined(separator: "\n") }
}

/// One thing that is wrong: where it stands, what was found, what is allowed.
public struct ConfigurationProblem: Sendable, Hashable, CustomStringConvertible {
    /// The file's name as it was given.
    public var file: String
    /// From 1; 0 when the problem is with the file as a whole.
    public var line: Int
    /// From 1, in Unicode scalars.
    public var column: Int
    /// `operations[2].compare.rules[0].path`; empty for the file as a whole.
    public var key: String
    /// One sentence.
    public var message: String

    public init(file: String, line: Int, column: Int, key: String, message: String) {
        self.file = file
        self.line = line
        self.column = column
        self.key = key
        self.message = message
    }

    /// `countersign.yaml:12:5: share: found …`, which editors jump to.
    public var description: String {
        (line > 0 ? "\(file):\(line):\(column): " : "\(file): ") + (key.isEmpty ? "" : "\(key): ") + message
    }
}
