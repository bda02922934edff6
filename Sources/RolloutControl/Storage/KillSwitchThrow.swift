internal import Foundation
public import Migration

/// Throws the kill switch by its file alone, for whoever has no proxy to ask.
public enum KillSwitchThrow {
    /// On the disk when it returns.
    ///
    /// - Returns: false when the file is there already: it is left as it is.
    /// - Throws: what is wrong with the file, as a clause.
    public static func write(path: String, by name: String, reason: String, at now: Instant) throws -> Bool {
        if KillSwitchFile.read(path: path) != nil { return false }
        let kill = KillSwitch(thrownBy: name, reason: reason, at: now)
        try DurableFile.replace(path, with: Array(KillSwitchFile.encode(kill).utf8))
        return true
    }
}
