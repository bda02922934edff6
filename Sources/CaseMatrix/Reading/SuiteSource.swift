import Foundation
import RuleFiles

/// A suite file and what it includes, laid over each other.
///
/// The including file wins. `calls`, `defaults` merge by key; `variables` and `invariants` by name, new ones at the end; every other key
/// is taken as a whole.
struct SuiteSource {
    /// An item of a list that merges by name.
    struct Named {
        let name: String
        let value: YAMLValue
        /// Whether it stands in the suite's own file; included ones may speak of what this suite does not have.
        var isOwn = true
    }

    private(set) var values: [String: YAMLValue] = [:]
    private(set) var calls: [YAMLMember] = []
    private(set) var defaults: [YAMLMember] = []
    private(set) var variables: [Named] = []
    private(set) var invariants: [Named] = []

    private static let replaced = SuiteKeys.suite.keys.filter {
        !["include", "calls", "defaults", "variables", "invariants"].contains($0)
    }

    /// - Parameters:
    ///   - including: the files that are being read, outermost first, to find cycles.
    ///   - problems: all files' lists.
    static func read(path: String, including: [String] = [], problems all: inout [Problems]) throws(ConfigurationError)
        -> SuiteSource
    {
        let problems = Problems(file: path)
        all.append(problems)
        var source = SuiteSource()
        let text = try ConfigurationText.read(path)
        guard let section = ConfigurationText.compose(text, problems)?.section(SuiteKeys.suite) else { return source }
        if let include = section["include"], let name = include.text("a suite file to lay this one over") {
            let other = SuiteFolder(of: path).path(name)
            let canonical = SuiteFolder.canonical(other)
            if (including + [SuiteFolder.canonical(path)]).contains(canonical) {
                include.complain("`\(name)` includes itself, by way of this file")
            } else if !FileManager.default.fileExists(atPath: other) {
                include.complain("there is no file `\(other)`")
            } else {
                source = try read(path: other, including: including + [SuiteFolder.canonical(path)], problems: &all)
                for index in source.invariants.indices { source.invariants[index].isOwn = false }
                for index in source.variables.indices { source.variables[index].isOwn = false }
            }
        }
        for key in replaced { if let value = section[key] { source.values[key] = value } }
        source.calls = merged(source.calls, section["calls"]?.members("a call for each name") ?? [])
        source.defaults = merged(source.defaults, section["defaults"]?.members("a value for each parameter") ?? [])
        source.variables = merged(source.variables, named(section["variables"]))
        source.invariants = merged(source.invariants, named(section["invariants"]))
        return source
    }

    subscript(key: String) -> YAMLValue? { values[key] }

    private static func merged(_ base: [YAMLMember], _ own: [YAMLMember]) -> [YAMLMember] {
        var result = base
        for member in own {
            if let index = result.firstIndex(where: { $0.name == member.name }) {
                result[index] = member
            } else {
                result.append(member)
            }
        }
        return result
    }

    private static func merged(_ base: [Named], _ own: [Named]) -> [Named] {
        var result = base
        for item in own {
            if let index = result.firstIndex(where: { $0.name == item.name }) {
                result[index] = item
            } else {
                result.append(item)
            }
        }
        return result
    }

    /// Items of one file; a name that stands twice in it is complained about.
    private static func named(_ value: YAMLValue?) -> [Named] {
        guard let elements = value?.elements() else { return [] }
        var items: [Named] = []
        for element in elements {
            guard let members = element.members("`name` and what belongs to it") else { continue }
            guard let member = members.first(where: { $0.name == "name" }) else {
                element.complain("`name` is missing: what this is called")
                continue
            }
            guard let name = member.value.text("a name") else { continue }
            if items.contains(where: { $0.name == name }) {
                member.value.complain("`\(name)` stands twice in this list")
            } else {
                items.append(Named(name: name, value: element))
            }
        }
        return items
    }
}

/// Paths in a suite file are relative to it.
struct SuiteFolder {
    private let folder: String

    init(of file: String) { folder = (file as NSString).deletingLastPathComponent }

    func path(_ name: String) -> String {
        name.hasPrefix("/") ? name : (folder as NSString).appendingPathComponent(name)
    }

    static func canonical(_ path: String) -> String { URL(fileURLWithPath: path).standardizedFileURL.path }

    /// Words of a command: those with a `/`, and those that name a file here, become absolute.
    func command(_ words: [String]) -> [String] {
        words.map { word in
            let here = path(word)
            let isPath = word.contains("/") || FileManager.default.fileExists(atPath: here)
            return isPath ? SuiteFolder.canonical(here) : word
        }
    }
}
