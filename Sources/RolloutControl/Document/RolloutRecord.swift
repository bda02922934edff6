internal import Foundation
internal import Migration

/// `rollout.json`: what this proxy knows of the rollout and has to do about it.
struct RolloutRecord: Sendable, Hashable, Codable {
    /// Of this form on disk. A newer one is refused.
    static let schema = 1

    var schema = Self.schema
    var document: RolloutDocument
    var owed: [OwedStop] = []
    /// Nil for none.
    var untold: [UntoldStep]?
    /// In the order in which the shared store was asked; nil when every answer is there.
    var asked: [AskedStep]?
    /// Of the document's returns, those that were carried out here.
    var returnsDone = 0
    /// Of the document's rollbacks and kills, the last whose written keys were listed here.
    var stopListed = 0
    /// Keys of the other proxies, up to here.
    var keyCursor: Int64 = 0

    init(document: RolloutDocument) { self.document = document }

    private struct Form: Decodable { var schema: Int }

    static func read(_ bytes: [UInt8], path: String) throws(RolloutStartError) -> RolloutRecord {
        let decoder = JSONDecoder()
        do {
            let schema = try decoder.decode(Form.self, from: Data(bytes)).schema
            guard schema == Self.schema else {
                throw RolloutStartError(
                    "The rollout's state \(path) has schema \(schema), and this program knows \(Self.schema); run the program that wrote it, "
                        + "or a later one.")
            }
            return try decoder.decode(RolloutRecord.self, from: Data(bytes))
        } catch let error as RolloutStartError {
            throw error
        } catch DecodingError.dataCorrupted(let context) {
            throw RolloutStartError("The rollout's state \(path) can't be used: \(context.debugDescription)")
        } catch {
            throw RolloutStartError(
                "The rollout's state \(path) is not as it was written; put back a copy, or move it away and begin in the shadow.")
        }
    }

    func encoded() throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
        return Array(try encoder.encode(self)) + [UInt8(ascii: "\n")]
    }
}

/// Why a rollout can't be taken up. One sentence or two, with the mend.
public struct RolloutStartError: Error, Sendable, Hashable, CustomStringConvertible {
    public let description: String

    init(_ description: String) { self.description = description }
}
