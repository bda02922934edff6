import Crypto
import Foundation

/// Standard Webhooks 1.0: `v1,base64(HMAC-SHA256(secret, "id.timestamp.body"))`.
public enum WebhookSignature {
    /// Reads a secret as it is configured: `whsec_` and base64, of 24 to 64 bytes. Nil when it is not one.
    public static func secret(_ text: String) -> [UInt8]? {
        guard text.hasPrefix("whsec_"), let data = Data(base64Encoded: String(text.dropFirst(6))), (24...64).contains(data.count)
        else {
            return nil
        }
        return Array(data)
    }

    /// The value of `webhook-signature`: one signature for each secret, so that a receiver may know the old one or the new.
    public static func header(id: String, timestamp: Int64, body: String, secrets: [[UInt8]]) -> String {
        let signed = Data("\(id).\(timestamp).\(body)".utf8)
        return secrets.map { secret in
            let code = HMAC<SHA256>.authenticationCode(for: signed, using: SymmetricKey(data: secret))
            return "v1," + Data(code).base64EncodedString()
        }.joined(separator: " ")
    }
}
