internal import GRDB

/// Keys with missed writes, as the state database keeps them: for reports.
public struct CatchUpListing: Sendable {
    private let database: StateDatabase

    public init(_ database: StateDatabase) { self.database = database }

    /// By key: which side missed writes, and how many.
    public func behind() throws(StateError) -> [String: (side: Side, writes: Int)] {
        try database.reading { db in try CatchUpTable.state(in: db).behind }
    }
}
