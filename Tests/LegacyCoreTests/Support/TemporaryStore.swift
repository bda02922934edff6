import Foundation

/// A path for a database of one test.
func temporaryPath() -> String { NSTemporaryDirectory() + "legacy-core-\(UUID().uuidString).sqlite" }

func removeStore(_ path: String) {
    for end in ["", "-wal", "-shm"] { try? FileManager.default.removeItem(atPath: path + end) }
}
