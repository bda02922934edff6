/// Where a key is noted before the candidate gets its first write: the answer to who wrote on the candidate. Calls return at once;
/// completions run on the store's own thread, in the order of the calls.
public protocol WrittenKeyStore: Sendable {
    /// Durable when the completion gets nil, else it gets why not. A key that is noted already stays as it is.
    func note(_ keys: [String], completion: @escaping @Sendable (StateError?) -> Void)
}
