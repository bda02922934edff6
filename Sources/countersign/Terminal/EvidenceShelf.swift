import Alerting
import ArgumentParser
import Foundation
import Verdicts

/// A state folder's database, opened by a command beside the proxy or after it.
struct EvidenceShelf {
    let database: StateDatabase

    /// - Parameter writing: for commands that change something.
    init(state: String, writing: Bool = false) throws {
        do {
            database = try StateDatabase(directory: state, access: writing ? .visitor : .reader)
        } catch {
            let status: ExitStatus = error.code == .missing ? .noInput : error.code == .newerSchema ? .data : .cannotCreate
            throw status.because(error.sentence)
        }
        if writing {
            do { try database.migrate(AlertSchema.schema) } catch { throw ExitStatus.data.because(error.sentence) }
        } else if (try? AlertSchema.isCurrent(in: database)) == false {
            throw ExitStatus.data.because(
                "\(database.path) was last used by an earlier version: start the proxy on it once, or use that version's command")
        }
    }

    func evidence(_ id: String) throws -> Evidence {
        do {
            if let evidence = try EvidenceReader(database).fetch(id: id) { return evidence }
        } catch {
            throw ExitStatus.data.because(error.sentence)
        }
        throw ExitStatus.noInput.because(
            "there is no evidence \(id) in \(database.directory): it may have been older than what is kept")
    }
}
