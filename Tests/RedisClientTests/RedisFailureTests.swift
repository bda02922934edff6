#if Redis
    import TestKit
    import Testing

    @testable import RedisClient

    /// Against a server that answers as no Redis should.
    @Suite struct RedisFailureTests {
        struct Case: Sendable, CustomTestStringConvertible {
            var name: String
            var steps: [StubRedis.Step]
            var kind: RedisError.Kind
            /// Whether the next command can have the same connection.
            var isConnectionKept = false

            var testDescription: String { name }
        }

        /// What a GET is answered with.
        static let cases = [
            Case(name: "silence", steps: [], kind: .timedOut),
            Case(name: "half an answer", steps: [.send("$10\r\nabc")], kind: .timedOut),
            Case(
                name: "byte by byte", steps: [.dribble("$400\r\n" + String(repeating: "a", count: 400), milliseconds: 20)],
                kind: .timedOut),
            Case(name: "closing", steps: [.close], kind: .connectionLost),
            Case(name: "half an answer, then closing", steps: [.send("$10\r\nabc"), .close], kind: .connectionLost),
            Case(name: "another protocol", steps: [.send("HTTP/1.1 400 Bad Request\r\n\r\n")], kind: .garbled),
            Case(name: "a length that is none", steps: [.send("$abc\r\n")], kind: .garbled),
            Case(name: "a status", steps: [.send("+OK\r\n")], kind: .garbled),
            Case(name: "an integer", steps: [.send(":1\r\n")], kind: .garbled),
            Case(name: "an array", steps: [.send("*1\r\n$1\r\na\r\n")], kind: .garbled),
            Case(name: "an array too long to hold", steps: [.send("*2000000000\r\n")], kind: .garbled),
            Case(
                name: "an error", steps: [.send("-LOADING Redis is loading the dataset in memory\r\n")], kind: .refused,
                isConnectionKept: true),
        ]

        @Test(arguments: cases) func aFailureIsNamedAndTheNextCommandIsAnswered(_ failure: Case) async throws {
            let stub = try await StubRedis.start { words in
                words.first == "GET" ? failure.steps : [.send("+PONG\r\n")]
            }
            let client = RedisClient(try RedisSettings(stub.address("timeout=200&pool=1")))
            try await client.ping()
            let error = await #expect(throws: RedisError.self) { try await client.get("a") }
            #expect(error?.kind == failure.kind, "\(error?.description ?? "")")
            try await client.ping()
            #expect(client.statistics.connectionsMade == (failure.isConnectionKept ? 1 : 2))
            #expect(client.statistics.errors == 1)
            #expect(client.statistics.timeouts == (failure.kind == .timedOut ? 1 : 0))
            #expect(client.statistics.garbled == (failure.kind == .garbled ? 1 : 0))
            try await stub.shutdown()
        }

        @Test(arguments: cases) func everyKindOpensTheBreaker(_ failure: Case) async throws {
            let stub = try await StubRedis.start { words in
                words.first == "GET" ? failure.steps : [.send("+PONG\r\n")]
            }
            let client = RedisClient(try RedisSettings(stub.address("timeout=100&pool=1&failures=2")))
            for _ in 0..<2 {
                let error = await #expect(throws: RedisError.self) { try await client.get("a") }
                #expect(error?.kind == failure.kind)
            }
            #expect(client.statistics.breakerOpened == 1)
            try await eventually("a probe that is answered") { client.statistics.breakerClosed == 1 }
            try await client.ping()
            try await stub.shutdown()
        }

        /// A second answer must not be taken for that of the next command.
        @Test func anAnswerThatNobodyAskedForEndsTheConnection() async throws {
            let stub = try await StubRedis.start { words in
                words.first == "GET" ? [.send("$1\r\na\r\n$1\r\nb\r\n")] : [.send("+PONG\r\n")]
            }
            let client = RedisClient(try RedisSettings(stub.address("timeout=1000&pool=1")))
            for _ in 0..<3 { #expect(try await client.get("k") == Array("a".utf8)) }
            try await stub.shutdown()
        }

        @Test func answersThatCameBeforeTheFailureCount() async throws {
            let stub = try await StubRedis.start { words in
                words == ["GET", "bad"] ? [.send("+OK\r\n")] : [.send("$1\r\na\r\n")]
            }
            let client = RedisClient(try RedisSettings(stub.address("timeout=1000&pool=1&failures=100")))
            let right = await withTaskGroup(of: Bool.self) { group in
                for index in 0..<40 {
                    group.addTask { (try? await client.get(index == 20 ? "bad" : "k\(index)")) == Array("a".utf8) }
                }
                return await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
            }
            #expect(right >= 1)
            #expect(right < 40)
            #expect(client.statistics.garbled >= 1)
            #expect(client.statistics.errors == 40 - right)
            try await stub.shutdown()
        }

        @Test func theLineHasABound() async throws {
            let stub = try await StubRedis.start { _ in [] }
            let client = RedisClient(try RedisSettings(stub.address("timeout=300&pool=1&failures=10000")))
            let kinds = await withTaskGroup(of: RedisError.Kind?.self) { group in
                for _ in 0..<(RedisLine.lineMax + 500) {
                    group.addTask {
                        do throws(RedisError) {
                            try await client.ping()
                            return nil
                        } catch { return error.kind }
                    }
                }
                return await group.reduce(into: Set<RedisError.Kind?>()) { $0.insert($1) }
            }
            #expect(kinds.contains(.lineFull))
            #expect(client.statistics.lineRefusals > 0)
            try await stub.shutdown()
        }
    }
#endif
