#if PostgreSQL
    import CPostgres

    /// What the server answered one statement; freed with its last row.
    final class PostgresResult {
        let handle: OpaquePointer

        init(_ handle: OpaquePointer) { self.handle = handle }

        deinit { PQclear(handle) }

        var rows: [PostgresRow] { (0..<PQntuples(handle)).map { PostgresRow(result: self, row: $0) } }

        /// What the command says of itself: `COMMIT`, `INSERT 0 1`.
        var tag: String { String(cString: PQcmdStatus(handle)) }

        /// Rows that an INSERT, UPDATE or DELETE changed; 0 for other statements.
        var changedRows: Int { Int(String(cString: PQcmdTuples(handle))) ?? 0 }
    }

    /// One row of an answer, in the server's text form. Valid on the thread that asked.
    public struct PostgresRow {
        let result: PostgresResult
        let row: Int32

        public func isNull(_ column: Int) -> Bool { PQgetisnull(result.handle, row, Int32(column)) != 0 }

        public func integer(_ column: Int) throws(PostgresError) -> Int64 {
            guard let value = try integerIfAny(column) else { throw null(column) }
            return value
        }

        public func integerIfAny(_ column: Int) throws(PostgresError) -> Int64? {
            guard let text = text(at: column) else { return nil }
            guard let value = Int64(text) else {
                throw PostgresError(.unexpectedShape, "column \(column) holds \"\(text)\" and no 64-bit integer")
            }
            return value
        }

        public var columns: Int { Int(PQnfields(result.handle)) }

        /// The value as its column's type has it: `bytea` as bytes, integers and `boolean` (0 or 1) as integers, everything else as text.
        public func value(_ column: Int) throws(PostgresError) -> PostgresValue {
            guard let text = text(at: column) else { return .null }
            switch PQftype(result.handle, Int32(column)) {
            case 16: return .integer(text == "t" ? 1 : 0)
            case 17: return .bytes(try bytes(column))
            case 20, 21, 23: return .integer(try integer(column))
            default: return .text(text)
            }
        }

        /// `boolean`, or an integer that is not 0.
        public func flag(_ column: Int) throws(PostgresError) -> Bool {
            switch text(at: column) {
            case nil: throw null(column)
            case "t": true
            case "f": false
            default: try integer(column) != 0
            }
        }

        public func text(_ column: Int) throws(PostgresError) -> String {
            guard let value = text(at: column) else { throw null(column) }
            return value
        }

        public func textIfAny(_ column: Int) -> String? { text(at: column) }

        /// A `bytea` in the server's hexadecimal form.
        public func bytes(_ column: Int) throws(PostgresError) -> [UInt8] {
            let text = try text(column).utf8
            guard text.starts(with: "\\x".utf8), text.count.isMultiple(of: 2) else {
                throw PostgresError(.unexpectedShape, "column \(column) holds no bytes")
            }
            var bytes: [UInt8] = []
            bytes.reserveCapacity(text.count / 2 - 1)
            var high: UInt8?
            for digit in text.dropFirst(2) {
                guard let value = PostgresRow.nibble(digit) else {
                    throw PostgresError(.unexpectedShape, "column \(column) holds no bytes")
                }
                if let first = high {
                    bytes.append(first << 4 | value)
                    high = nil
                } else {
                    high = value
                }
            }
            return bytes
        }

        private static func nibble(_ digit: UInt8) -> UInt8? {
            switch digit {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0")
            case UInt8(ascii: "a")...UInt8(ascii: "f"): digit - UInt8(ascii: "a") + 10
            default: nil
            }
        }

        private func text(at column: Int) -> String? {
            precondition(column >= 0 && column < Int(PQnfields(result.handle)), "no column \(column)")
            guard !isNull(column), let value = PQgetvalue(result.handle, row, Int32(column)) else { return nil }
            return String(cString: value)
        }

        private func null(_ column: Int) -> PostgresError {
            PostgresError(.unexpectedShape, "column \(column) is NULL where a value belongs")
        }
    }
#endif
