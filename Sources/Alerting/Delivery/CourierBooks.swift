import Verdicts

/// What an attempt says about its channel and about the notices that waited with it, in the transaction that settles it.
struct CourierBooks {
    let connection: any SQLConnection
    let channel: AlertChannel
    /// Microseconds since 1970.
    let now: Int64

    /// More than so many notices that waited for a receiver to come back are told in one.
    static let foldedFrom = 5

    func note(
        _ outcome: DeliverySchedule.Outcome, of notice: NoticeRow, isOver: Bool, _ standing: () -> NoticeStanding?
    ) throws {
        if isOver { try settleFolded(into: notice, outcome) }
        switch outcome {
        case .delivered:
            if try ChannelState.noteDelivery(channel.name, connection) { try foldWaiting(standing) }
        case .failed(_, let retryAfter):
            try ChannelState.noteFailure(channel.name, retryAfterSeconds: retryAfter, now: now, connection)
        case .gone(let reason): try ChannelState.disable(channel.name, because: reason, now: now, connection)
        case .refused: break
        }
    }

    /// What a digest told is told, and what it could not tell is given up with it.
    private func settleFolded(into digest: NoticeRow, _ outcome: DeliverySchedule.Outcome) throws {
        var isDelivered = false
        if case .delivered = outcome { isDelivered = true }
        try connection.execute(
            "UPDATE notice SET state = ?, last_outcome = ?, ended_at = ? WHERE folded_into = ? AND state = 'waiting'",
            [
                .text(isDelivered ? "delivered" : "dead"), .text("in the digest \(digest.webhookID): \(outcome.text)"),
                .integer(now), .text(digest.webhookID),
            ])
    }

    /// The receiver is back: what has waited is put into digests, so that it does not drown in what is long known.
    private func foldWaiting(_ standing: () -> NoticeStanding?) throws {
        let rows = try connection.rows(
            """
            SELECT id, items FROM notice WHERE channel = ? AND state = 'waiting' AND folded_into IS NULL
                AND kind LIKE 'incident.%' AND kind <> 'incident.digest' AND (claimed_by IS NULL OR claimed_until <= ?)
            ORDER BY id LIMIT 500
            """, [.text(channel.name), .integer(now)])
        guard rows.count > Self.foldedFrom else { return }
        var ids: [Int64] = []
        var latest: [String: NoticeItemMark] = [:]
        func close() throws {
            if !ids.isEmpty { try fold(ids, latest, standing()) }
            (ids, latest) = ([], [:])
        }
        for row in rows {
            let marks = NoticeJSON.decode([NoticeItemMark].self, try row.text(1)) ?? []
            // A notice of an earlier version does not say what it tells: it goes by itself.
            guard !marks.isEmpty else { continue }
            if latest.count + marks.count > Notice.itemsMax { try close() }
            ids.append(try row.integer(0))
            for mark in marks where mark.sequence >= latest[mark.fingerprint]?.sequence ?? 0 { latest[mark.fingerprint] = mark }
        }
        try close()
    }

    private func fold(_ ids: [Int64], _ marks: [String: NoticeItemMark], _ standing: NoticeStanding?) throws {
        let items = try marks.values.compactMap { mark in
            try Incident.fetch(connection, fingerprint: mark.fingerprint).map {
                Notice.Item(incident: $0, step: mark.step, sequence: mark.sequence)
            }
        }.sorted { ($0.incident.severity, $1.incident.fingerprint) > ($1.incident.severity, $0.incident.fingerprint) }
        guard let first = ids.first, !items.isEmpty else { return }
        let notice = Notice(
            id: "digest_\(first)-\(now)_\(channel.name)", kind: .digest, at: now, channel: channel.name, group: nil, items: items,
            standing: standing)
        try NoticeRow.insert(notice, format: channel.format, isDisabled: false, connection)
        for id in ids {
            try connection.execute("UPDATE notice SET folded_into = ? WHERE id = ?", [.text(notice.id), .integer(id)])
        }
    }
}
