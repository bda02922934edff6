import Foundation
import InterestContract

@testable import PayoutService

extension Bank {
    /// What the books stand on: the same tests run on each.
    enum Engine: String, Sendable, CaseIterable, CustomStringConvertible {
        case sqlite
        #if PostgreSQL
            case postgres
        #endif

        var description: String { rawValue }

        /// Starts a service on books of its own, hands it to the body, and stops it.
        func open(
            _ accounts: [FixtureAccount], products: ProductCatalogue = Fixture.products, _ options: Options = Options(),
            _ body: @Sendable (Bank) async throws -> Void
        ) async throws {
            switch self {
            case .sqlite: try await Bank.open(accounts, products: products, options, body)
            #if PostgreSQL
                case .postgres:
                    let schema = try await PostgresDepot.take()
                    var options = options
                    options.store = try schema.store(foreignKeys: options.foreignKeys)
                    try await Bank.open(accounts, products: products, options, body)
                    try await PostgresDepot.giveBack(schema)
            #endif
            }
        }

        /// Hands over a store that outlives a service.
        func withKeptStore(_ body: @Sendable (PayoutServiceConfiguration.Store) async throws -> Void) async throws {
            switch self {
            case .sqlite:
                let folder = FileManager.default.temporaryDirectory.appendingPathComponent("payout-\(UUID().uuidString)")
                try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
                defer { try? FileManager.default.removeItem(at: folder) }
                try await body(.sqlite(path: folder.appendingPathComponent("books.sqlite").path))
            #if PostgreSQL
                case .postgres:
                    let schema = try await PostgresDepot.take()
                    try await body(try schema.store())
                    try await PostgresDepot.giveBack(schema)
            #endif
            }
        }
    }

    static let stores = Engine.allCases
}
