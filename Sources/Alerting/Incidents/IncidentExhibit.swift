import Comparison
import Foundation
import Verdicts

/// What a notice shows of an incident's first evidence, kept with the incident: notices that are written later need no evidence.
struct IncidentExhibit: Codable, Hashable {
    struct DifferencePart: Codable, Hashable {
        let path: String
        let kind: String
        let severity: String
        let legacy: String?
        let candidate: String?
    }

    struct EvidencePart: Codable, Hashable {
        let id: String
        let method: String
        let target: String
        let keys: [String]
        let instant: String
        let legacyStatus: Int?
        let candidateStatus: Int?
        let differences: [DifferencePart]
        /// True when there are more than the twenty that stand here.
        let hasMoreDifferences: Bool
    }

    struct CommandPart: Codable, Hashable {
        let legacy: String?
        let candidate: String?
        let replay: String
    }

    let evidence: EvidencePart
    let reproduce: CommandPart

    static let differencesMax = 20
    /// A command beyond it is left out: `countersign replay` needs none.
    static let commandBytesMax = 16_384

    init(_ evidence: Evidence, settings: AlertSettings) {
        let commands = ReproducingCommand(evidence: evidence, settings: settings)
        self.evidence = EvidencePart(evidence)
        reproduce = CommandPart(
            legacy: commands.legacy.flatMap(Self.bounded), candidate: commands.candidate.flatMap(Self.bounded),
            replay: "countersign replay \(evidence.id)")
    }

    init?(json: String?) {
        guard let json, let value = try? JSONDecoder().decode(IncidentExhibit.self, from: Data(json.utf8)) else { return nil }
        self = value
    }

    var json: String { NoticeJSON.encode(self) }

    /// The difference at a place that is written without indices.
    func difference(at place: String) -> DifferencePart? {
        evidence.differences.first { $0.path.replacing(/\[\d+\]/, with: "[]") == place }
    }

    private static func bounded(_ command: String) -> String? { command.utf8.count <= commandBytesMax ? command : nil }
}

extension IncidentExhibit.EvidencePart {
    init(_ evidence: Evidence) {
        let primaryIsLegacy = evidence.primaryIsLegacy
        let differences = evidence.differences.filter { !$0.tolerated }
        self.init(
            id: evidence.id, method: evidence.request.method, target: evidence.request.target, keys: evidence.keys,
            instant: evidence.request.instant,
            legacyStatus: primaryIsLegacy ? evidence.primary?.status : evidence.shadow?.status,
            candidateStatus: primaryIsLegacy ? evidence.shadow?.status : evidence.primary?.status,
            differences: differences.prefix(IncidentExhibit.differencesMax).map { difference in
                IncidentExhibit.DifferencePart(
                    path: difference.path, kind: difference.kind.rawValue, severity: difference.severity.rawValue,
                    legacy: primaryIsLegacy ? difference.primary : difference.shadow,
                    candidate: primaryIsLegacy ? difference.shadow : difference.primary)
            }, hasMoreDifferences: differences.count > IncidentExhibit.differencesMax)
    }
}
