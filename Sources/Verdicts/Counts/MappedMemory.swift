internal import Foundation

/// A file of fixed size mapped into memory (or, without a path, anonymous memory), unmapped when it goes.
///
/// What is written to it belongs to the page cache at once: a killed process leaves it behind; a power cut may lose the last seconds.
/// `@unchecked Sendable`: it hands out a pointer; who writes where is the owner's contract (`CountLedger`, `WriteJournal`).
final class MappedMemory: @unchecked Sendable {
    enum Origin: Hashable {
        /// All zeroes: no file was there, or it was empty.
        case fresh
        case existing
    }

    let base: UnsafeMutableRawPointer
    let byteCount: Int
    let origin: Origin

    /// - Parameter byteCount: for a new file. An existing file is mapped at its own size.
    init(path: String?, byteCount wanted: Int, readOnly: Bool = false) throws(StateError) {
        guard let path else {
            guard let memory = mmap(nil, wanted, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0), memory != MAP_FAILED
            else {
                throw StateError(.unwritable, "No memory for \(wanted) bytes of counts: \(String(cString: strerror(errno))).")
            }
            base = memory
            byteCount = wanted
            origin = .fresh
            return
        }
        let descriptor = Foundation.open(path, (readOnly ? O_RDONLY : O_RDWR | O_CREAT) | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw StateError(
                errno == ENOENT ? .missing : .unwritable, "\(path) can't be opened: \(String(cString: strerror(errno))).")
        }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else {
            throw StateError(.unwritable, "\(path) can't be read: \(String(cString: strerror(errno))).")
        }
        let size = Int(status.st_size)
        if size == 0 && readOnly { throw StateError(.damaged, "\(path) is empty.") }
        if size == 0 {
            // Space is claimed now: a write to a hole on a full disk would kill the process.
            let refusal = posix_fallocate(descriptor, 0, off_t(wanted))
            guard refusal == 0 else {
                throw StateError(.unwritable, "\(path) can't grow to \(wanted) bytes: \(String(cString: strerror(refusal))).")
            }
        }
        let length = size == 0 ? wanted : size
        let protection = readOnly ? PROT_READ : PROT_READ | PROT_WRITE
        guard let memory = mmap(nil, length, protection, MAP_SHARED, descriptor, 0), memory != MAP_FAILED else {
            throw StateError(.unwritable, "\(path) can't be mapped: \(String(cString: strerror(errno))).")
        }
        base = memory
        byteCount = length
        origin = size == 0 ? .fresh : .existing
    }

    deinit { munmap(base, byteCount) }

    /// Asks the system to write it to disk.
    func flush() { msync(base, byteCount, MS_SYNC) }
}
