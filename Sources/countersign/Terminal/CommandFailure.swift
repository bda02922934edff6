import ArgumentParser

/// How a command ends other than well: a status from `sysexits.h` and one sentence that names the thing and the mend.
enum ExitStatus: Int32 {
    /// The sides differ, or something that was looked for is there.
    case differ = 1
    /// What was asked for has to wait; nothing is wrong.
    case held = 2
    /// The command line can't be understood.
    case usage = 64
    /// A file's content is not what it should be.
    case data = 65
    /// A file that should be read is not there.
    case noInput = 66
    /// Something that is needed does not answer.
    case unavailable = 69
    /// A file or folder can't be written.
    case cannotCreate = 73
    /// Whoever asks may not.
    case noPermission = 77

    /// Says why on standard error, and gives the error that ends the command.
    func because(_ sentence: String) -> ExitCode {
        Screen.complain("countersign: \(sentence)")
        return ExitCode(rawValue)
    }
}
