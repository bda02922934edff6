import Mustache
import Reports

/// The report as one HTML file: the template `Templates/gate.mustache` (with `case` and `pair` in it) over a ``GatePage``.
public enum GateHTML {
    /// The templates are part of the program: it never happens.
    struct TemplateMissing: Error {}

    public static func render(_ report: GateReport) throws -> String {
        ScalarEscape.register()
        let templates = [
            "gate": PackageResources.gate_mustache, "case": PackageResources.case_mustache,
            "pair": PackageResources.pair_mustache,
        ]
        let library = MustacheLibrary(
            templates: try templates.mapValues { try MustacheTemplate(string: String(decoding: $0, as: UTF8.self)) })
        guard let text = library.render(GatePage(report), withTemplate: "gate") else { throw TemplateMissing() }
        return text
    }
}
