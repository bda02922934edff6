import Foundation

/// Files that a command line names.
enum InputFile {
    static func bytes(_ path: String) throws -> Data {
        do {
            return try Data(contentsOf: URL(fileURLWithPath: path))
        } catch {
            var isFolder: ObjCBool = false
            let exists = FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
            if isFolder.boolValue { throw ExitStatus.noInput.because("\(path) is a folder; name a file") }
            throw ExitStatus.noInput.because(
                exists ? "\(path) can't be read: check its permissions" : "there is no file \(path)")
        }
    }
}
