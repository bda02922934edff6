import Testing

@testable import ShadowProxy

@Suite struct HostNameTests {
    @Test(arguments: [
        ("bank.example", "bank.example", true), ("Bank.Example", "bANK.eXAMPLE", true), ("bank.example", "bank.example.", true),
        ("bank.example.", "bank.example", true), ("localhost", "localhost", true), ("*.bank.example", "a.bank.example", true),
        ("*.bank.example", "bank.example", false), ("*.bank.example", "a.b.bank.example", false),
        ("*.example", "bank.example", false),
        ("*", "localhost", false), ("w*.bank.example", "www.bank.example", false), ("a.*.example", "a.bank.example", false),
        ("bank.example", "bank.exampl", false), ("bank.example", "www.bank.example", false), ("", "", false),
        ("*.bank.example", ".bank.example", false), ("bank.example\u{0}.evil.example", "bank.example", false),
    ]) func matching(pattern: String, name: String, fits: Bool) { #expect(HostName.matches(pattern, name) == fits) }
}
