import Foundation

/// Programs of this package, which stand in the same folder as this one.
enum SiblingProgram {
    static func find(_ name: String) throws -> URL {
        let folder = ownExecutable.deletingLastPathComponent()
        let program = folder.appendingPathComponent(name)
        guard FileManager.default.isExecutableFile(atPath: program.path) else {
            throw ExitStatus.noInput.because(
                "there is no program \(name) in \(folder.path): build the whole package (swift build)")
        }
        return program
    }

    static var ownExecutable: URL {
        #if os(Linux)
            if let path = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe") {
                return URL(fileURLWithPath: path)
            }
        #endif
        return URL(fileURLWithPath: CommandLine.arguments.first ?? "countersign").resolvingSymlinksInPath()
    }
}
