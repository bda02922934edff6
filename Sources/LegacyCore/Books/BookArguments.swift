import Foundation
import GRDB

/// The named arguments of one posting. A statement takes those that it names and leaves the others aside.
struct BookArguments: ExpressibleByDictionaryLiteral {
    let values: [String: BookValue]
    /// The same in SQLite's form, made once for all the steps of a posting.
    let sqlite: StatementArguments

    init(_ arguments: [String: any BookBindable]) {
        values = arguments.mapValues(\.bookValue)
        sqlite = StatementArguments(
            values.mapValues { value -> (any DatabaseValueConvertible)? in
                switch value {
                case .integer(let number): number
                case .text(let text): text
                case .bytes(let bytes): Data(bytes)
                case .null: nil
                }
            })
    }

    init(dictionaryLiteral elements: (String, any BookBindable)...) {
        self.init(Dictionary(uniqueKeysWithValues: elements))
    }
}
