/// Finds the operation of a request by its method and the raw segments of its path.
///
/// Segments are compared as they stand on the wire: `%2F` inside a segment is three bytes of that segment, never a separator,
/// and an encoded letter is not the letter. So what matches here is what a side sees. A placeholder takes one segment that is
/// not empty and is neither `.` nor `..` in any spelling, because a side would fold those into another path.
struct OperationMatcher {
    private enum Segment {
        case literal([UInt8])
        case placeholder
    }

    private struct Pattern {
        var method: [UInt8]
        var segments: [Segment]
    }

    private let patterns: [Pattern]

    init(_ operations: [(method: String, template: String)]) {
        patterns = operations.map { operation in
            Pattern(
                method: Array(operation.method.utf8),
                segments: Self.segments(of: operation.template).map { segment in
                    Self.placeholderName(segment) == nil ? .literal(Array(segment.utf8)) : .placeholder
                })
        }
    }

    /// The index of the first operation that fits; `path` is the target without its query.
    func match(method: UnsafeRawBufferPointer, path: UnsafeRawBufferPointer) -> Int? {
        for (index, pattern) in patterns.enumerated() where Self.equal(method, pattern.method) {
            if Self.fits(path, pattern.segments) { return index }
        }
        return nil
    }

    private static func fits(_ path: UnsafeRawBufferPointer, _ segments: [Segment]) -> Bool {
        guard path.first == slash else { return false }
        var start = 1
        for (index, segment) in segments.enumerated() {
            guard start <= path.count else { return false }
            var end = start
            while end < path.count, path[end] != slash { end += 1 }
            let part = UnsafeRawBufferPointer(rebasing: path[start..<end])
            switch segment {
            case .literal(let bytes): guard equal(part, bytes) else { return false }
            case .placeholder: guard !part.isEmpty, !isDots(part) else { return false }
            }
            let isLast = index == segments.count - 1
            guard isLast == (end == path.count) else { return false }
            start = end + 1
        }
        return true
    }

    /// The range of segment number `index` (from 0) of a path.
    static func segment(_ index: Int, of path: UnsafeRawBufferPointer) -> Range<Int>? {
        guard path.first == slash else { return nil }
        var start = 1
        var number = 0
        while start <= path.count {
            var end = start
            while end < path.count, path[end] != slash { end += 1 }
            if number == index { return start..<end }
            number += 1
            start = end + 1
        }
        return nil
    }

    static func segments(of template: String) -> [Substring] {
        template.dropFirst(template.hasPrefix("/") ? 1 : 0).split(separator: "/", omittingEmptySubsequences: false)
    }

    static func placeholderName(_ segment: Substring) -> Substring? {
        segment.count > 2 && segment.first == "{" && segment.last == "}" ? segment.dropFirst().dropLast() : nil
    }

    /// A target without its query.
    static func path(of target: UnsafeRawBufferPointer) -> Range<Int> {
        0..<(target.firstIndex(of: 0x3F) ?? target.count)
    }

    private static let slash: UInt8 = 0x2F

    private static func equal(_ left: UnsafeRawBufferPointer, _ right: [UInt8]) -> Bool {
        guard left.count == right.count else { return false }
        for index in 0..<left.count where left[index] != right[index] { return false }
        return true
    }

    /// `.` or `..`, each dot plain or as `%2E`.
    private static func isDots(_ part: UnsafeRawBufferPointer) -> Bool {
        var index = 0
        var dots = 0
        while index < part.count {
            if part[index] == 0x2E {
                index += 1
            } else if index + 2 < part.count, part[index] == 0x25, part[index + 1] == 0x32, part[index + 2] | 0x20 == 0x65 {
                index += 3
            } else {
                return false
            }
            dots += 1
            if dots > 2 { return false }
        }
        return dots > 0
    }
}
