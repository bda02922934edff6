internal import Crypto

/// One person's or program's token. The secret itself is not kept, and never shows.
public struct AdminToken: Sendable, Hashable {
    /// The fewest bytes of a secret.
    public static let bytesMin = 16

    /// Who acts: the audit log's actor.
    public let name: String
    public let roles: Set<AdminRole>
    /// The plan's roles that this person approves in.
    public let approvesAs: [String]
    private let digest: [UInt8]

    /// Nil for a secret of fewer than ``bytesMin`` bytes.
    public init?(name: String, roles: Set<AdminRole>, approvesAs: [String] = [], secret: String) {
        guard secret.utf8.count >= Self.bytesMin else { return nil }
        self.name = name
        self.roles = roles
        self.approvesAs = approvesAs
        digest = Self.digest(secret)
    }

    public func may(_ role: AdminRole) -> Bool { role == .viewer || roles.contains(role) }

    /// Whether two tokens have one secret: their bearers could not be told apart.
    public func sharesSecret(with other: AdminToken) -> Bool { digest == other.digest }

    /// Takes the same time whatever the bytes are: the digests have one length, and all of it is looked at.
    func matches(_ presented: [UInt8]) -> Bool {
        zip(digest, presented).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0 && presented.count == digest.count
    }

    static func digest(_ secret: String) -> [UInt8] { Array(SHA256.hash(data: Array(secret.utf8))) }
}

/// Who may use the admin port.
public struct AdminAccess: Sendable, Hashable {
    public var tokens: [AdminToken]

    public init(tokens: [AdminToken] = []) { self.tokens = tokens }

    /// Whose token this is; nil for a missing or unknown one. Every token is looked at, whichever fits.
    public func bearer(of secret: String?) -> AdminToken? {
        guard let secret else { return nil }
        let presented = AdminToken.digest(secret)
        var found: AdminToken?
        for token in tokens where token.matches(presented) { found = token }
        return found
    }
}
