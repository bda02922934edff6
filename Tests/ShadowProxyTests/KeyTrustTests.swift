import Testing
import Verdicts

@testable import ShadowProxy

@Suite struct KeyTrustTests {
    @Test(arguments: [(4, false), (5, true), (6, true)] as [(UInt64, Bool)])
    func onlyAnAgreementAskedForAfterTheDoubtCounts(asked: UInt64, isTrusted: Bool) {
        var trust = KeyTrust()
        trust.becomeUnverified("a write went to one side alone", doubt: 5)
        trust.readBackTries = 3
        #expect(trust.agree(asked: asked) == isTrusted)
        #expect(trust.standing == (isTrusted ? .trusted : .unverified))
        #expect(trust.cause.isEmpty == isTrusted)
        #expect(trust.readBackTries == (isTrusted ? 0 : 3))
    }

    @Test func eachDoubtNeedsItsOwnAgreement() {
        var trust = KeyTrust()
        trust.becomeUnverified("once", doubt: 5)
        trust.becomeUnverified("again", doubt: 6)
        let early = trust.agree(asked: 5)
        #expect(!early)
        let late = trust.agree(asked: 6)
        #expect(late)
    }

    /// Sides that agree while a write is under way may differ once it has come through.
    @Test func whatMayBeUnderWayMustHaveLandedBeforeTheSidesAreAsked() {
        var trust = KeyTrust()
        trust.becomeUnverified("the proxy was killed", doubt: 5, mayBeUnderWay: true)
        trust.becomeUnverified("and a write went to one side alone", doubt: 6)
        #expect(trust.mayBeUnderWay)
        let early = trust.agree(asked: 9)
        #expect(!early)
        trust.land(doubt: 10)
        let askedBefore = trust.agree(asked: 9)
        #expect(!askedBefore)
        let askedAfter = trust.agree(asked: 10)
        #expect(askedAfter)
    }

    @Test func agreementDoesNotMendWhatDiverged() {
        var trust = KeyTrust()
        trust.standing = .diverged
        let agreed = trust.agree(asked: .max)
        #expect(!agreed)
        #expect(trust.standing == .diverged)
    }
}
