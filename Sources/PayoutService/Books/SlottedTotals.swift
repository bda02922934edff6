/// Totals of the whole bank on PostgreSQL.
///
/// A total that is not kept by account or customer has one row that all payments add to. SQLite has one writer anyway; on PostgreSQL each
/// would wait for the other's commit there, whatever accounts they are about. So such a total is kept in slots: each connection adds to a
/// row of its own, and a view with the total's name sums them up for whoever reads it.
extension Aggregate {
    /// Whether payments of different customers meet on a row.
    var isHot: Bool { isPlainSum && !keys.contains { $0.name == "account_id" || $0.name == "customer_id" } }

    static let slots = 1_024

    var slotTable: String { table + "_slot" }

    private var keyNames: String { keys.map(\.name).joined(separator: ", ") }

    var slotCreation: [String] {
        let columns =
            keys.map { "\($0.name) \($0.type.rawValue) NOT NULL" } + ["slot INTEGER NOT NULL"]
            + sums.map { "\($0) INTEGER NOT NULL" }
        let totals = sums.map { "CAST(sum(\($0)) AS BIGINT) AS \($0)" }
        return Dialect.postgres.statements(
            "CREATE TABLE \(slotTable) (\(columns.joined(separator: ", ")), PRIMARY KEY (\(keyNames), slot)) STRICT")
            + [
                "CREATE VIEW \(table) AS SELECT \(keyNames), \(totals.joined(separator: ", ")) FROM \(slotTable) GROUP BY \(keyNames)"
            ]
    }

    /// Adds to the connection's own slot. Two connections in one slot wait for each other, and nothing worse.
    var slotUpsert: String {
        let columns = keys.map(\.name) + ["slot"] + sums
        let values = keys.map { _ in "?" } + ["pg_backend_pid() % \(Aggregate.slots)"] + sums.map { _ in "?" }
        return
            "INSERT INTO \(slotTable) (\(columns.joined(separator: ", "))) VALUES (\(values.joined(separator: ", "))) \(slotConflict)"
    }

    var slotConflict: String {
        "ON CONFLICT (\(keyNames), slot) DO UPDATE SET "
            + sums.map { "\($0) = \(slotTable).\($0) + excluded.\($0)" }.joined(separator: ", ")
    }

    /// Puts what the definition counts into the first slot.
    var slotInsert: String {
        let names = sums.joined(separator: ", ")
        return "INSERT INTO \(slotTable) (\(keyNames), slot, \(names)) SELECT \(keyNames), 0, \(names) "
            + "FROM (\(definition)) AS d (\(keyNames), \(names))"
    }
}
