import ArgumentParser
import Foundation

/// What the commands write: results to standard output, complaints to standard error.
enum Terminal {
    static func print(_ text: String) { FileHandle.standardOutput.write(Data((text + "\n").utf8)) }

    /// Says what is wrong in one sentence and gives the exit to throw.
    static func failure(_ failure: Failure, _ sentence: String) -> ExitCode {
        FileHandle.standardError.write(Data(("loadbench: " + sentence + "\n").utf8))
        return ExitCode(failure.rawValue)
    }

    /// By the conventions of sysexits.h where it has one.
    enum Failure: Int32 {
        case notAllAnswered = 1
        case usage = 64
        case missingFile = 66
        case unavailable = 69
    }
}
