/// How the demos tell what they do.
extension Screen {
    func act(_ number: Int, _ title: String) {
        print()
        print(paint("Act \(number) · \(title)", .strong))
    }

    func introduce(legacy: String, candidate: String, proxy: String, admin: String) {
        print("  legacy core      \(legacy)")
        print("  payout service   \(candidate)")
        print("  countersign      \(proxy)   (admin \(admin))")
    }

    /// Something that happens to the cast.
    func note(_ text: String) { print(paint("  · \(text)", .warning)) }
    /// Something that was shown to be so.
    func good(_ text: String) { print(paint("  ✓ \(text)", .good)) }
}
