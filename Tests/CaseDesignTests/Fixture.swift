import CaseDesign
import Foundation

/// Models under fixtures/matrices/pict.
enum Fixture {
    static func model(_ name: String) throws -> CaseModel {
        let path = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
            .appendingPathComponent("fixtures/matrices/pict/\(name).pict")
        return try CaseModel(pict: String(contentsOf: path, encoding: .utf8), named: path.lastPathComponent)
    }

    /// What seed 42 gives for the small model of ``GenerationLawTests``.
    static let smallRows = ["210", "000", "111", "201", "100", "001"]
}
