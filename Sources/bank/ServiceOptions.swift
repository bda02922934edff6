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
    @Option(help: "Where the books are kept; a database that has data is kept as it is.") var store = StoreChoice.memory
    @Flag(help: "Take POST /v1/fixtures; else it is answered with 403.") var allowFixtures = false

    func validate() throws {
        guard (0...65_535).contains(port) else { throw ValidationError("--port takes 0 … 65535.") }
    }
}

/// `memory` or `sqlite:PATH`.
enum StoreChoice: ExpressibleByArgument {
    case memory
    case sqlite(path: String)

    init?(argument: String) {
        let prefix = "sqlite:"
        if argument == "memory" {
            self = .memory
        } else if argument.hasPrefix(prefix), argument.count > prefix.count {
            self = .sqlite(path: String(argument.dropFirst(prefix.count)))
        } else {
            return nil
        }
    }

    var defaultValueDescription: String {
        switch self {
        case .memory: "memory"
        case .sqlite(let path): "sqlite:\(path)"
        }
    }
}
