import ArgumentParser
import Foundation

/// What the commands write: results to standard output, everything else to standard error.
enum Terminal {
    static func print(_ text: String) { FileHandle.standardOutput.write(Data((text + "\n").utf8)) }
    static func complain(_ text: String) { FileHandle.standardError.write(Data((text + "\n").utf8)) }

    /// Says what is wrong in one sentence and gives the exit to throw.
    static func failure(_ failure: Failure, _ sentence: String) -> ExitCode {
        complain("bank: " + sentence)
        return ExitCode(failure.rawValue)
    }

    /// By the conventions of sysexits.h where it has one.
    enum Failure: Int32 {
        case failed = 1
        case noAnswer = 3
        case usage = 64
        case badFile = 65
        case missingFile = 66
        case notWritten = 73
    }
}
