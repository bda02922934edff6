import Crypto
import Foundation

/// The key of the hashes that stand for redacted values: equal values stay equal in evidence, and nobody without the key can try out
/// what a value was.
struct RedactionKey {
    private let key: SymmetricKey

    /// - Parameter configured: from the configuration; nil takes the state folder's own, made at the first start.
    init(configured: [UInt8]?, folder: StateFolder) throws {
        if let configured {
            key = SymmetricKey(data: configured)
            return
        }
        let path = folder.path + "/redaction.key"
        if let kept = FileManager.default.contents(atPath: path), kept.count >= 32 {
            key = SymmetricKey(data: kept)
            return
        }
        key = SymmetricKey(size: .bits256)
        let bytes = key.withUnsafeBytes { Data($0) }
        guard FileManager.default.createFile(atPath: path, contents: bytes, attributes: [.posixPermissions: 0o600]) else {
            throw ExitStatus.cannotCreate.because("\(path) can't be written")
        }
    }

    /// 16 hexadecimal digits.
    func hash(_ value: [UInt8]) -> String {
        HMAC<SHA256>.authenticationCode(for: value, using: key).prefix(8).map { byte in
            (byte < 16 ? "0" : "") + String(byte, radix: 16)
        }.joined()
    }
}
