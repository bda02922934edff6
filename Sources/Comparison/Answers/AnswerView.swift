/// What a comparison needs of one answer. It borrows the bytes: the pointers must stay valid until `compare` returns.
///
/// With two `ByteBuffer`s, without a copy:
///
///     primary.body.withUnsafeReadableBytes { primaryBody in
///         shadow.body.withUnsafeReadableBytes { shadowBody in
///             comparator.compare(
///                 primary: AnswerView(status: 200, contentType: primaryType, body: primaryBody),
///                 shadow: AnswerView(status: 200, contentType: shadowType, body: shadowBody),
///                 rules: operation.rules)
///         }
///     }
///
/// Headers are given only where ``ResponseRules/headers`` names some; then all fields of those names, in the order they came
/// (more fields do no harm). Where a value is at hand as a `String`, `Array(value.utf8).withUnsafeBytes` lends its bytes.
public struct AnswerView {
    /// One header field, name and value as they came; white space around the value already taken off.
    public struct HeaderField {
        public var name: UnsafeRawBufferPointer
        public var value: UnsafeRawBufferPointer

        public init(name: UnsafeRawBufferPointer, value: UnsafeRawBufferPointer) {
            self.name = name
            self.value = value
        }
    }

    public var status: Int
    /// The value of `Content-Type`; nil when there is none.
    public var contentType: UnsafeRawBufferPointer?
    public var headers: [HeaderField]
    public var body: UnsafeRawBufferPointer

    public init(
        status: Int, contentType: UnsafeRawBufferPointer?, headers: [HeaderField] = [], body: UnsafeRawBufferPointer
    ) {
        self.status = status
        self.contentType = contentType
        self.headers = headers
        self.body = body
    }
}
