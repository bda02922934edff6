#if PostgreSQL
    import Alerting
    import PostgreSQLClient
    import Verdicts

    /// The store no longer has what it had: it was restored from a backup, or failed over to a copy that was behind.
    struct SharedStoreSetBack: Error {}

    /// Brings the evidence of a state folder to the shared store: in the order in which it was stored, each piece once. Evidence, its incident, and
    /// the notices that the incident opens with are one transaction.
    struct EvidenceShipment: Sendable {
        let store: PostgresStore
        let shipping: EvidenceShipping
        let desk: IncidentDesk
        let instance: String
        let limits: EvidenceLimits
        /// Has the folder's own desk tell what the store refused for what it is.
        let tellHere: @Sendable ([Evidence]) async throws -> Void

        /// Holds this folder's cursor against what the store says that it has: after a crash between the two, or when the store was set back
        /// or exchanged, what is missing there is sent again.
        func align() async throws {
            let folder = shipping.folder
            let stored = try await store.read { connection in
                try connection.rows("SELECT seq FROM shipped WHERE folder = ?", [.text(folder)]).first.map { try $0.integer(0) }
            }
            let shipping = shipping
            try await Offside.run { try shipping.align(to: stored ?? 0) }
        }

        /// Ships one batch.
        ///
        /// - Returns: how many of it there were, and how many of these the store refused for what they are.
        func ship() async throws -> (shipped: Int, refused: Int) {
            let shipping = shipping
            let batch = try await Offside.run { try shipping.next() }
            guard !batch.evidence.isEmpty || batch.lost > 0 else { return (0, 0) }
            let refused = try await store(batch)
            if !refused.isEmpty { try await tellHere(refused) }
            try await Offside.run { try shipping.shipped(batch) }
            return (batch.evidence.count, refused.count)
        }

        /// Stores a batch; one that is refused for what is in it is stored one by one.
        ///
        /// - Returns: what was refused.
        func store(_ batch: EvidenceShipping.Batch) async throws -> [Evidence] {
            do {
                try await transact(batch)
                desk.committed()
                return []
            } catch let error as PostgresError where error.isOfTheRow {
                guard batch.evidence.count > 1 else { return batch.evidence }
                var refused: [Evidence] = []
                for evidence in batch.evidence {
                    var one = batch
                    one.evidence = [evidence]
                    // The cursor there comes with the last of them.
                    if evidence.id != batch.evidence.last?.id { one.through = 0 }
                    refused += try await store(one)
                }
                return refused
            }
        }

        private func transact(_ batch: EvidenceShipping.Batch) async throws {
            let (instance, folder, desk) = (instance, shipping.folder, desk)
            let inserts = try batch.evidence.map { evidence in
                (
                    sql: """
                    INSERT INTO evidence(\(EvidenceColumns.names), instance) VALUES (\(EvidenceColumns.parameters), ?)
                    ON CONFLICT (id) DO NOTHING RETURNING id
                    """,
                    arguments: try EvidenceColumns.values(of: evidence) + [.text(instance)]
                )
            }
            try await store.transaction { connection in
                let stored = try connection.rows("SELECT seq FROM shipped WHERE folder = ? FOR UPDATE", [.text(folder)]).first
                guard try stored?.integer(0) ?? 0 >= batch.after else { throw SharedStoreSetBack() }
                let fresh = zip(batch.evidence, inserts.isEmpty ? [] : try connection.rows(inserts)).filter { !$1.isEmpty }.map(
                    \.0)
                try desk.observe(fresh, on: connection, alerted: batch.alerted)
                try connection.execute(
                    """
                    INSERT INTO shipped(folder, seq) VALUES (?, ?)
                    ON CONFLICT (folder) DO UPDATE SET seq = GREATEST(shipped.seq, excluded.seq)
                    """, [.text(folder), .integer(batch.through)])
            }
        }

        /// Deletes what of this instance's is beyond the bound of rows, and what of any instance's is too old, also of those that are gone; oldest
        /// first. The first evidence of each fingerprint stays as its incident's sample. At most some thousand rows at a time, so that a
        /// transaction stays short.
        ///
        /// - Parameter now: microseconds since 1970.
        func trim(now: Int64) async throws {
            let oldest = now - Int64(limits.daysMax) * 86_400_000_000
            let (instance, rowsMax) = (instance, limits.rowsMax)
            let kept = "seq <> (SELECT min(seq) FROM evidence WHERE fingerprint = e.fingerprint)"
            try await store.write { connection in
                let count = try connection.rows("SELECT count(*) FROM evidence WHERE instance = ?", [.text(instance)]).first
                let surplus = max(0, Int(try count?.integer(0) ?? 0) - rowsMax)
                try connection.execute(
                    """
                    DELETE FROM evidence WHERE seq IN (
                        SELECT seq FROM evidence AS e WHERE instance = ? AND \(kept) ORDER BY seq LIMIT ?)
                    """, [.text(instance), SQLValue(min(surplus, 2_000))])
                try connection.execute(
                    """
                    DELETE FROM evidence WHERE seq IN (
                        SELECT seq FROM evidence AS e WHERE recorded_at < ? AND \(kept)
                        ORDER BY recorded_at LIMIT 2000 FOR UPDATE SKIP LOCKED)
                    """, [.integer(oldest)])
            }
        }
    }
#endif
