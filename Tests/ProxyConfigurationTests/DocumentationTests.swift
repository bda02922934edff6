import Foundation
import TestKit
import Testing

@testable import ProxyConfiguration

@Suite struct DocumentationTests {
    private static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    @Test func everyKeyIsDescribedAndEveryDescribedKeyExists() throws {
        let page = try String(contentsOf: Self.root.appending(path: "docs/configuration.md"), encoding: .utf8)
        let described = page.split(separator: "\n").compactMap { line -> String? in
            guard line.hasPrefix("| `"), let end = line.dropFirst(3).firstIndex(of: "`") else { return nil }
            // All five columns, with a type and a meaning or a range.
            #expect(line.split(separator: "|").count == 5, "\(line)")
            return String(line.dropFirst(3)[..<end])
        }
        #expect(Set(described).count == described.count, "a key is described twice")
        #expect(Set(described).subtracting(ConfigurationKeys.paths).isEmpty)
        #expect(Set(ConfigurationKeys.paths).subtracting(described).isEmpty)
    }

    @Test func theExamplesOfThePageAreRight() async throws {
        let made = try await TestCertificates.shared()
        let page = try String(contentsOf: Self.root.appending(path: "docs/configuration.md"), encoding: .utf8)
        let blocks = page.components(separatedBy: "```yaml\n").dropFirst().map { $0.components(separatedBy: "```")[0] }
        #expect(blocks.count == 10)
        for block in blocks {
            var text = block
            if !text.contains("listen:") { text = "listen: 127.0.0.1:0\n" + text }
            if !text.contains("sides:") {
                text += "sides: {legacy: {url: \"http://a:1\"}, candidate: {url: \"http://b:1\"}}\n"
            }
            _ = try CountersignConfiguration.parse(
                text: text, named: "example",
                environment: [
                    "COUNTERSIGN_WEBHOOK_SECRET": "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3",
                    "COUNTERSIGN_REDACTION_KEY": "0123456789abcdef", "COUNTERSIGN_KIM": "0123456789abcdef-kim",
                    "COUNTERSIGN_LEE": "0123456789abcdef-lee", "GATEWAY_TOKEN": "0123456789abcdef-gateway",
                    "COUNTERSIGN_DASHBOARD": "0123456789abcdef-dashboard",
                ], directory: made.folder)
        }
    }
}
