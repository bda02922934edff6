import Testing

@testable import RolloutControl

@Suite("Who may use the admin port")
struct AdminAccessTests {
    private static let secret = "0123456789abcdef"

    @Test("A secret of fewer than 16 bytes makes no token", arguments: [(15, false), (16, true), (17, true)])
    func length(_ count: Int, _ isTaken: Bool) {
        let token = AdminToken(name: "kim", roles: [.viewer], secret: String(repeating: "x", count: count))
        #expect((token != nil) == isTaken)
    }

    @Test(
        "A token is known by its whole secret and nothing else",
        arguments: [
            ("0123456789abcdef", "kim"), ("0123456789abcdeg", nil), ("0123456789abcdef ", nil), ("0123456789abcde", nil),
            ("", nil),
            ("fedcba9876543210", "lee"),
        ] as [(String, String?)])
    func bearer(_ presented: String, _ name: String?) throws {
        let kim = try #require(AdminToken(name: "kim", roles: [.operator], secret: Self.secret))
        let lee = try #require(AdminToken(name: "lee", roles: [.viewer], secret: "fedcba9876543210"))
        let access = AdminAccess(tokens: [kim, lee])
        #expect(access.bearer(of: presented)?.name == name)
        #expect(access.bearer(of: nil) == nil)
        #expect(AdminAccess().bearer(of: presented) == nil)
    }

    @Test("Every role may look; nobody acts in a role that is not his")
    func roles() throws {
        let viewer = try #require(AdminToken(name: "a", roles: [.viewer], secret: Self.secret))
        let approver = try #require(AdminToken(name: "b", roles: [.approver], secret: Self.secret))
        #expect(viewer.may(.viewer) && !viewer.may(.operator) && !viewer.may(.approver))
        #expect(approver.may(.viewer) && !approver.may(.operator) && approver.may(.approver))
        #expect(viewer.sharesSecret(with: approver))
    }

    @Test("A secret shows in no description")
    func hidden() throws {
        let token = try #require(AdminToken(name: "kim", roles: [.viewer], secret: Self.secret))
        #expect(!"\(token)".contains(Self.secret) && !String(reflecting: token).contains(Self.secret))
    }
}
