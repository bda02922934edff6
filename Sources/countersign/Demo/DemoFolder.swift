import Foundation

/// Where a demo keeps its databases, logs and report: a folder of its own under the temporary one.
struct DemoFolder {
    let root: URL

    init() throws {
        // A migration's folder stays, and process numbers come again.
        let name = "countersign-demo-\(String(UInt32.random(in: .min ... .max), radix: 36))"
        root = FileManager.default.temporaryDirectory.appendingPathComponent(name)
        do {
            try FileManager.default.createDirectory(
                at: root, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o700])
        } catch {
            throw ExitStatus.cannotCreate.because("can't make the folder \(root.path): \(error.localizedDescription)")
        }
    }

    func file(_ name: String) -> URL { root.appendingPathComponent(name) }

    func report(_ name: String) -> URL { file("report-\(name).html") }

    /// What a reader may still want after the demo is its reports.
    func removeAllButReports() {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: root.path)) ?? []
        let reports = names.filter { $0.hasPrefix("report-") && $0.hasSuffix(".html") }
        for name in names where !reports.contains(name) { try? FileManager.default.removeItem(at: file(name)) }
        if reports.isEmpty { try? FileManager.default.removeItem(at: root) }
    }

    /// A file or folder of `fixtures/`, looked for beside the working folder and above the program.
    static func fixture(_ name: String) throws -> URL {
        var folders = [URL(fileURLWithPath: FileManager.default.currentDirectoryPath)]
        var folder = SiblingProgram.ownExecutable.deletingLastPathComponent()
        while folder.path != "/" {
            folders.append(folder)
            folder = folder.deletingLastPathComponent()
        }
        for folder in folders {
            let file = folder.appendingPathComponent("fixtures").appendingPathComponent(name)
            if FileManager.default.fileExists(atPath: file.path) { return file }
        }
        throw ExitStatus.noInput.because("fixtures/\(name) was not found: run the demo from the project's folder")
    }
}
