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

    @Test(
        arguments: [
            (["/a"], KeyProof.read(of: "/a", isOnlyReadBack: false), true),
            (["/a"], .read(of: "/b", isOnlyReadBack: false), false),
            (["/a", "/b"], .read(of: "/a", isOnlyReadBack: false), false),
            (["/a", "/b"], .readBacks, true),
            ([nil], .read(of: "/a", isOnlyReadBack: false), false),
            ([nil], .read(of: "/a", isOnlyReadBack: true), true),
            ([nil, "/b"], .read(of: "/a", isOnlyReadBack: true), false),
            (["/a", nil], .readBacks, true),
            ([nil], .anyRead, true),
        ] as [([String?], KeyProof, Bool)])
    func aReadProvesOnlyWhatItWouldShow(doubts: [String?], proof: KeyProof, isTrusted: Bool) {
        var trust = KeyTrust()
        for readBack in doubts { trust.becomeUnverified("by test", doubt: 1, readBack: readBack) }
        #expect(trust.agree(asked: 1, on: proof) == isTrusted)
        // What was in doubt before it was trusted is none of the next doubt.
        trust.trust()
        trust.becomeUnverified("by test", doubt: 2, readBack: "/c")
        let later = trust.agree(asked: 2, on: .read(of: "/c", isOnlyReadBack: false))
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
