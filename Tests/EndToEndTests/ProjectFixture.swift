import Foundation
import TestKit

enum ProjectFixture {
    static func accounts() throws -> Data {
        try Data(contentsOf: URL(fileURLWithPath: ProjectFolder.path("fixtures/accounts.jsonl")))
    }
}
