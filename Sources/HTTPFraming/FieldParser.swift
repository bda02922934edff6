/// Reads the header lines of one head and what they say about framing. Used for requests and answers alike.
struct FieldParser {
    static let fieldsMax = 200
    /// Words of all Connection headers together: each costs a look at every header when the head is copied.
    static let connectionWordsMax = 32

    /// Empty where `keepsFields` is false.
    private(set) var fields: [HeaderField]
    private let keepsFields: Bool
    private(set) var count = 0
    private(set) var contentLength: Int?
    private(set) var contentLengths = 0
    private(set) var transferEncodings = 0
    private(set) var isChunked = false
    private(set) var hosts = 0
    private(set) var host = 0..<0
    /// The first of its kind.
    private(set) var contentType: Range<Int>?
    private(set) var hasIdempotencyKey = false
    /// Lines that no writer passes on.
    private(set) var leftOut = LeftOutLines()
    private(set) var saysClose = false
    private(set) var saysKeepAlive = false
    /// True when Connection names more than `close` and `keep-alive`.
    private(set) var connectionNamesFields = false
    private(set) var expectsContinue = false
    private(set) var hasUnknownExpectation = false
    private(set) var connectionNamesProtected = false
    private var connectionWords = 0

    /// - Parameter fields: an array whose memory is used again; nil where the fields need not be kept.
    init(reusing fields: [HeaderField]?) {
        self.fields = fields ?? []
        keepsFields = fields != nil
        self.fields.removeAll(keepingCapacity: true)
    }

    /// `start` is the first header line's first byte; the head ends with its empty line.
    mutating func parse(_ bytes: UnsafeRawBufferPointer, from start: Int) -> FramingError? {
        if keepsFields, fields.capacity < 16 { fields.reserveCapacity(16) }
        var at = start
        let end = bytes.count - 2
        while at < end {
            if isBlank(bytes[at]) { return FramingError(.obsoleteFold) }
            var colon = at
            while colon < end, isToken(bytes[colon]) { colon += 1 }
            guard colon > at, colon < end, bytes[colon] == UInt8(ascii: ":") else { return FramingError(.badFieldName) }
            var valueStart = colon + 1
            while isBlank(bytes[valueStart]) { valueStart += 1 }
            let lineEnd = endOfFieldContent(bytes, from: valueStart)
            guard bytes[lineEnd] == 0x0D else { return FramingError(.badFieldValue) }
            guard bytes[lineEnd + 1] == 0x0A else { return FramingError(.bareCarriageReturn) }
            var valueEnd = lineEnd
            while valueEnd > valueStart, isBlank(bytes[valueEnd - 1]) { valueEnd -= 1 }
            guard count < FieldParser.fieldsMax else { return FramingError(.headTooLarge) }
            count += 1
            let kind = FieldKind.of(bytes, at..<colon)
            if keepsFields {
                fields.append(
                    HeaderField(
                        nameStart: Int32(truncatingIfNeeded: at), nameLength: Int32(truncatingIfNeeded: colon - at),
                        valueStart: Int32(truncatingIfNeeded: valueStart),
                        valueLength: Int32(truncatingIfNeeded: valueEnd - valueStart), kind: kind))
            }
            if kind != .other, let error = note(bytes, kind, line: at..<lineEnd + 2, value: valueStart..<valueEnd) {
                return error
            }
            at = lineEnd + 2
        }
        return nil
    }

    private mutating func note(_ bytes: UnsafeRawBufferPointer, _ kind: FieldKind, line: Range<Int>, value: Range<Int>)
        -> FramingError?
    {
        if kind.staysHere { leftOut.add(line) }
        switch kind {
        case .host:
            hosts += 1
            host = value
        case .expect:
            if matches(bytes, value, "100-continue") { expectsContinue = true } else { hasUnknownExpectation = true }
        case .connection:
            connection(bytes, value)
            if connectionWords > FieldParser.connectionWordsMax { return FramingError(.badConnection) }
        case .contentLength:
            contentLengths += 1
            guard !value.isEmpty, value.count <= 18 else { return FramingError(.badContentLength) }
            var length = 0
            for index in value {
                guard isDigit(bytes[index]) else { return FramingError(.badContentLength) }
                length = length * 10 + Int(bytes[index] - UInt8(ascii: "0"))
            }
            contentLength = length
        case .contentType: if contentType == nil { contentType = value }
        case .transferEncoding:
            transferEncodings += 1
            isChunked = matches(bytes, value, "chunked")
        // A service behind a gateway that turns names into variables takes an underscore for a hyphen.
        case .disguisedFraming: return FramingError(.disguisedFraming)
        case .idempotencyKey: hasIdempotencyKey = true
        default: break
        }
        return nil
    }

    private mutating func connection(_ bytes: UnsafeRawBufferPointer, _ value: Range<Int>) {
        forEachToken(bytes, value) { token in
            connectionWords += 1
            if matches(bytes, token, "close") {
                saysClose = true
            } else if matches(bytes, token, "keep-alive") {
                saysKeepAlive = true
            } else {
                connectionNamesFields = true
                if isProtected(bytes, token) { connectionNamesProtected = true }
            }
        }
    }

    /// What the framing headers say together, by RFC 9112 §6.3, refusing whatever two readers could read differently.
    func framing(minorVersion: Int) -> Result<BodyFraming?, FramingError> {
        if transferEncodings > 0 {
            if contentLengths > 0 { return .failure(FramingError(.contentLengthAndTransferEncoding)) }
            if transferEncodings > 1 || minorVersion == 0 { return .failure(FramingError(.badTransferEncoding)) }
            return isChunked ? .success(.chunked) : .failure(FramingError(.transferEncodingNotImplemented))
        }
        if contentLengths > 1 { return .failure(FramingError(.severalContentLengths)) }
        return .success(contentLength.map { .length($0) })
    }
}

/// Headers that Connection may not take away from the service: without them a request means something else.
func isProtected(_ bytes: UnsafeRawBufferPointer, _ name: Range<Int>) -> Bool {
    matches(bytes, name, "host") || matches(bytes, name, "content-length") || matches(bytes, name, "content-type")
        || matches(bytes, name, "content-encoding") || matches(bytes, name, "authorization") || matches(bytes, name, "cookie")
        || matches(bytes, name, "idempotency-key") || matches(bytes, name, "x-request-time")
        || matches(bytes, name, "x-shadow-mode")
        || matches(bytes, name, "x-forwarded-for") || matches(bytes, name, "x-forwarded-host")
        || matches(bytes, name, "x-forwarded-proto")
}

/// The comma-separated words of a list value, white space around them dropped, empty ones skipped.
@inline(__always)
func forEachToken(_ bytes: UnsafeRawBufferPointer, _ value: Range<Int>, _ body: (Range<Int>) -> Void) {
    var at = value.lowerBound
    while at < value.upperBound {
        var end = at
        while end < value.upperBound, bytes[end] != UInt8(ascii: ",") { end += 1 }
        var first = at
        var last = end
        while first < last, isBlank(bytes[first]) { first += 1 }
        while last > first, isBlank(bytes[last - 1]) { last -= 1 }
        if first < last { body(first..<last) }
        at = end + 1
    }
}
