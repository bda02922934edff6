import NIOCore
import Testing

@testable import loadbench

@Suite struct RequestTests {
    private func composed(_ request: Int, _ composer: RequestComposer) -> String {
        var buffer = ByteBuffer()
        composer.compose(request, into: &buffer)
        return String(buffer: buffer)
    }

    @Test func wholeRequest() {
        let composer = RequestComposer(
            method: "POST", path: .payouts, body: Array("{}".utf8), host: "127.0.0.1:7",
            accounts: AccountSequence(accounts: 10_000, seed: 0), run: "cafe")
        #expect(
            composed(0, composer) == """
                POST /v1/accounts/1000-0000-0000/interest-payouts HTTP/1.1\r
                Host: 127.0.0.1:7\r
                Content-Type: application/json\r
                Content-Length: 2\r
                Idempotency-Key: cafe-0000000000\r
                \r
                {}
                """)
        #expect(composed(12_345, composer).contains("Idempotency-Key: cafe-0000012345\r\n"))
    }

    @Test func withoutBodyOrNumber() throws {
        let path = try #require(PathTemplate(argument: "/v1/plain"))
        let composer = RequestComposer(method: "GET", path: path, body: [], host: "h", accounts: .hot, run: "r")
        #expect(composed(3, composer) == "GET /v1/plain HTTP/1.1\r\nHost: h\r\nIdempotency-Key: r-0000000003\r\n\r\n")
    }

    @Test(arguments: [(7, "/a/0007/b"), (9_999, "/a/9999/b"), (10_000, "/a/10000/b"), (999_999, "/a/999999/b")])
    func widthIsTheLeast(account: Int, path: String) throws {
        let template = try #require(PathTemplate(argument: "/a/%04d/b"))
        // One account of a million, found by walking to it.
        let accounts = AccountSequence(accounts: 1_000_000, seed: UInt64(account))
        let composer = RequestComposer(method: "GET", path: template, body: [], host: "h", accounts: accounts, run: "r")
        #expect(composed(0, composer).hasPrefix("GET \(path) HTTP/1.1\r\n"))
    }

    @Test(arguments: ["", "v1", "/a b", "/%04x", "/%4d", "/%0d", "/%d/%d", "/100%", "/%099d", "/ü"])
    func noTemplate(text: String) { #expect(PathTemplate(argument: text) == nil) }

    @Test(arguments: [1, 2, 3, 10, 97, 1_000, 10_000], [0, 1, 12_345, UInt64.max])
    func everyAccountOnce(accounts: Int, seed: UInt64) {
        let sequence = AccountSequence(accounts: accounts, seed: seed)
        #expect(Set((0..<accounts).map(sequence.account)) == Set(0..<accounts))
        #expect(sequence.account(of: accounts) == sequence.account(of: 0))
    }

    @Test func hotIsOneAccount() { #expect(Set((0..<100).map(AccountSequence.hot.account)) == [0]) }

    @Test(arguments: [("127.0.0.1:80", 80), ("[::1]:7000", 7_000), ("0.0.0.0:0", 0)])
    func endpoints(text: String, port: Int) { #expect(Endpoint(argument: text)?.port == port) }

    @Test(arguments: ["", "127.0.0.1", "localhost:1", "127.0.0.1:65536", "127.0.0.1:-1", "127.0.0.1:x", ":80"])
    func noEndpoints(text: String) { #expect(Endpoint(argument: text) == nil) }
}
