#if Kafka
    import TestKit
    import Testing

    @testable import KafkaClient

    @Suite struct KafkaSettingsTests {
        @Test func theWholeAddressIsRead() throws {
            let settings = try KafkaSettings(
                "kafka://app:s%40cret@one.bank:9093,two.bank,[::1]:9094/tax.events-1?security.protocol=sasl_ssl"
                    + "&session.timeout.ms=6000")
            #expect(settings.brokers == ["one.bank:9093", "two.bank:9092", "[::1]:9094"])
            #expect(settings.topic == "tax.events-1")
            #expect(settings.deadLetterTopic == "tax.events-1.dead-letters")
            #expect(
                settings.properties == [
                    "sasl.username": "app", "sasl.password": "s@cret", "sasl.mechanism": "PLAIN",
                    "security.protocol": "sasl_ssl", "session.timeout.ms": "6000",
                ])
            #expect(settings.place == "kafka://one.bank:9093,two.bank:9092,[::1]:9094/tax.events-1")
        }

        @Test func whatIsLeftOutHasADefault() throws {
            let settings = try KafkaSettings("kafka://h/t")
            #expect(settings.brokers == ["h:9092"])
            #expect(settings.properties.isEmpty)
            let scram = try KafkaSettings("kafka://app:hidden@h/t?sasl.mechanism=SCRAM-SHA-512")
            #expect(scram.properties["sasl.mechanism"] == "SCRAM-SHA-512")
        }

        @Test(arguments: [
            ("http://h/t", "begins with kafka://"),
            ("kafka:///t", "names no broker"),
            ("kafka://h", "names no topic"),
            ("kafka://h/", "names no topic"),
            ("kafka://h,/t", "names no broker"),
            ("kafka://h:0/t", "from 1 to 65535, not \"0\""),
            ("kafka://h:x/t", "not \"x\""),
            ("kafka://[::1]x/t", "where a port should stand"),
            ("kafka://h/tax events", "unlike \"tax events\""),
            ("kafka://h/..", "unlike \"..\""),
            ("kafka://h/" + String(repeating: "t", count: 201), "up to 200"),
            ("kafka://app@h/t", "names a user and no password"),
            ("kafka://app:a%zz@h/t", "write it as %25"),
            ("kafka://h/t?acks=0", "can't set `acks`"),
            ("kafka://h/t?enable.auto.commit=true", "can't set `enable.auto.commit`"),
            ("kafka://h/t?partitioner=random", "can't set `partitioner`"),
            ("kafka://h/t?plugin.library.paths=x", "can't set `plugin.library.paths`"),
            ("kafka://h/t?sesion.timeout.ms=1", "sesion.timeout.ms"),
            ("kafka://h/t?session.timeout.ms=soon", "session.timeout.ms"),
            ("kafka://app:hidden@h/t?password_file=/nowhere", "leave one out"),
            ("kafka://app@h/t?password_file=/nowhere/at/all", "/nowhere/at/all can't be read"),
        ]) func whatCannotBeUsedIsNamed(_ address: String, _ part: String) {
            let refusal = #expect(throws: KafkaSettings.Refusal.self) { try KafkaSettings(address) }
            #expect(refusal?.description.contains(part) == true, "\(refusal?.description ?? "")")
            #expect(refusal?.description.contains("hidden") == false)
        }

        @Test func aPasswordMayStandInAFile() throws {
            let folder = try TemporaryDirectory()
            let file = try folder.write("se cret\n", to: "password")
            #expect(try KafkaSettings("kafka://app@h/t?password_file=\(file)").properties["sasl.password"] == "se cret")
            let empty = try folder.write("\n", to: "empty")
            #expect(throws: KafkaSettings.Refusal.self) { try KafkaSettings("kafka://app@h/t?password_file=\(empty)") }
        }
    }
#endif
