import ArgumentParser
import InterestContract

/// What both services are started with.
struct ServiceOptions: ParsableArguments {
    @Option(help: "The port to listen on; 0 picks a free one.") var port = 0
    @Option(help: "The address to listen on.") var host = "127.0.0.1"
    @Option(help: ArgumentHelp("Accounts to load into an empty store. Default fixtures/accounts.jsonl.", valueName: "file"))
    var fixture: String?
    @Option(help: ArgumentHelp("Products to load into an empty store. Default fixtures/products.yaml.", valueName: "file"))
    var products: String?
    @Option(
        help: ArgumentHelp(
            "Where the books are kept: memory, sqlite:PATH, postgres://…; a database that has data is kept as it is. Default memory.",
            valueName: "store"), transform: StoreChoice.parse)
    var store = StoreChoice.memory
    @Flag(help: "Take POST /v1/fixtures; else it is answered with 403.") var allowFixtures = false

    func validate() throws {
        guard (0...65_535).contains(port) else { throw ValidationError("--port takes 0 … 65535.") }
    }
}

/// `memory`, `sqlite:PATH` or `postgres://…`.
enum StoreChoice {
    case memory
    case sqlite(path: String)
    #if PostgreSQL
        /// With its password, if it has one: not to be printed.
        case postgres(address: String)
    #endif

    static func parse(_ text: String) throws(ValidationError) -> StoreChoice {
        let prefix = "sqlite:"
        if text == "memory" { return .memory }
        if text.hasPrefix(prefix), text.count > prefix.count { return .sqlite(path: String(text.dropFirst(prefix.count))) }
        if text.hasPrefix("postgres://") || text.hasPrefix("postgresql://") {
            #if PostgreSQL
                return .postgres(address: text)
            #else
                throw ValidationError("this `bank` was built without PostgreSQL: build it with --traits PostgreSQL")
            #endif
        }
        throw ValidationError("a store is memory, sqlite:PATH or postgres://USER@HOST:PORT/DATABASE")
    }
}
