/// The keys of one request, mostly one: the first stands in place, so that an ordinary list costs no memory of its own.
struct KeyList: Sendable, RandomAccessCollection {
    private let first: RequestKey?
    private let others: [RequestKey]

    init() {
        first = nil
        others = []
    }

    init(_ key: RequestKey) {
        first = key
        others = []
    }

    init(_ keys: [RequestKey]) {
        first = keys.first
        others = keys.count > 1 ? Array(keys.dropFirst()) : []
    }

    var startIndex: Int { 0 }
    var endIndex: Int { first == nil ? 0 : 1 + others.count }

    subscript(position: Int) -> RequestKey {
        guard position == 0, let first else { return others[position - 1] }
        return first
    }

    /// The only key, where there is just one.
    var only: RequestKey? { others.isEmpty ? first : nil }
}
