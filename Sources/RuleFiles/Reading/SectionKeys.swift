/// The keys of one mapping of the file.
package struct SectionKeys: Sendable {
    /// As docs/configuration.md writes it: `limits`, `operations[]`, `compare.rules[]`.
    package let name: String
    package let keys: [String]

    package init(_ name: String, _ keys: [String]) {
        self.name = name
        self.keys = keys
    }
}
