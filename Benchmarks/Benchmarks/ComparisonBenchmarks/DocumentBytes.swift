import SimdjsonShim

/// A document at a fixed place in memory, with the zero bytes behind it that simdjson may read: every contender reads the same bytes,
/// and none has to copy them first.
final class DocumentBytes {
    private let memory: UnsafeMutableRawBufferPointer
    /// The document alone.
    let text: UnsafeRawBufferPointer

    init(_ document: String) {
        let bytes = Array(document.utf8)
        memory = .allocate(byteCount: bytes.count + simdjson_padding(), alignment: 64)
        memory.initializeMemory(as: UInt8.self, repeating: 0)
        memory.copyBytes(from: bytes)
        text = UnsafeRawBufferPointer(rebasing: memory[0..<bytes.count])
    }

    deinit { memory.deallocate() }
}
