import Foundation
import PostgreSQLClient
import TestKit
import Testing

@testable import LegacyCore

/// Where the books of a test are kept. The same suite runs on each.
enum BankStore: Sendable, CustomTestStringConvertible {
    case memory
    /// A file of its own for each opening; ``remove(_:)`` takes it away.
    case file
    #if PostgreSQL
        /// A migrated schema of its own for each opening.
        case postgres
    #endif
    /// One that was opened before.
    case existing(LegacyCoreConfiguration.Store)

    var testDescription: String {
        switch self {
        case .memory: "memory"
        case .file: "file"
        #if PostgreSQL
            case .postgres: "PostgreSQL"
        #endif
        case .existing: "existing"
        }
    }

    func open() async throws -> LegacyCoreConfiguration.Store {
        switch self {
        case .memory: return .memory
        case .file: return .sqlite(path: temporaryPath())
        #if PostgreSQL
            case .postgres:
                let settings = try PostgresSettings(
                    await PostgresServer.shared().address() + "&pool=4", schema: LegacySchema.defaultName)
                try await BankStore.migrate(settings)
                return .postgres(settings)
        #endif
        case .existing(let store): return store
        }
    }

    #if PostgreSQL
        static func migrate(_ settings: PostgresSettings) async throws {
            let pool = PostgresPool(settings)
            defer { pool.close() }
            _ = try await LegacySchema.postgres.migrate(pool)
        }
    #endif

    static func remove(_ store: LegacyCoreConfiguration.Store) {
        if case .sqlite(let path) = store { removeStore(path) }
    }
}

extension Bank {
    #if PostgreSQL
        static let stores: [BankStore] = [.memory, .postgres]
        /// Those where calls meet each other on connections of their own.
        static let sharedStores: [BankStore] = [.file, .postgres]
    #else
        static let stores: [BankStore] = [.memory]
        static let sharedStores: [BankStore] = [.file]
    #endif
}
