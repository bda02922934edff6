import Foundation

/// Where the logs of the services of a run go: a folder of its own under the temporary one, gone when all went well.
struct RunFolder {
    let root: URL

    init(_ what: String) throws {
        let name = "countersign-\(what)-\(ProcessInfo.processInfo.processIdentifier)"
        root = FileManager.default.temporaryDirectory.appendingPathComponent(name)
        do {
            try FileManager.default.createDirectory(
                at: root, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        } catch {
            throw ExitStatus.cannotCreate.because("can't make the folder \(root.path): \(error.localizedDescription)")
        }
    }

    func file(_ name: String) -> URL { root.appendingPathComponent(name) }

    func remove() { try? FileManager.default.removeItem(at: root) }
}
