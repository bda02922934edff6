import ArgumentParser
import Foundation
import InterestContract

/// The files a service or driver starts from.
enum BankFiles {
    /// `--fixture`, or `fixtures/accounts.jsonl` where that is there.
    static func accounts(_ path: String?) throws(ExitCode) -> [FixtureAccount] {
        let path = try resolve(path, flag: "--fixture", standard: "fixtures/accounts.jsonl", what: "accounts")
        do { return try FixtureAccount.lines(read(path)) } catch let problem as Problem {
            throw Terminal.failure(.badFile, "\(path): \(problem.detail).")
        } catch let exit as ExitCode {
            throw exit
        } catch {
            throw Terminal.failure(.badFile, "\(path): \(error)")
        }
    }

    /// `--products`, or `fixtures/products.yaml` where that is there.
    static func products(_ path: String?) throws(ExitCode) -> ProductCatalogue {
        let path = try resolve(path, flag: "--products", standard: "fixtures/products.yaml", what: "products")
        let bytes = try read(path)
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw Terminal.failure(.badFile, "\(path) is no UTF-8 text.")
        }
        do { return try ProductCatalogue(yaml: text) } catch {
            throw Terminal.failure(.badFile, "\(path): \(error.detail).")
        }
    }

    static func write(_ bytes: [UInt8], to path: String) throws(ExitCode) {
        do { try Data(bytes).write(to: URL(fileURLWithPath: path)) } catch {
            throw Terminal.failure(.notWritten, "\(path) can't be written: \(error.localizedDescription)")
        }
    }

    private static func resolve(_ path: String?, flag: String, standard: String, what: String) throws(ExitCode) -> String {
        if let path { return path }
        guard FileManager.default.fileExists(atPath: standard) else {
            throw Terminal.failure(
                .usage, "Name the \(what) with \(flag) FILE: there is no \(standard) in the working directory to take instead.")
        }
        return standard
    }

    private static func read(_ path: String) throws(ExitCode) -> [UInt8] {
        // Any file that can be read to its end: `/dev/null` and pipes, too.
        guard let file = FileHandle(forReadingAtPath: path) else {
            throw Terminal.failure(.missingFile, "There is no readable file \(path).")
        }
        defer { try? file.close() }
        do { return Array(try file.readToEnd() ?? Data()) } catch {
            throw Terminal.failure(.missingFile, "The file \(path) can't be read: \(error.localizedDescription)")
        }
    }
}
