#if Kafka
    import Foundation

    /// Where a Kafka topic is: an address such as
    /// `kafka://user:secret@broker-1:9092,broker-2:9092/tax-events?security.protocol=SASL_SSL&ssl.ca.location=/etc/ca.pem`.
    ///
    /// Hosts without a port are asked at 9092. What stands behind the `?` is handed to librdkafka under its own names, but for what the
    /// promises made here rest on (``Self/fixed``). User and password stand for `sasl.username` and `sasl.password`, with
    /// `sasl.mechanism` PLAIN unless another one is named; `password_file` names a file that holds the password alone. Everything may hold
    /// `%` escapes.
    public struct KafkaSettings: Sendable, Hashable {
        public struct Refusal: Error, Sendable, Hashable, CustomStringConvertible {
            public let description: String
        }

        /// Properties that an address can't set: order and "not lost" rest on them.
        public static let fixed: Set<String> = [
            "bootstrap.servers", "metadata.broker.list", "client.id", "group.id", "acks", "request.required.acks",
            "enable.idempotence", "enable.auto.commit", "enable.auto.offset.store", "auto.offset.reset",
            "enable.partition.eof", "transactional.id", "test.mock.num.brokers", "sasl.password", "partitioner",
            "partition.assignment.strategy",
            "group.instance.id", "delivery.timeout.ms", "plugin.library.paths",
        ]

        /// `host:port`, at least one.
        public var brokers: [String]
        public var topic: String
        /// librdkafka's properties, by name.
        public var properties: [String: String] = [:]

        /// - Throws: a sentence that names the part that can't be used; it never holds the password.
        public init(_ address: String) throws(Refusal) {
            let scheme = "kafka://"
            guard address.hasPrefix(scheme) else {
                throw Refusal(description: "a Kafka address begins with kafka://, as in kafka://127.0.0.1:9092/tax-events")
            }
            let parts = address.dropFirst(scheme.count).split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
            let (authority, topic) = KafkaSettings.cut(parts.first ?? "", at: "/")
            var hosts = authority
            if let at = authority.lastIndex(of: "@") {
                let (user, password) = KafkaSettings.cut(authority[..<at], at: ":")
                properties["sasl.username"] = try KafkaSettings.decoded(user, "the user")
                if let password { properties["sasl.password"] = try KafkaSettings.decoded(password, "the password") }
                hosts = authority[authority.index(after: at)...]
            }
            brokers = []
            for host in hosts.split(separator: ",", omittingEmptySubsequences: false) {
                brokers.append(try KafkaSettings.broker(host))
            }
            self.topic = try KafkaSettings.topic(
                topic.map { topic throws(Refusal) in try KafkaSettings.decoded(topic, "the topic") })
            if parts.count > 1 { for pair in parts[1].split(separator: "&") { try take(pair) } }
            guard properties["sasl.username"] == nil || properties["sasl.password"] != nil else {
                throw Refusal(description: "the Kafka address names a user and no password")
            }
            if properties["sasl.username"] != nil, properties["sasl.mechanism"] == nil { properties["sasl.mechanism"] = "PLAIN" }
        }

        private mutating func take(_ pair: Substring) throws(Refusal) {
            let (name, raw) = KafkaSettings.cut(pair, at: "=")
            let value = try KafkaSettings.decoded(raw ?? "", "`\(name)`")
            if name == "password_file" {
                guard properties["sasl.password"] == nil else {
                    throw Refusal(description: "the Kafka address has a password and a `password_file`: leave one out")
                }
                properties["sasl.password"] = try KafkaSettings.password(inFile: value)
                return
            }
            guard !KafkaSettings.fixed.contains(String(name)) else {
                throw Refusal(description: "the Kafka address can't set `\(name)`: what is promised about tax events rests on it")
            }
            if let complaint = KafkaConfiguration.complaint(about: String(name), value) { throw Refusal(description: complaint) }
            properties[String(name)] = value
        }

        private static func broker(_ text: Substring) throws(Refusal) -> String {
            let host: Substring
            let port: Substring?
            if text.first == "[", let end = text.firstIndex(of: "]") {
                host = text[...end]
                let rest = text[text.index(after: end)...]
                guard rest.isEmpty || rest.first == ":" else {
                    throw Refusal(description: "the Kafka address has \"\(rest)\" where a port should stand")
                }
                port = rest.isEmpty ? nil : rest.dropFirst()
            } else {
                (host, port) = cut(text, at: ":")
            }
            guard !host.isEmpty, host.utf8.count <= 255, host.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
                throw Refusal(description: "the Kafka address names no broker, as in kafka://127.0.0.1:9092/tax-events")
            }
            guard let port else { return "\(host):9092" }
            guard let number = Int(port), (1...65_535).contains(number) else {
                throw Refusal(description: "the port of a Kafka broker is a whole number from 1 to 65535, not \"\(port)\"")
            }
            return "\(host):\(number)"
        }

        /// The rule is Kafka's own; the bound leaves room for ``deadLetterTopic``.
        private static func topic(_ text: String?) throws(Refusal) -> String {
            guard let text, !text.isEmpty else {
                throw Refusal(description: "the Kafka address names no topic, as in kafka://127.0.0.1:9092/tax-events")
            }
            let allowed = text.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-"):
                    true
                default: false
                }
            }
            guard allowed, text != ".", text != "..", text.utf8.count <= 200 else {
                throw Refusal(description: "a topic has up to 200 letters, digits, `.`, `_` and `-`, unlike \"\(text)\"")
            }
            return text
        }

        private static func password(inFile path: String) throws(Refusal) -> String {
            guard let bytes = FileManager.default.contents(atPath: path) else {
                throw Refusal(description: "the password file \(path) can't be read")
            }
            let password = String(decoding: bytes, as: UTF8.self).trimmingCharacters(in: .newlines)
            guard !password.isEmpty else { throw Refusal(description: "the password file \(path) is empty") }
            return password
        }

        private static func cut(_ text: Substring, at mark: Character) -> (Substring, Substring?) {
            guard let index = text.firstIndex(of: mark) else { return (text, nil) }
            return (text[..<index], text[text.index(after: index)...])
        }

        private static func decoded(_ text: Substring, _ what: String) throws(Refusal) -> String {
            guard let decoded = String(text).removingPercentEncoding else {
                throw Refusal(description: "\(what) of the Kafka address has a `%` that begins no escape; write it as %25")
            }
            return decoded
        }

        /// Where messages go that no retry mends.
        public var deadLetterTopic: String { topic + ".dead-letters" }

        /// Brokers and topic, without user and secret: fit for a log.
        public var place: String { "kafka://\(brokers.joined(separator: ","))/\(topic)" }
    }
#endif
