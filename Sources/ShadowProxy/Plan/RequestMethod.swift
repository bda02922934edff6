/// What a method promises (RFC 9110 §9.2).
enum RequestMethod: Sendable, Equatable {
    case get
    case head
    /// OPTIONS and TRACE: safe, but nothing of theirs is compared unless an operation says so.
    case otherSafe
    case unsafe

    init(_ bytes: UnsafeRawBufferPointer) {
        func equals(_ text: StaticString) -> Bool {
            guard bytes.count == text.utf8CodeUnitCount else { return false }
            return text.withUTF8Buffer { $0.elementsEqual(bytes) }
        }
        if equals("GET") {
            self = .get
        } else if equals("HEAD") {
            self = .head
        } else if equals("OPTIONS") || equals("TRACE") {
            self = .otherSafe
        } else {
            self = .unsafe
        }
    }

    /// GET and HEAD: may be sent twice, and are what an unnamed call must be to be compared.
    var isSafe: Bool { self == .get || self == .head }
}
