#if PostgreSQL
    /// Parameters as libpq takes them: text, each with a zero behind it, and bytes as they are.
    enum Parameters {
        typealias Body<Value> = (
            _ values: UnsafePointer<UnsafePointer<CChar>?>?, _ lengths: [Int32], _ formats: [Int32], _ types: [UInt32]
        ) -> Value

        /// The pointers are good while `body` runs.
        static func with<Value>(_ arguments: [PostgresValue], _ body: Body<Value>) -> Value {
            var storage: [UInt8] = []
            var starts: [Int] = []
            var lengths: [Int32] = []
            var formats: [Int32] = []
            for argument in arguments {
                let start = storage.count
                var format: Int32 = 0
                switch argument {
                case .integer(let value): storage.append(contentsOf: "\(value)".utf8)
                case .text(let value): storage.append(contentsOf: value.utf8)
                case .bytes(let value):
                    storage.append(contentsOf: value)
                    format = 1
                case .null: break
                }
                starts.append(argument == .null ? -1 : start)
                lengths.append(Int32(clamping: storage.count - start))
                formats.append(format)
                storage.append(0)
            }
            let types = arguments.map(\.type)
            return storage.withUnsafeBytes { bytes in
                let pointers = starts.map { start -> UnsafePointer<CChar>? in
                    start < 0 ? nil : bytes.baseAddress?.advanced(by: start).assumingMemoryBound(to: CChar.self)
                }
                return pointers.withUnsafeBufferPointer { body($0.baseAddress, lengths, formats, types) }
            }
        }
    }
#endif
