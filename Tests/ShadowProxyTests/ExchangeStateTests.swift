import Testing
import Verdicts

@testable import ShadowProxy

@Suite struct ExchangeStateTests {
    private enum Event: CaseIterable {
        case answered, answeredLarge, notDone, serverError, failed, failedUnreached, refused, settled, unsettled
        case shadowAnswered, shadowLarge, shadowError, shadowTimeout, shed, notAsked
        case compared, comparedDifferent
    }

    private func apply(_ event: Event, to state: inout ExchangeState) -> ExchangeActions {
        switch event {
        case .answered: state.primaryAnswered(.definite, oversize: false)
        case .answeredLarge: state.primaryAnswered(.definite, oversize: true)
        case .notDone: state.primaryAnswered(.notDone, oversize: false)
        case .serverError: state.primaryAnswered(.serverError, oversize: false)
        case .failed: state.primaryFailed(reached: true)
        case .failedUnreached: state.primaryFailed(reached: false)
        case .refused: state.refused()
        case .settled: state.primarySettled()
        case .unsettled: state.primaryUnsettled()
        case .shadowAnswered: state.shadowEnded(.answered)
        case .shadowLarge: state.shadowEnded(.tooLarge)
        case .shadowError: state.shadowEnded(.missed(.shadowError))
        case .shadowTimeout: state.shadowEnded(.missed(.shadowTimeout))
        case .shed: state.shadowEnded(.missed(.shed))
        case .notAsked: state.shadowEnded(.notAsked)
        case .compared: state.compared(.match)
        case .comparedDifferent: state.compared(.mismatch)
        }
    }

    /// Whatever comes in whatever order: nothing happens twice, and what the world owes is enough to finish.
    @Test(arguments: 0..<300 as Range<UInt64>)
    func everythingHappensOnce(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        let courses: [ExchangeCourse] = [.read, .mirroredWrite, .primaryOnly(.never), .primaryOnly(.unsampled)]
        for course in courses {
            var state = ExchangeState(course: course)
            var seen: [ExchangeActions] = []
            var steps = 0
            while !state.isFinished, steps < 500 {
                steps += 1
                guard let event = Event.allCases.randomElement(using: &random) else { break }
                // A shadow that has not been armed cannot answer a write; a comparison cannot end before it began.
                let armed = seen.contains { $0.contains(.armShadow) }
                let isShadowEvent = [.shadowAnswered, .shadowLarge, .shadowError, .shadowTimeout, .shed, .notAsked].contains(
                    event)
                if case .mirroredWrite = course, isShadowEvent, !armed { continue }
                let comparing = seen.contains { $0.contains(.compare) }
                if [.compared, .comparedDifferent].contains(event), !comparing { continue }
                seen.append(apply(event, to: &state))
            }
            #expect(state.isFinished, "seed \(seed)")
            func times(_ action: ExchangeActions) -> Int { seen.count { $0.contains(action) } }
            #expect(times(.answerCaller) + times(.answerProblem) == 1)
            #expect(times(.settle) == 1)
            #expect(times(.releasePrimary) == 1)
            #expect(times(.finish) == 1)
            #expect(times(.compare) <= 1)
            #expect(times(.keepForCatchUp) + times(.compare) + times(.dropShadow) <= 1)
            #expect(state.verdict != nil)
            // After the end nothing moves any more.
            for event in Event.allCases {
                let more = apply(event, to: &state)
                #expect(more == [])
            }
        }
    }

    @Test func readAnswersBeforeTheShadowDoes() {
        var state = ExchangeState(course: .read)
        let actions1 = state.primaryAnswered(.definite, oversize: false)
        #expect(actions1 == [.answerCaller, .releasePrimary])
        let actions2 = state.shadowEnded(.answered)
        #expect(actions2 == .compare)
        let actions3 = state.compared(.match)
        #expect(actions3 == [.settle, .finish])
        #expect(state.verdict == .match)
    }

    @Test func aFasterShadowChangesNothing() {
        var state = ExchangeState(course: .read)
        let actions4 = state.shadowEnded(.answered)
        #expect(actions4 == [])
        let actions5 = state.primaryAnswered(.definite, oversize: false)
        #expect(actions5 == [.answerCaller, .releasePrimary, .compare])
    }

    @Test func aServerErrorOnAReadIsAnAnswerLikeAnyOther() {
        var state = ExchangeState(course: .read)
        let actions6 = state.primaryAnswered(.serverError, oversize: false)
        #expect(actions6 == [.answerCaller, .releasePrimary])
    }

    @Test func writeReachesTheShadowOnlyAfterADefiniteAnswer() {
        var state = ExchangeState(course: .mirroredWrite)
        let actions7 = state.primaryAnswered(.definite, oversize: false)
        #expect(actions7 == [.answerCaller, .armShadow, .releasePrimary])

        state = ExchangeState(course: .mirroredWrite)
        let actions8 = state.primaryAnswered(.notDone, oversize: false)
        #expect(actions8.contains(.dropShadow))
        #expect(state.verdict == .notComparable)
    }

    @Test func unansweredWriteHoldsItsKeysUntilItIsSettled() {
        var state = ExchangeState(course: .mirroredWrite)
        let failed = state.primaryFailed(reached: true)
        #expect(failed == [.answerProblem, .askPrimaryAgain, .settle])
        #expect(state.verdict == .primaryError)
        let actions9 = state.primarySettled()
        #expect(actions9 == [.armShadow, .releasePrimary])
        let actions10 = state.shadowEnded(.answered)
        #expect(actions10 == .compare)
        // The verdict is out: the late comparison only leaves evidence.
        let actions11 = state.compared(.mismatch)
        #expect(actions11 == .finish)
        #expect(state.verdict == .primaryError)
    }

    @Test func writeThatNeverLeftIsNotUncertain() {
        var state = ExchangeState(course: .mirroredWrite)
        let actions12 = state.primaryFailed(reached: false)
        #expect(actions12 == [.answerProblem, .dropShadow, .releasePrimary, .settle, .finish])
    }

    @Test func missedWriteIsKept() {
        var state = ExchangeState(course: .mirroredWrite)
        _ = state.primaryAnswered(.definite, oversize: false)
        let actions13 = state.shadowEnded(.missed(.shadowTimeout))
        #expect(actions13 == [.keepForCatchUp, .settle, .finish])
        #expect(state.verdict == .shadowTimeout)
    }
}
