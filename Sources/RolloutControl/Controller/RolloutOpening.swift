internal import Migration

/// What an earlier run left, read and checked.
enum RolloutOpening {
    static func folder(_ setup: RolloutSetup) throws(RolloutStartError) -> RolloutFolder {
        // The record is read first: the log must reach as far as it says.
        let path = setup.folder + "/" + RolloutFolder.recordName
        do {
            let expected = try DurableFile.read(path).map { (bytes) throws(RolloutStartError) in
                try RolloutRecord.read(bytes, path: path).document.head
            }
            return try RolloutFolder(
                folder: setup.folder, killFile: setup.killFile, expected: expected.flatMap { $0.sequence > 0 ? $0 : nil })
        } catch let error as AuditError {
            throw RolloutStartError(sentence(error, setup))
        } catch let error as RolloutStartError {
            throw error
        } catch {
            throw RolloutStartError("\(error).")
        }
    }

    private static func sentence(_ error: AuditError, _ setup: RolloutSetup) -> String {
        guard error.code == .torn else { return error.description }
        return error.description + " Run `countersign audit mend \(setup.folder)/\(RolloutFolder.auditName) --by NAME`."
    }

    /// The record, or a first one for a plan that begins.
    static func record(
        _ disk: any RolloutDisk, _ rules: RolloutRules, _ folder: String, at now: Instant
    ) throws(RolloutStartError) -> RolloutRecord {
        let path = folder + "/" + RolloutFolder.recordName
        let bytes: [UInt8]?
        do { bytes = try disk.read(RolloutFolder.recordName) } catch { throw RolloutStartError("\(error).") }
        guard let bytes else {
            guard disk.head.sequence == 0 else {
                throw RolloutStartError(
                    "There is an audit log in \(folder) and no \(RolloutFolder.recordName): nobody knows where the rollout stands; put the "
                        + "file back, or move the log away and begin in the shadow.")
            }
            return RolloutRecord(document: rules.first(at: now))
        }
        var record = try RolloutRecord.read(bytes, path: path)
        var rollout: Rollout
        do { rollout = try rules.rollout(record.document) } catch { throw RolloutStartError(error.description) }
        for line in try lines(disk, after: record.document.head) {
            guard let entry = line.entry, rollout.recover(entry, at: now) else { continue }
            record.document.stopSequence = entry.sequence
            if entry.action == "killed" || rules.plan.rollback.writtenKeys == .return { record.document.returns += 1 }
        }
        record.document.state = rollout.state
        return record
    }

    /// Of the log, what the record does not have.
    private static func lines(_ disk: any RolloutDisk, after head: AuditHead) throws(RolloutStartError) -> [AuditLine] {
        var lines: [AuditLine] = []
        var last = head
        do throws(AuditError) {
            for bytes in try disk.lines(after: head.sequence) {
                guard let line = AuditLine(bytes, following: last) else { return lines }
                lines.append(line)
                last = line.head
            }
            return lines
        } catch { throw RolloutStartError(error.description) }
    }

    /// What the document comes to with what is owed; a stop that has come in by another way changes nothing.
    static func applying(
        _ owed: [OwedStop], to document: RolloutDocument, _ rules: RolloutRules
    ) throws(RolloutStartError) -> RolloutDocument {
        var document = document
        for stop in owed {
            do {
                document = try rules.step(stop.event, on: document, at: stop.at).document
            } catch { throw RolloutStartError("\(error)") }
        }
        return document
    }
}
