/// Finds a name that stands twice in one object.
enum DuplicateNames {
    /// Up to here every name meets every other (cheap: two hashes); beyond, the names are sorted.
    private static let pairwiseMax = 16

    static func stand(in object: Int, of tape: borrowing JSONTape, bytes: UnsafeRawPointer) -> Bool {
        let entries = tape.entries
        let members = Int(entries[object].count)
        if members < 2 { return false }
        let document = JSONDocument(bytes: bytes, entries: UnsafePointer(entries))
        if members <= pairwiseMax {
            return withUnsafeTemporaryAllocation(of: (hash: UInt32, name: UInt32).self, capacity: members) { seen in
                var name = document.firstInside(object)
                for place in 0..<members {
                    let hash = entries[name].count
                    for earlier in 0..<place where seen[earlier].hash == hash {
                        if document.textOrder(Int(seen[earlier].name), name) == 0 { return true }
                    }
                    seen.initializeElement(at: place, to: (hash, UInt32(truncatingIfNeeded: name)))
                    name = document.after(name + 1)
                }
                return false
            }
        }
        let names = document.sortedNames(of: object)
        return zip(names, names.dropFirst()).contains { document.nameOrder(Int($0), Int($1)) == 0 }
    }
}
