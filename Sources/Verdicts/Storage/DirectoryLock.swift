internal import Foundation

/// Holds a state directory for one process: `flock` on a file that names its holder. Let go when this value goes, or the process ends
/// in whatever way.
final class DirectoryLock: Sendable {
    private let descriptor: Int32

    init(directory: String) throws(StateError) {
        let path = directory + "/countersign.lock"
        let descriptor = Foundation.open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw StateError(.unwritable, "\(path) can't be opened: \(String(cString: strerror(errno))).")
        }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            var bytes = [UInt8](repeating: 0, count: 32)
            let count = max(0, read(descriptor, &bytes, bytes.count))
            close(descriptor)
            let holder = Int32(
                String(decoding: bytes.prefix(count), as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines))
            throw StateError(
                .inUse,
                "The state directory \(directory) is in use by \(holder.map { "process \($0)" } ?? "another process"); "
                    + "stop it, or give this one a directory of its own.")
        }
        let pid = Array("\(getpid())\n".utf8)
        ftruncate(descriptor, 0)
        _ = pwrite(descriptor, pid, pid.count, 0)
        self.descriptor = descriptor
    }

    deinit { close(descriptor) }
}
