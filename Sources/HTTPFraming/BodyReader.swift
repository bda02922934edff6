import NIOCore

/// Takes a message's body out of the bytes that follow its head.
struct BodyReader: Sendable {
    private enum State: Sendable {
        case fixed(remaining: Int)
        case chunkSize
        case chunkData(remaining: Int)
        case chunkEnd
        case trailers(seen: Int)
        case untilClose
        case done
    }

    /// Longest line that says a chunk's size, its extensions included.
    static let chunkLineMax = 256
    static let trailersMax = 8_192

    enum Step {
        case needMore
        case body(ByteBuffer)
        case end
        case failure(FramingError)
    }

    private var state: State

    init(_ framing: BodyFraming) {
        switch framing {
        case .none: state = .done
        case .length(let length): state = length == 0 ? .done : .fixed(remaining: length)
        case .chunked: state = .chunkSize
        case .untilClose: state = .untilClose
        }
    }

    var endsWithConnection: Bool { if case .untilClose = state { true } else { false } }

    mutating func next(from buffer: inout ByteBuffer) -> Step {
        while true {
            switch state {
            case .done: return .end
            case .untilClose:
                guard let part = buffer.readSlice(length: buffer.readableBytes), part.readableBytes > 0 else { return .needMore }
                return .body(part)
            case .fixed(let remaining):
                guard let part = take(&buffer, atMost: remaining) else { return .needMore }
                let left = remaining - part.readableBytes
                state = left == 0 ? .done : .fixed(remaining: left)
                return .body(part)
            case .chunkData(let remaining):
                guard let part = take(&buffer, atMost: remaining) else { return .needMore }
                let left = remaining - part.readableBytes
                state = left == 0 ? .chunkEnd : .chunkData(remaining: left)
                return .body(part)
            case .chunkSize:
                switch chunkSize(&buffer) {
                case .success(nil): return .needMore
                case .success(let size?): state = size == 0 ? .trailers(seen: 0) : .chunkData(remaining: size)
                case .failure(let error): return .failure(error)
                }
            case .chunkEnd:
                guard buffer.readableBytes >= 2 else {
                    if buffer.readableBytes == 1, buffer.getInteger(at: buffer.readerIndex, as: UInt8.self) != 0x0D {
                        return .failure(FramingError(.badChunk))
                    }
                    return .needMore
                }
                guard buffer.readInteger(as: UInt16.self) == 0x0D0A else { return .failure(FramingError(.badChunk)) }
                state = .chunkSize
            case .trailers(let seen):
                switch line(&buffer, max: BodyReader.trailersMax - seen) {
                case .success(nil): return .needMore
                case .success(let length?):
                    if length == 0 {
                        state = .done
                    } else {
                        guard length + 2 + seen <= BodyReader.trailersMax else { return .failure(FramingError(.headTooLarge)) }
                        state = .trailers(seen: seen + length + 2)
                    }
                case .failure(let error): return .failure(error)
                }
            }
        }
    }

    private func take(_ buffer: inout ByteBuffer, atMost count: Int) -> ByteBuffer? {
        let length = min(count, buffer.readableBytes)
        return length > 0 ? buffer.readSlice(length: length) : nil
    }

    /// A trailer line's length without its CR LF, which is consumed; nil when it is not whole yet.
    private func line(_ buffer: inout ByteBuffer, max: Int) -> Result<Int?, FramingError> {
        let found: Result<Int?, FramingError> = buffer.withUnsafeReadableBytes { bytes in
            var at = 0
            while at < bytes.count {
                let byte = bytes[at]
                if byte == 0x0A { return .failure(FramingError(.bareLineFeed)) }
                if byte == 0x0D {
                    guard at + 1 < bytes.count else { return .success(nil) }
                    guard bytes[at + 1] == 0x0A else { return .failure(FramingError(.bareCarriageReturn)) }
                    return trailerError(bytes, at).map { .failure($0) } ?? .success(at)
                }
                guard isFieldContent(byte) else { return .failure(FramingError(.badFieldValue)) }
                at += 1
            }
            return at > max ? .failure(FramingError(.headTooLarge)) : .success(nil)
        }
        if case .success(let length?) = found { buffer.moveReaderIndex(forwardBy: length + 2) }
        return found
    }

    /// Trailers are dropped, but a reader that merges them into the head must not find another framing there.
    private func trailerError(_ bytes: UnsafeRawBufferPointer, _ length: Int) -> FramingError? {
        guard length > 0 else { return nil }
        var colon = 0
        while colon < length, isToken(bytes[colon]) { colon += 1 }
        guard colon > 0, colon < length, bytes[colon] == UInt8(ascii: ":") else { return FramingError(.badFieldName) }
        let isFraming = imitates(bytes, 0..<colon, "content-length") || imitates(bytes, 0..<colon, "transfer-encoding")
        return isFraming ? FramingError(.contentLengthAndTransferEncoding) : nil
    }

    /// `HEX [; extensions] CR LF`; nil when the line is not whole yet.
    private func chunkSize(_ buffer: inout ByteBuffer) -> Result<Int?, FramingError> {
        var length = 0
        let size: Result<Int?, FramingError> = buffer.withUnsafeReadableBytes { bytes in
            var value = 0
            var at = 0
            while at < bytes.count, let digit = hexDigit(bytes[at]) {
                guard at < 15 else { return .failure(FramingError(.badChunk)) }
                value = value << 4 | digit
                at += 1
            }
            guard at < bytes.count else { return .success(nil) }
            guard at > 0 else { return .failure(FramingError(.badChunk)) }
            if bytes[at] == UInt8(ascii: ";") {
                while at < bytes.count, isFieldContent(bytes[at]) {
                    guard at < BodyReader.chunkLineMax else { return .failure(FramingError(.badChunk)) }
                    at += 1
                }
                guard at < bytes.count else { return .success(nil) }
            }
            guard bytes[at] == 0x0D else { return .failure(FramingError(.badChunk)) }
            guard at + 1 < bytes.count else { return .success(nil) }
            guard bytes[at + 1] == 0x0A else { return .failure(FramingError(.badChunk)) }
            length = at + 2
            return .success(value)
        }
        buffer.moveReaderIndex(forwardBy: length)
        return size
    }

    private func hexDigit(_ byte: UInt8) -> Int? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): Int(byte - UInt8(ascii: "0"))
        case UInt8(ascii: "a")...UInt8(ascii: "f"): Int(byte - UInt8(ascii: "a")) + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): Int(byte - UInt8(ascii: "A")) + 10
        default: nil
        }
    }
}
