import Testing
import Verdicts

@testable import ShadowProxy

@Suite struct KeyTrustTests {
    @Test(arguments: [(4, false), (5, true), (6, true)] as [(UInt64, Bool)])
    func onlyAnAgreementAskedForAfterTheDoubtCounts(asked: UInt64, isTrusted: Bool) {
        var trust = KeyTrust()
        trust.becomeUnverified("a write went to one side alone", doubt: 5)
        trust.readBackTries = 3
        #expect(trust.agree(asked: asked, on: .readBacks) == isTrusted)
        #expect(trust.standing == (isTrusted ? .trusted : .unverified))
        #expect(trust.cause.isEmpty == isTrusted)
        #expect(trust.readBackTries == (isTrusted ? 0 : 3))
    }

    @Test func eachDoubtNeedsItsOwnAgreement() {
        var trust = KeyTrust()
        trust.becomeUnverified("once", doubt: 5)
        trust.becomeUnverified("again", doubt: 6)
        let early = trust.agree(asked: 5, on: .readBacks)
        #expect(!early)
        let late = trust.agree(asked: 6, on: .readBacks)
        #expect(late)
    }

    /// Sides that agree while a write is under way may differ once it has come through.
    @Test func whatMayBeUnderWayMustHaveLandedBeforeTheSidesAreAsked() {
        var trust = KeyTrust()
        trust.becomeUnverified("the proxy was killed", doubt: 5, mayBeUnderWay: true)
        trust.becomeUnverified("and a write went to one side alone", doubt: 6)
        #expect(trust.mayBeUnderWay)
        let early = trust.agree(asked: 9, on: .readBacks)
        #expect(!early)
        trust.readBackTries = 12
        trust.land(doubt: 10)
        #expect(trust.readBackTries == 0, "what was asked until then was in vain")
        let askedBefore = trust.agree(asked: 9, on: .readBacks)
        #expect(!askedBefore)
        let askedAfter = trust.agree(asked: 10, on: .readBacks)
        #expect(askedAfter)
    }

    private static func read(_ template: String, isHeld: Bool = true) -> KeyProof {
        .read(of: template, all: ["/a", "/b"], isHeld: isHeld)
    }

    @Test(
        arguments: [
            (["/a"], [KeyTrustTests.read("/a")], true), (["/a"], [KeyTrustTests.read("/b")], false),
            (["/a"], [KeyTrustTests.read("/a", isHeld: false)], false),
            (["/a", "/b"], [KeyTrustTests.read("/a")], false),
            (["/a", "/b"], [KeyTrustTests.read("/a"), KeyTrustTests.read("/b")], true),
            ([nil], [KeyTrustTests.read("/a")], false), ([nil], [KeyTrustTests.read("/a"), KeyTrustTests.read("/b")], true),
            ([nil], [KeyTrustTests.read("/a"), KeyTrustTests.read("/b", isHeld: false)], true),
            ([nil], [KeyTrustTests.read("/a", isHeld: false), KeyTrustTests.read("/b", isHeld: false)], false),
            ([nil, "/b"], [KeyTrustTests.read("/a"), KeyTrustTests.read("/b", isHeld: false)], false),
            ([nil], [.read(of: "/a", all: ["/a"], isHeld: true)], true),
            (["/a", "/b"], [.readBacks], true), (["/a", nil], [.readBacks], true), ([nil], [.anyRead], true),
        ] as [([String?], [KeyProof], Bool)])
    func readsProveOnlyWhatTheyWouldShow(doubts: [String?], proofs: [KeyProof], isTrusted: Bool) {
        func trust(after isInterrupted: Bool) -> Bool {
            var trust = KeyTrust()
            for readBack in doubts { trust.becomeUnverified("by test", doubt: 1, readBack: readBack) }
            var isProved = false
            for proof in proofs {
                if isInterrupted { trust.land(doubt: 1) }
                isProved = trust.agree(asked: 1, on: proof)
            }
            return isProved
        }
        #expect(trust(after: false) == isTrusted)
        // What was shown before the latest doubt is shown no more.
        #expect(trust(after: true) == (isTrusted && proofs.count == 1))
    }

    @Test func whatWasInDoubtBeforeIsNoneOfTheNextDoubt() {
        var trust = KeyTrust()
        trust.becomeUnverified("by test", doubt: 1)
        trust.trust()
        trust.becomeUnverified("by test", doubt: 2, readBack: "/c")
        let later = trust.agree(asked: 2, on: Self.read("/c"))
        #expect(later)
    }

    @Test func agreementDoesNotMendWhatDiverged() {
        var trust = KeyTrust()
        trust.standing = .diverged
        let agreed = trust.agree(asked: .max, on: .readBacks)
        #expect(!agreed)
        #expect(trust.standing == .diverged)
    }
}
