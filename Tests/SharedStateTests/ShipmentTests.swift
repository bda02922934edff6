#if PostgreSQL
    import Alerting
    import TestKit
    import Testing
    import Verdicts

    @testable import SharedState

    @Suite("Evidence on its way to the shared store")
    struct ShipmentTests {
        private func ids(_ range: Range<Int>, _ name: String = "e") -> [String] {
            range.map { "\(name)-\(String(repeating: "0", count: 4 - String($0).count))\($0)" }
        }

        @Test("arrives in order, whole, with one notice for its incident; a second look ships nothing")
        func inOrder() async throws {
            let member = try Member("a", try await sharedStore())
            defer { member.end() }
            let names = ids(0..<150)
            try await member.meet(names.map { Member.evidence($0) })
            await member.publisher.ship()
            await member.publisher.ship()
            #expect(try await member.shared() == names)
            #expect(member.publisher.standing.evidenceShipped == 150 && member.publisher.standing.evidenceWaiting == 0)
            #expect(try await member.sharedBook.incidents().map(\.count) == [150])
            #expect(try await member.sharedBook.notices().count == 1)
            #expect(try await member.ownBook.incidents().isEmpty)
            let back = try #require(try await EvidenceReader.fetch(id: names[7], in: member.database.store))
            #expect(back.request.body == [0, 1, 0xFF] && back.primary?.body == [0x7B, 0, 0x7D] && back.shadow == nil)
            // JSON keeps what PostgreSQL's text can't.
            #expect(back.keys == ["K\u{0}1"] && back.cause == "because")
        }

        @Test("two proxies that meet the same at once open one incident, with one notice")
        func oneIncident() async throws {
            let address = try await sharedStore()
            let members = try ["a", "b"].map { try Member($0, address) }
            defer { for member in members { member.end() } }
            for (number, member) in members.enumerated() {
                try await member.meet(ids(0..<100, "e\(number)").map { Member.evidence($0) })
            }
            await withTaskGroup(of: Void.self) { group in
                for member in members { group.addTask { await member.publisher.ship() } }
            }
            #expect(try await members[0].shared().count == 200)
            #expect(try await members[0].shared(of: "b") == ids(0..<100, "e1"))
            #expect(try await members[0].sharedBook.incidents().map(\.count) == [200])
            #expect(try await members[0].sharedBook.notices().count == 1)
        }

        @Test(
            "killed after the store has it and before the cursor says so: the next run sends it again, and nothing is there twice"
        )
        func killedBeforeTheCursor() async throws {
            let address = try await sharedStore()
            let names = ids(0..<100)
            let first = try Member("a", address)
            try await first.meet(names.map { Member.evidence($0) })
            let batch = try first.shipping.next()
            #expect(batch.evidence.count == 64)
            #expect(try await first.shipment.store(batch).isEmpty)
            first.end()

            let second = try Member("a", address, folder: first.folder)
            defer { second.end() }
            #expect(try second.shipping.backlog().waiting == 100)
            await second.publisher.ship()
            #expect(try await second.shared() == names)
            #expect(try await second.sharedBook.incidents().map(\.count) == [100])
            #expect(try await second.sharedBook.notices().count == 1)
        }

        @Test("a store that was set back is brought up to date again, and what was told is not told again")
        func setBack() async throws {
            let address = try await sharedStore()
            let member = try Member("a", address)
            try await member.meet([Member.evidence("e1"), Member.evidence("e2", operation: "transfer")])
            await member.publisher.ship()
            try await member.database.store.write { connection in
                for table in ["evidence", "incident", "incident_root", "notice", "shipped"] {
                    try connection.execute("DELETE FROM \(table)", [])
                }
            }
            member.end()
            let again = try Member("a", address, folder: member.folder)
            defer { again.end() }
            await again.publisher.ship()
            #expect(try await again.shared() == ["e1", "e2"])
            #expect(try await again.sharedBook.incidents().count == 2)
            // Whether those that went with the store were delivered, nobody knows.
            #expect(try await again.sharedBook.notices().count == 2)
        }

        @Test("one that was set back without an error being seen is noticed at the next batch")
        func setBackUnseen() async throws {
            let member = try Member("a", try await sharedStore())
            defer { member.end() }
            try await member.meet([Member.evidence("e1"), Member.evidence("e2", operation: "transfer")])
            await member.publisher.ship()
            let before = try await member.sharedBook.notices().map(\.webhookID).sorted()
            try await member.database.store.write { connection in
                for table in ["evidence", "incident", "incident_root", "notice", "shipped"] {
                    try connection.execute("DELETE FROM \(table)", [])
                }
            }
            try await member.meet([Member.evidence("e3", operation: "closure")])
            await member.publisher.ship()
            #expect(member.publisher.standing.awaySince == nil)
            await member.publisher.ship()
            #expect(try await member.shared() == ["e1", "e2", "e3"])
            let after = try await member.sharedBook.notices().map(\.webhookID).sorted()
            #expect(after.count == 3 && Set(before).isSubset(of: after))
        }

        @Test("one that the store refuses for what it is holds up no other, and is told from the folder")
        func refused() async throws {
            let member = try Member("a", try await sharedStore())
            defer { member.end() }
            // Too long for an index of PostgreSQL, and not to be pressed.
            var random = SystemRandomNumberGenerator()
            let long = (0..<2_000).map { _ in String(random.next(), radix: 36) }.joined()
            try await member.meet([
                Member.evidence("e1"), Member.evidence(long, operation: "transfer"), Member.evidence("e3"),
            ])
            await member.publisher.ship()
            #expect(try await member.shared() == ["e1", "e3"])
            let standing = member.publisher.standing
            #expect(standing.evidenceRefused == 1 && standing.evidenceShipped == 2 && standing.awaySince == nil)
            #expect(try await member.sharedBook.incidents().map(\.operation) == ["payout"])
            #expect(try await member.ownBook.incidents().map(\.operation) == ["transfer"])
            #expect(try await member.ownBook.notices().count == 1)
        }

        @Test("what a folder's own desk told before it was used with a store is shipped in silence")
        func usedWithoutBefore() async throws {
            let address = try await sharedStore()
            let folder = try TemporaryDirectory()
            let state = try StateDatabase(directory: folder.file("state"))
            try state.migrate(AlertSchema.schema)
            let desk = IncidentDesk(
                settings: AlertSettings(channels: Member.channels, legacyURL: "", candidateURL: ""), wakeCourier: {})
            let writer = EvidenceWriter(database: state, observers: [desk], clock: WallClock { 1_770_000_000_000_000 })
            writer.offer(Member.evidence("e1"))
            #expect(await writer.flush())
            writer.close()
            state.close()

            let member = try Member("a", address, folder: folder)
            try await member.meet([Member.evidence("e2", operation: "transfer")])
            await member.publisher.ship()
            #expect(try await member.sharedBook.incidents().count == 2)
            #expect(try await member.sharedBook.notices().count == 1)
            // Back to a run of its own, with something that nobody has told.
            try await member.meet([Member.evidence("e3", operation: "closure")])
            let own = member.ownDesk
            try EvidenceShipping.detach(member.state) { try own.observe($1, on: $0) }
            #expect(try await Set(member.ownBook.incidents().map(\.operation)) == ["payout", "closure"])
            member.end()
        }

        @Test("what the folder let go before it was shipped is counted")
        func lost() async throws {
            let member = try Member("a", try await sharedStore())
            defer { member.end() }
            try await member.meet(ids(0..<10).map { Member.evidence($0) })
            try member.state.storing { db in
                try SQLiteConnection(db).execute("DELETE FROM evidence WHERE seq BETWEEN 3 AND 6", [])
            }
            await member.publisher.ship()
            #expect(try await member.shared().count == 6)
            #expect(member.publisher.standing.evidenceLost == 4)
        }

        @Test("an instance's old evidence goes from the store, the first of each fingerprint stays")
        func trimmed() async throws {
            let member = try Member("a", try await sharedStore())
            defer { member.end() }
            let day: Int64 = 86_400_000_000
            try await member.meet(
                (0..<4).map { Member.evidence("e\($0)", at: member.world.now - 40 * day) } + [Member.evidence("e4")])
            await member.publisher.ship()
            try await member.shipment.trim(now: member.world.now)
            #expect(try await member.shared() == ["e0", "e4"])
        }
    }
#endif
