import Foundation

/// Where a run keeps everything that must outlive it. What `Verdicts` keeps there is its own matter (`StateDatabase`).
struct StateFolder {
    let path: String

    /// Makes the folder, for the owner alone, as it holds what callers sent.
    func make() throws {
        do {
            try FileManager.default.createDirectory(
                atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        } catch {
            throw ExitStatus.cannotCreate.because("can't make the state folder \(path): \(error.localizedDescription)")
        }
    }
}
