#if Redis
    /// Why a command has no answer.
    public struct RedisError: Error, Sendable, Hashable, CustomStringConvertible {
        public enum Kind: Sendable, Hashable {
            /// Nothing was sent: there is no connection, or it could not be made.
            case unavailable
            /// Nothing was sent: too many commands failed in a row, and no probe has been answered since.
            case breakerOpen
            /// Nothing was sent: too many commands stand in line.
            case lineFull
            /// There was no answer in time. The command may have been carried out, or may be yet.
            case timedOut
            /// The connection broke under the command. It may have been carried out.
            case connectionLost
            /// What came was no answer to the command. It may have been carried out.
            case garbled
            /// Redis answered with an error; the text is its own.
            case refused
        }

        public var kind: Kind
        public var description: String

        init(_ kind: Kind, _ description: String) {
            self.kind = kind
            self.description = description
        }

        /// Whether Redis can't have carried the command out, nor will.
        public var isUnsent: Bool {
            switch kind {
            case .unavailable, .breakerOpen, .lineFull: true
            case .timedOut, .connectionLost, .garbled, .refused: false
            }
        }
    }
#endif
