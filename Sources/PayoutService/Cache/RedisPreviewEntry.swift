#if Redis
    /// How a preview is written in Redis: five lines (lineage, order, last reference, status, content type), then the body.
    struct RedisPreviewEntry: Sendable {
        let lineage: String
        /// The first three lines: an entry that does not begin with them is of another state.
        private let head: [UInt8]
        private static let newline = UInt8(ascii: "\n")

        init(token: PreviewToken, rules: String) {
            // The first number is that of this form and of the rules that are the same in all processes.
            lineage = "1 \(rules) \(token.lineage)"
            head = Array("\(lineage)\n\(token.order)\n\(token.lastReference ?? "")\n".utf8)
        }

        func bytes(_ reply: Reply) -> [UInt8] { head + Array("\(reply.status)\n\(reply.contentType)\n".utf8) + reply.body }

        /// Nil if it is of another state, or none of ours.
        func reply(_ bytes: [UInt8]) -> Reply? {
            guard bytes.starts(with: head) else { return nil }
            let parts = bytes[head.count...].split(
                separator: RedisPreviewEntry.newline, maxSplits: 2, omittingEmptySubsequences: false)
            guard parts.count == 3, let status = Int(String(decoding: parts[0], as: UTF8.self)), (200...599).contains(status),
                !parts[1].isEmpty, !parts[2].isEmpty
            else { return nil }
            return Reply(status: status, contentType: String(decoding: parts[1], as: UTF8.self), body: Array(parts[2]))
        }
    }
#endif
