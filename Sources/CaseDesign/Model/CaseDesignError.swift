/// Why a model can't be read or rows can't be made of it: one sentence that names the thing and the mend.
public struct CaseDesignError: Error, Sendable, Hashable, CustomStringConvertible {
    public enum Kind: Sendable, Hashable {
        /// The text is not a model.
        case syntax
        /// No row keeps every constraint.
        case unsatisfiable
        /// A seed names what is not there or breaks a constraint.
        case seed
        /// It would take longer than the bound that was given.
        case timeout
        /// More rows or combinations than are held.
        case tooLarge
    }

    public var kind: Kind
    /// The file's name as it was given; empty when the error is not of one place.
    public var file: String
    /// From 1; 0 when the error is not of one place.
    public var line: Int
    /// From 1, in Unicode scalars.
    public var column: Int
    public var message: String

    public init(_ kind: Kind, _ message: String, file: String = "", line: Int = 0, column: Int = 0) {
        self.kind = kind
        self.message = message
        self.file = file
        self.line = line
        self.column = column
    }

    /// `model.pict:12:5: …`, which editors jump to.
    public var description: String {
        let place = line > 0 ? "\(file.isEmpty ? "" : "\(file):")\(line):\(column): " : (file.isEmpty ? "" : "\(file): ")
        return place + message
    }
}
