import Testing

@testable import ShadowProxy

@Suite struct OperationMatcherTests {
    private let matcher = OperationMatcher([
        ("GET", "/v1/accounts/{id}"),
        ("GET", "/v1/accounts/{id}/interest"),
        ("POST", "/v1/transfers"),
        ("GET", "/"),
        ("GET", "/v1/{kind}/exact"),
    ])

    private func match(_ method: String, _ target: String) -> Int? {
        Array(method.utf8).withUnsafeBytes { method in
            Array(target.utf8).withUnsafeBytes { target in
                let path = OperationMatcher.path(of: target)
                return matcher.match(method: method, path: UnsafeRawBufferPointer(rebasing: target[path]))
            }
        }
    }

    @Test(arguments: [
        ("GET", "/v1/accounts/1000-1", 0 as Int?),
        ("GET", "/v1/accounts/1000-1?x=/interest", 0),
        ("GET", "/v1/accounts/1000-1/interest", 1),
        ("GET", "/v1/accounts/1000-1/interest/", nil),
        ("GET", "/v1/accounts/", nil),
        ("GET", "/v1/accounts", nil),
        ("GET", "/v1/accounts//interest", nil),
        ("get", "/v1/accounts/1000-1", nil),
        ("POST", "/v1/transfers", 2),
        ("POST", "/v1/transfers?dry", 2),
        ("POST", "//v1/transfers", nil),
        ("GET", "/", 3),
        ("GET", "/?a", 3),
        ("GET", "", nil),
        ("GET", "*", nil),
        // An encoded slash stays inside its segment.
        ("GET", "/v1/accounts/a%2Finterest", 0),
        ("GET", "/v1/accounts%2F7", nil),
        // An encoded letter is not the letter.
        ("GET", "/v1/%61ccounts/7", nil),
        // A side would fold these.
        ("GET", "/v1/accounts/.", nil),
        ("GET", "/v1/accounts/..", nil),
        ("GET", "/v1/accounts/%2e%2E", nil),
        ("GET", "/v1/accounts/.%2e", nil),
        ("GET", "/v1/accounts/...", 0),
        ("GET", "/v1/accounts/.a", 0),
        ("GET", "/v1/x/exact", 4),
    ])
    func matches(method: String, target: String, index: Int?) {
        #expect(match(method, target) == index)
    }

    @Test func segmentsAreFoundByNumber() {
        let path = Array("/v1/accounts/1000-1/interest".utf8)
        path.withUnsafeBytes { bytes in
            #expect(OperationMatcher.segment(2, of: bytes).map { String(decoding: path[$0], as: UTF8.self) } == "1000-1")
            #expect(OperationMatcher.segment(4, of: bytes) == nil)
        }
    }
}
