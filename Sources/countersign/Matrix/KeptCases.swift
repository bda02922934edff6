import CaseMatrix
import Foundation
import MatrixRun
import RuleFiles

/// Smallest cases as rows that are run from now on.
struct KeptCases {
    let folder: String
    let suite: Suite

    func keep(_ found: [RowShrinking.Found]) throws {
        let seeds = RegressionSeeds(folder: folder, suite: suite.name)
        var count = 0
        for one in found {
            var comment = ["\(Date.now.ISO8601Format().prefix(10)), \(one.id): \(one.fingerprint)"]
            if !one.result.overriding.isEmpty {
                let texts = one.result.overriding.sorted { $0.key < $1.key }.map { "\($0.key) = \($0.value)" }
                comment.append("smallest with " + texts.joined(separator: ", "))
            }
            do {
                if try seeds.keep(one.result.row, of: suite.model, comment: comment) { count += 1 }
            } catch {
                Screen.complain(error.description)
                throw ExitStatus.cannotCreate.because("the smallest cases could not be kept")
            }
        }
        if !found.isEmpty {
            Screen.standard.print(
                "\(count) of \(found.count) smallest \(found.count == 1 ? "case" : "cases") added to \(seeds.path)")
        }
    }
}
