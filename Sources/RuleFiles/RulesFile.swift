public import Comparison

/// A file of comparison rules alone, as `countersign compare --rules FILE` takes it: the keys of `defaults` at the top.
public enum RulesFile {
    public static func load(path: String) throws(ConfigurationError) -> ResponseRules {
        try parse(text: try ConfigurationText.read(path), named: path)
    }

    public static func parse(text: String, named name: String) throws(ConfigurationError) -> ResponseRules {
        let problems = Problems(file: name)
        let settings = RulesReader.comparison(ConfigurationText.compose(text, problems))
        guard problems.list.isEmpty else { throw ConfigurationError(problems: problems.list) }
        return settings.rules()
    }
}
