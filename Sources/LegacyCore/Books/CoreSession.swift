/// One transaction of the books, as the calls see it: the same statements whichever engine carries them out.
///
/// Statements are written once. They take named arguments, `:account`, name the key where they add to a row that may be there already
/// (`ON CONFLICT(key)`), and say which table's column they mean where both the old and the new row have it.
protocol CoreSession {
    /// The rows of a query.
    func rows(_ sql: String, _ arguments: BookArguments) throws -> [BookRow]

    /// Carries out one INSERT, UPDATE or DELETE.
    ///
    /// - Parameter step: named where at least one row must change; ``StepWithoutEffect`` else.
    func change(_ sql: String, _ arguments: BookArguments, step: String?) throws

    /// Makes a table that lives as long as the connection, if it is not there yet. Written as SQLite takes it.
    func makeTemporary(_ sql: String) throws

    /// Rows that refer to what is not there.
    func orphans() throws -> Int
}

extension CoreSession {
    func rows(_ sql: String) throws -> [BookRow] { try rows(sql, [:]) }

    /// The first row of a query, if there is any.
    func row(_ sql: String, _ arguments: BookArguments = [:]) throws -> BookRow? { try rows(sql, arguments).first }

    func change(_ sql: String, _ arguments: BookArguments = [:]) throws { try change(sql, arguments, step: nil) }
}
