// Sorting set elements into groups before they are compared with each other.
extension Walk {
    /// A number that two elements share whenever they agree by the rules: what is ignored takes no part, and neither does the value
    /// where a rule may forgive. (Elements of one digest need not agree.)
    mutating func digest(ofElement index: Int, _ value: Int, in document: JSONDocument, _ standing: Standing) -> UInt64 {
        let mark = rules.enterElement(index)
        let result = rules.ignores ? 1 : digest(value, in: document, self.standing(standing))
        rules.leave(mark)
        return result
    }

    private mutating func digest(_ value: Int, in document: JSONDocument, _ standing: Standing) -> UInt64 {
        let kind = document.entries[value].kind
        switch kind {
        case .null:
            return 2
        case .true, .false:
            return isForgiving ? 3 : 4 + UInt64(kind.rawValue)
        case .number, .string:
            if isForgiving || standing.toleratesRepresentation { return 8 + UInt64(kind.rawValue) }
            return mix(UInt64(kind.rawValue), hash(document.text(value)))
        case .object:
            // The order of names means nothing.
            var sum: UInt64 = 16
            var name = document.firstInside(value)
            for _ in 0..<document.count(value) {
                let mark = rules.enterMember(document, name)
                if !rules.ignores {
                    sum &+= mix(UInt64(document.entries[name].count), digest(name + 1, in: document, self.standing(standing)))
                }
                rules.leave(mark)
                name = document.after(name + 1)
            }
            return mix(17, sum)
        case .array:
            let isOrdered = rules.last { if case .asSet = $0 { true } else if case .keyedBy = $0 { true } else { false } } == nil
            var result: UInt64 = 18
            var element = document.firstInside(value)
            for index in 0..<document.count(value) {
                let digest = digest(ofElement: index, element, in: document, standing)
                // An ignored element may be missing on the other side.
                if digest != 1 { result = isOrdered ? mix(result, digest) : result &+ mix(19, digest) }
                element = document.after(element)
            }
            return mix(20, result)
        }
    }

    private var isForgiving: Bool {
        rules.last { action in
            switch action {
            case .tolerance, .timeWithin, .caseInsensitive, .pattern, .tolerateRepresentation: true
            case .ignore, .asSet, .keyedBy, .severity: false
            }
        } != nil
    }

    private func hash(_ text: UnsafeRawBufferPointer) -> UInt64 {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in text { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01b3 }
        return hash
    }

    private func mix(_ left: UInt64, _ right: UInt64) -> UInt64 {
        var mixed = (left &+ 0x9E37_79B9_7F4A_7C15) &* 0xBF58_476D_1CE4_E5B9 ^ right
        mixed = (mixed ^ mixed >> 29) &* 0x94D0_49BB_1331_11EB
        return mixed ^ mixed >> 32
    }
}
