import Foundation
import TestKit

/// Files of the project that tests read.
enum ProjectFile {
    static func bytes(_ path: String) throws -> [UInt8] {
        let full = ProjectFolder.path(path)
        guard let data = FileManager.default.contents(atPath: full) else { throw TestTimeout("there is no file \(full)") }
        return Array(data)
    }

    static func text(_ path: String) throws -> String { String(decoding: try bytes(path), as: UTF8.self) }
}
