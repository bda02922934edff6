/// Why something of the state directory can't be used: one sentence that names it and the mend.
public struct StateError: Error, Sendable, Hashable, CustomStringConvertible {
    public enum Code: String, Sendable, CaseIterable {
        /// Written by a newer version.
        case newerSchema
        /// Not what it should be: another size, another kind of file.
        case damaged
        /// Another process holds the state directory.
        case inUse
        case missing
        /// The disk or its permissions refused.
        case unwritable
        /// A bound of the store was reached.
        case full
        /// The store was closed.
        case closed
    }

    public var code: Code
    public var sentence: String

    public init(_ code: Code, _ sentence: String) {
        self.code = code
        self.sentence = sentence
    }

    public var description: String { sentence }
}
