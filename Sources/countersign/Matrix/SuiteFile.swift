import CaseDesign
import CaseMatrix
import Foundation
import MatrixRun
import RuleFiles
import RunRecords

/// A suite as a command line names it, read and made into rows.
struct SuiteFile {
    let suite: Suite
    let rows: SuiteRows

    static func load(_ path: String) throws -> Suite {
        guard FileManager.default.fileExists(atPath: path) else {
            throw ExitStatus.data.because("there is no suite file \(path)")
        }
        do { return try Suite.load(path: path) } catch {
            Screen.complain(error.description)
            throw ExitStatus.data.because("\(path) can't be used")
        }
    }

    /// - Parameter regressions: nil: the folder `regressions` beside the suite, if there is one.
    init(
        _ suite: Suite, strength: CaseStrength? = nil, seed: UInt64? = nil, rows limit: Int? = nil, regressions: String? = nil
    ) throws {
        self.suite = suite
        let beside = URL(fileURLWithPath: suite.path).deletingLastPathComponent().appendingPathComponent("regressions").path
        do {
            let seeds = try RegressionSeeds(folder: regressions ?? beside, suite: suite.name).read(suite.model)
            rows = try SuiteRows.make(
                suite, strength: strength ?? suite.strength, seed: seed ?? suite.seed, regressions: seeds, limit: limit)
        } catch let error as ConfigurationError {
            Screen.complain(error.description)
            throw ExitStatus.data.because("the kept cases of \(suite.name) can't be used")
        } catch let error as CaseDesignError {
            throw ExitStatus.data.because("\(suite.path): \(error.description)")
        }
    }

    /// The oracle of the suite, or the one that the command line names; `none` is none.
    static func oracle(_ suite: Suite, _ command: String?) throws -> any Oracle {
        let words: [String]?
        switch command {
        case "none": words = nil
        case .some(let command): words = ["/bin/sh", "-c", "exec \(command)"]
        case nil: words = suite.oracle
        }
        guard let words, !words.isEmpty else { return NoOracle() }
        do { return try OracleProcess(words) } catch {
            throw ExitStatus.unavailable.because("the oracle \(words.joined(separator: " ")) can't be started: \(error)")
        }
    }

    static func exceptions(_ path: String?) throws -> any QuirkExcusing {
        guard let path else { return NoExceptions() }
        do {
            let today = String(Date.now.ISO8601Format().prefix(10))
            return ExceptionBook(try ExceptionsFile.load(path: path), today: today)
        } catch {
            Screen.complain(error.description)
            throw ExitStatus.data.because("\(path) can't be used")
        }
    }

    func coverage(of rows: [JudgedRow]) throws -> CoverageRecord {
        do { return try self.rows.coverage(of: rows) } catch {
            throw ExitStatus.data.because("\(suite.path): \(error.description)")
        }
    }

    static func planned(_ rows: [CaseRow], _ planner: RowPlanner, _ suite: Suite) throws -> [PlannedRow] {
        do { return try planner.plan(rows) } catch {
            Screen.complain(error.description)
            throw ExitStatus.data.because("a row of \(suite.path) can't become calls")
        }
    }

    /// Part of the ids of accounts and keys: books that outlive the run must not have seen it.
    static func runMark(keptBooks: Bool) -> String {
        keptBooks ? String(Int(Date.now.timeIntervalSince1970), radix: 36) : "0"
    }
}
