import Foundation
import Testing

@testable import Migration

/// fixtures/migration-buckets.json is written by scripts/bucket-vectors.py, which shares no code with this package.
@Suite("Published vectors")
struct BucketVectorTests {
    struct Vectors: Decodable {
        struct Vector: Decodable {
            var salt: String
            var plan: String
            var key: String
            var bucket: Int
            var mark: String
        }
        var vectors: [Vector]
    }

    @Test("every published key has the published bucket and mark")
    func vectors() throws {
        let root = URL(filePath: #filePath).deletingLastPathComponent().appending(
            path: "../../../fixtures/migration-buckets.json")
        let published = try JSONDecoder().decode(Vectors.self, from: Data(contentsOf: root.standardizedFileURL))
        #expect(published.vectors.count >= 200)
        for vector in published.vectors {
            var code = Bucket.keyed(plan: vector.plan, salt: vector.salt)
            let (bucket, mark) = Bucket.withMark(key: vector.key.utf8, continuing: &code)
            #expect(bucket.index == vector.bucket, "\(vector)")
            #expect(String(mark.value) == vector.mark, "\(vector)")
        }
    }
}
