/// A table of totals: kept up by one UPSERT for each change, and defined by a query over the facts that it sums up.
///
/// The definition creates it after fixtures were loaded, and the audit compares the two: a total that was not moved with its facts shows.
struct Aggregate: Sendable {
    enum KeyType: String, Sendable {
        case text = "TEXT"
        case integer = "INTEGER"
    }

    let table: String
    let keys: [(name: String, type: KeyType)]
    let sums: [String]
    /// Selects the keys, then the sums.
    let definition: String
    let upsert: String
    /// What becomes of a row that is there already.
    let onConflict: String
    /// Whether a row is the sum of what comes to it, and nothing else.
    let isPlainSum: Bool

    /// - Parameters:
    ///   - upsert: the statement for one change, without its conflict clause, where it is no plain INSERT of the values.
    ///   - onConflict: where a row is not the sum of what comes to it.
    init(
        _ table: String, keys: [(String, KeyType)], sums: [String], upsert: String? = nil, onConflict: String? = nil,
        definition: String
    ) {
        self.table = table
        self.keys = keys.map { (name: $0.0, type: $0.1) }
        self.sums = sums
        self.definition = definition
        isPlainSum = upsert == nil && onConflict == nil
        let names = keys.map(\.0)
        let columns = names + sums
        self.onConflict =
            "ON CONFLICT (\(names.joined(separator: ", "))) DO UPDATE SET "
            + (onConflict ?? sums.map { "\($0) = \(table).\($0) + excluded.\($0)" }.joined(separator: ", "))
        self.upsert =
            (upsert
                ?? "INSERT INTO \(table) (\(columns.joined(separator: ", "))) "
                + "VALUES (\(columns.map { _ in "?" }.joined(separator: ", ")))") + " " + self.onConflict
    }

    var creation: String {
        "CREATE TABLE \(table) ("
            + (keys.map { "\($0.name) \($0.type.rawValue) NOT NULL" } + sums.map { "\($0) INTEGER NOT NULL" })
            .joined(separator: ", ")
            + ", PRIMARY KEY (\(keys.map(\.name).joined(separator: ", ")))) STRICT, WITHOUT ROWID"
    }

    /// Adds to the row of these keys: the keys' values, then the sums' increments.
    func add(as name: String? = nil, _ arguments: BookValue...) -> BookStep { BookStep(name ?? table, upsert, arguments) }

    /// Makes the table; for totals in slots, the table of slots and the view that sums them up.
    func creation(_ dialect: Dialect) -> [String] {
        dialect == .postgres && isHot ? slotCreation : dialect.statements(creation)
    }

    /// Adds the facts of some accounts, which no total holds yet.
    ///
    /// - Parameter scope: `WITH`, and under the names of the facts' tables those facts alone.
    func add(within scope: String, _ dialect: Dialect) -> String {
        dialect == .postgres && isHot
            ? "\(scope) \(slotInsert) WHERE true \(slotConflict)"
            : "\(scope) INSERT INTO \(table) SELECT * FROM (\(definition)) AS d WHERE true \(onConflict)"
    }

    /// Makes the totals anew from the facts.
    func rebuild(_ dialect: Dialect) -> [String] {
        dialect == .postgres && isHot
            ? ["DELETE FROM \(slotTable)", slotInsert] : ["DELETE FROM \(table)", "INSERT INTO \(table) \(definition)"]
    }
}

extension Aggregate {
    /// In the order in which they can be made anew.
    static let all = PaymentAggregates.all + TaxAggregates.all
}
