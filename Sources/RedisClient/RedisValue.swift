#if Redis
    /// An answer, as RESP2 knows them.
    public enum RedisValue: Sendable, Hashable {
        case status(String)
        case bytes([UInt8])
        case integer(Int64)
        case null
        case array([RedisValue])
        case error(String)
    }
#endif
