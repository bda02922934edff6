internal import Foundation
public import GRDB
internal import Synchronization

/// The state directory: one SQLite database (`countersign.sqlite`, WAL) with evidence, catch-up queue, incidents and outbox, and
/// beside it the mapped files of counts and of writes under way.
///
/// What is committed outlives a killed process; a power cut may lose the last moments (`synchronous = NORMAL`), never the database.
public final class StateDatabase: Sendable {
    public enum Access: Sendable {
        /// The proxy: one a directory, enforced by a lock. Creates what is missing.
        case owner
        /// A command that changes something beside a running proxy (`alerts replay`, `resync`).
        case visitor
        /// A command that only reads.
        case reader
    }

    public let directory: String
    /// Writes and reads; owned by whoever calls it, from ordinary threads or with GRDB's async functions.
    public let connections: any DatabaseReader & DatabaseWriter
    private let lock: Mutex<DirectoryLock?>

    public var path: String { Self.path(in: directory) }
    /// Where the proxy's `CountLedger` lies.
    public var countsPath: String { directory + "/counts.ledger" }
    /// Where the proxy's `WriteJournal` lies.
    public var journalPath: String { directory + "/writes.journal" }

    public init(directory: String, access: Access = .owner) throws(StateError) {
        self.directory = directory
        let path = Self.path(in: directory)
        let exists = FileManager.default.fileExists(atPath: path)
        switch access {
        case .owner:
            do {
                try FileManager.default.createDirectory(
                    atPath: directory, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
            } catch {
                throw StateError(.unwritable, "The state directory \(directory) can't be made: \(Self.reason(error)).")
            }
            lock = Mutex(try DirectoryLock(directory: directory))
        case .visitor, .reader:
            guard exists else {
                throw StateError(.missing, "There is no \(path): name the state directory that the proxy was started with.")
            }
            lock = Mutex(nil)
        }
        do {
            if access == .reader {
                connections = try DatabaseQueue(path: path, configuration: Self.configuration(readOnly: true))
            } else {
                connections = try DatabasePool(path: path, configuration: Self.configuration(readOnly: false))
            }
        } catch {
            throw StateError(.unwritable, "\(path) can't be opened: \(Self.reason(error)).")
        }
        if access == .reader {
            try reading { db in
                try Self.check(VerdictsSchema.schema, version: try Self.version(of: VerdictsSchema.schema, in: db), path: path)
            }
        } else {
            try migrate(VerdictsSchema.schema)
        }
    }

    /// Runs one transaction on this thread; a refusal of SQLite becomes one sentence.
    public func storing<Value>(_ body: (Database) throws -> Value) throws(StateError) -> Value {
        do { return try connections.write(body) } catch { throw Self.stateError(error, path: path) }
    }

    /// Reads on this thread, all at one moment of the database.
    public func reading<Value>(_ body: (Database) throws -> Value) throws(StateError) -> Value {
        do { return try connections.read(body) } catch { throw Self.stateError(error, path: path) }
    }

    /// Closes the connections (what comes later fails) and lets the directory go.
    public func close() {
        try? connections.close()
        lock.withLock { $0 = nil }
    }

    private static func path(in directory: String) -> String { directory + "/countersign.sqlite" }

    private static func configuration(readOnly: Bool) -> Configuration {
        var configuration = Configuration()
        configuration.readonly = readOnly
        configuration.busyMode = .timeout(5)
        configuration.foreignKeysEnabled = true
        configuration.label = "state"
        configuration.maximumReaderCount = 3
        if !readOnly {
            configuration.prepareDatabase { db in
                try db.execute(sql: "PRAGMA synchronous = NORMAL; PRAGMA journal_size_limit = 67108864")
            }
        }
        return configuration
    }

    static func stateError(_ error: any Error, path: String) -> StateError {
        if let error = error as? StateError { return error }
        return StateError(.unwritable, "\(path) refused: \(reason(error)).")
    }

    static func reason(_ error: any Error) -> String {
        (error as? DatabaseError).map { $0.message ?? "\($0.resultCode)" } ?? "\(error)"
    }

    /// Whether the same transaction may go through later: the disk is full or away, the database is locked.
    public static func isPassing(_ error: any Error) -> Bool {
        if let error = error as? StateError { return error.code == .unwritable }
        guard let error = error as? DatabaseError else { return false }
        switch error.resultCode.primaryResultCode {
        case .SQLITE_BUSY, .SQLITE_LOCKED, .SQLITE_FULL, .SQLITE_IOERR, .SQLITE_CANTOPEN, .SQLITE_READONLY, .SQLITE_NOMEM,
            .SQLITE_PERM, .SQLITE_PROTOCOL:
            return true
        default: return false
        }
    }
}
