internal import Foundation

/// The log's file: one writer at a time (`flock`), whole lines or nothing, on disk before a call returns. Not for two threads at once.
struct AuditFile: ~Copyable {
    let path: String
    private let descriptor: Int32
    /// Of the sound part.
    private(set) var length: Int

    private init(path: String, descriptor: Int32) {
        self.path = path
        self.descriptor = descriptor
        length = 0
    }

    /// Creates it if need be, for its owner alone.
    static func open(_ path: String) throws(AuditError) -> AuditFile {
        let exists = access(path, F_OK) == 0
        let descriptor = Foundation.open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw AuditError(.unwritable, "The audit log \(path) can't be opened: \(reason).") }
        let file = AuditFile(path: path, descriptor: descriptor)
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            throw AuditError(.inUse, "The audit log \(path) has a writer already; stop that process first.")
        }
        if !exists { try sync(directoryOf: path) }
        return file
    }

    deinit { close(descriptor) }

    /// All of it; what is appended later goes after it.
    mutating func contents() throws(AuditError) -> [UInt8] {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else {
            throw AuditError(.unreadable, "The audit log \(path) can't be read: \(Self.reason).")
        }
        var bytes = [UInt8](repeating: 0, count: Int(status.st_size))
        var done = 0
        while done < bytes.count {
            let offset = done
            let count = bytes.withUnsafeMutableBytes { buffer in
                pread(descriptor, buffer.baseAddress?.advanced(by: offset), buffer.count - offset, off_t(offset))
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw AuditError(.unreadable, "The audit log \(path) can't be read: \(Self.reason).") }
            done += count
        }
        length = bytes.count
        return bytes
    }

    /// Leaves a torn last line out of the sound part: what is written next takes its place.
    mutating func leaveOut(tornBytes: Int) { length -= tornBytes }

    /// Writes a line after the sound part and waits for the disk. After an error the sound part is what it was; `broken` means that
    /// nobody knows what the disk holds.
    mutating func append(_ line: [UInt8], replacing tornBytes: Int = 0) throws(AuditError) {
        var status = stat()
        guard fstat(descriptor, &status) == 0, Int(status.st_size) == length + tornBytes, status.st_nlink > 0 else {
            throw AuditError(
                .tampered,
                "The audit log \(path) was changed or removed by somebody else while it was open; look at it before going on.")
        }
        let bytes = line + [UInt8(ascii: "\n")]
        var done = 0
        while done < bytes.count {
            let offset = done
            let count = bytes.withUnsafeBytes { buffer in
                pwrite(descriptor, buffer.baseAddress?.advanced(by: offset), buffer.count - offset, off_t(length + offset))
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else {
                let failure = "Nothing was written to the audit log \(path): \(Self.reason)."
                // What a mending line was to replace stays as it is: it is torn either way.
                if done > 0, tornBytes == 0, ftruncate(descriptor, off_t(length)) != 0 {
                    throw AuditError(.broken, failure + " Half a line is left there; `mend` it.")
                }
                throw AuditError(.unwritable, failure + " Make room and try again.")
            }
            done += count
        }
        let isWhole = bytes.count >= tornBytes || ftruncate(descriptor, off_t(length + bytes.count)) == 0
        guard isWhole, fsync(descriptor) == 0 else {
            throw AuditError(
                .broken, "The audit log \(path) may not be on the disk: \(Self.reason). Verify it before going on.")
        }
        length += bytes.count
    }

    /// A new file's name is on disk once its directory is.
    private static func sync(directoryOf path: String) throws(AuditError) {
        let parent = (path as NSString).deletingLastPathComponent
        let directory = Foundation.open(parent.isEmpty ? "." : parent, O_RDONLY | O_CLOEXEC)
        defer { if directory >= 0 { close(directory) } }
        guard directory >= 0, fsync(directory) == 0 else {
            throw AuditError(.unwritable, "The directory of the audit log \(path) can't be written to disk: \(reason).")
        }
    }

    private static var reason: String { String(cString: strerror(errno)) }
}
