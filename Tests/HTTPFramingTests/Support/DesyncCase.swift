import Foundation
import Yams

/// One case of the http-desync corpus (fixtures/http-desync), and the bytes it stands for.
struct DesyncCase: Sendable, CustomStringConvertible {
    let file: String
    let name: String
    let tier: String
    let reason: String
    let bytes: [UInt8]

    var description: String { "\(file): \(name)" }

    static let files = [
        "acceptable", "ambiguous", "bad-header-characters", "edge-cases", "more-compliant-tests", "real-life-test-cases",
        "rfc-compliant", "severe", "single-case", "uri-specific-test-cases",
    ]

    /// Every case. The corpus leaves Host out, which HTTP/1.1 requires, so it is added where it is missing.
    static func all() throws -> [DesyncCase] {
        let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("fixtures/http-desync")
        return try files.flatMap { file in
            let text = try String(contentsOf: folder.appendingPathComponent("\(file).yaml"), encoding: .utf8)
            let cases = try Yams.compose(yaml: text)?.sequence ?? []
            return cases.map { DesyncCase(file: file, node: $0) }
        }
    }

    private init(file: String, node: Node) {
        self.file = file
        name = node["name"]?.string ?? ""
        tier = node["expected"]?["tier"]?.string ?? ""
        reason = node["expected"]?["reason"]?.string ?? ""
        var line = DesyncCase.bytes(node["method"]) + [0x20] + DesyncCase.bytes(node["uri"])
        let version = DesyncCase.bytes(node["version"])
        if !version.isEmpty { line += [0x20] + version }
        var head = line + [0x0D, 0x0A]
        let headers = (node["headers"]?.sequence).map(Array.init) ?? []
        if !headers.contains(where: { $0["name"]?.string == "Host" }) { head += Array("Host: localhost\r\n".utf8) }
        for header in headers {
            head += DesyncCase.bytes(header["name"]) + [UInt8(ascii: ":")] + DesyncCase.bytes(header["value"]) + [0x0D, 0x0A]
        }
        bytes = head + [0x0D, 0x0A]
    }

    /// `"\xff"` means that byte; characters beyond Latin-1 are meant as UTF-8.
    private static func bytes(_ node: Node?) -> [UInt8] {
        (node?.scalar?.string ?? "").unicodeScalars.flatMap { $0.value < 256 ? [UInt8($0.value)] : Array(String($0).utf8) }
    }
}
