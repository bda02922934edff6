internal import Foundation

/// Files that are on the disk, whole, when a call returns.
enum DurableFile {
    /// Nil when there is none.
    static func read(_ path: String) throws(FileTrouble) -> [UInt8]? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            if errno == ENOENT { return nil }
            throw FileTrouble("\(path) can't be read: \(reason)")
        }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var part = [UInt8](repeating: 0, count: 262_144)
        while true {
            let count = Foundation.read(descriptor, &part, part.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw FileTrouble("\(path) can't be read: \(reason)") }
            if count == 0 { return bytes }
            bytes += part[..<count]
        }
    }

    /// Through a file beside it, so that a crash leaves the old one or the new one.
    static func replace(_ path: String, with bytes: [UInt8]) throws(FileTrouble) {
        let draft = path + ".new"
        let descriptor = open(draft, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw FileTrouble("\(path) can't be written: \(reason)") }
        var done = 0
        var trouble: FileTrouble?
        while done < bytes.count, trouble == nil {
            let offset = done
            let count = bytes.withUnsafeBytes { buffer in
                write(descriptor, buffer.baseAddress?.advanced(by: offset), buffer.count - offset)
            }
            if count < 0, errno == EINTR { continue }
            if count > 0 { done += count } else { trouble = FileTrouble("\(path) can't be written: \(reason)") }
        }
        if trouble == nil, fsync(descriptor) != 0 { trouble = FileTrouble("\(path) can't be written to disk: \(reason)") }
        close(descriptor)
        if let trouble { throw trouble }
        try rename(draft, to: path)
    }

    static func rename(_ path: String, to other: String) throws(FileTrouble) {
        guard Foundation.rename(path, other) == 0 else { throw FileTrouble("\(other) can't be written: \(reason)") }
        try sync(directoryOf: other)
    }

    /// Does nothing when there is no file.
    static func remove(_ path: String) throws(FileTrouble) {
        guard unlink(path) == 0 else {
            if errno == ENOENT { return }
            throw FileTrouble("\(path) can't be removed: \(reason)")
        }
        try sync(directoryOf: path)
    }

    private static func sync(directoryOf path: String) throws(FileTrouble) {
        let parent = (path as NSString).deletingLastPathComponent
        let directory = open(parent.isEmpty ? "." : parent, O_RDONLY | O_CLOEXEC)
        defer { if directory >= 0 { close(directory) } }
        guard directory >= 0, fsync(directory) == 0 else {
            throw FileTrouble("the folder of \(path) can't be written to disk: \(reason)")
        }
    }

    private static var reason: String { String(cString: strerror(errno)) }
}

/// What is wrong with a file, as a clause.
struct FileTrouble: Error, Sendable, Hashable, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}
