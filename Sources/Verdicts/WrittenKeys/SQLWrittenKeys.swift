internal import GRDB

/// The written keys in the state database, oldest first. A note survives a power cut as well as a killed process: each costs one wait for
/// the disk, shared by those that come meanwhile.
public final class SQLWrittenKeys: WrittenKeyStore {
    /// A key that the candidate has written.
    public struct Entry: Sendable, Hashable {
        public var key: String
        /// Microseconds since 1970.
        public var notedAt: Int64
    }

    fileprivate struct Note: Sendable {
        let keys: [String]
        let completion: @Sendable (StateError?) -> Void
    }

    private let database: StateDatabase
    private let thread: SerialThread<Note>

    public init(database: StateDatabase) {
        self.database = database
        thread = SerialThread(name: "written-keys") { notes in Self.carryOut(notes, database) }
    }

    public func note(_ keys: [String], completion: @escaping @Sendable (StateError?) -> Void) {
        if !thread.enqueue(Note(keys: keys, completion: completion)) {
            completion(StateError(.closed, "The ledger of written keys is closed."))
        }
    }

    /// Carries out what waits, ends the thread and waits for its end.
    public func close() { thread.close() }

    // MARK: For whoever shares, lists or empties it

    public func all() throws(StateError) -> [Entry] {
        try database.reading { db in
            try Row.fetchAll(db, sql: "SELECT key, noted_at FROM written_key ORDER BY seq").map {
                Entry(key: $0["key"], notedAt: $0["noted_at"])
            }
        }
    }

    /// Those that this proxy noted and no other knows of yet, oldest first.
    public func unpublished(limit: Int) throws(StateError) -> [String] {
        try database.reading { db in
            try String.fetchAll(
                db, sql: "SELECT key FROM written_key WHERE published = 0 ORDER BY seq LIMIT ?", arguments: [limit])
        }
    }

    public func markPublished(_ keys: [String]) throws(StateError) {
        try database.storing { db in
            for key in keys {
                try db.cachedStatement(sql: "UPDATE written_key SET published = 1 WHERE key = ?").execute(arguments: [key])
            }
        }
    }

    /// Keys that other proxies noted.
    public func note(ofOthers keys: [String]) throws(StateError) {
        try database.storing { db in try Self.insert(keys, published: true, in: db) }
    }

    /// Each of them has been handed back.
    public func forgetAll() throws(StateError) {
        try database.storing { db in try db.execute(sql: "DELETE FROM written_key") }
    }

    // MARK: On the thread

    private static func carryOut(_ notes: [Note], _ database: StateDatabase) {
        var failure: StateError?
        do {
            try database.connections.writeWithoutTransaction { db in
                // A power cut must not make a key forget where it was written.
                try db.execute(sql: "PRAGMA synchronous = FULL")
                defer { try? db.execute(sql: "PRAGMA synchronous = NORMAL") }
                try db.inTransaction {
                    for note in notes { try insert(note.keys, published: false, in: db) }
                    return .commit
                }
            }
        } catch {
            failure = StateDatabase.stateError(error, path: database.path)
        }
        for note in notes { note.completion(failure) }
    }

    private static func insert(_ keys: [String], published: Bool, in db: Database) throws {
        let now = WallClock.system.microseconds()
        for key in keys {
            try db.cachedStatement(
                sql: "INSERT INTO written_key (key, noted_at, published) VALUES (?, ?, ?) ON CONFLICT (key) DO NOTHING"
            ).execute(arguments: [key, now, published])
        }
    }
}
