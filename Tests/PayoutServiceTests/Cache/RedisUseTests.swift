import Logging
import Testing

@testable import PayoutService

@Suite struct RedisUseTests {
    #if Redis
        @Test func anAddressThatCannotBeUsedIsRefusedAtTheStart() async {
            #expect(RedisUse.refusal(ofAddress: "redis://127.0.0.1:6379") == nil)
            #expect(RedisUse.refusal(ofAddress: "rediss://h")?.contains("TLS sidecar") == true)
            var configuration = PayoutServiceConfiguration(products: Fixture.products)
            configuration.redisLock = "redis://h:0"
            let refusal = await #expect(throws: RedisUse.Refusal.self) {
                try await PayoutService(configuration, logger: Bank.silent)
            }
            #expect(refusal?.description.contains("the port") == true)
        }
    #else
        @Test func withoutTheTraitTheMendIsNamed() async {
            #expect(RedisUse.refusal(ofAddress: "redis://127.0.0.1:6379")?.contains("--traits Redis") == true)
            var configuration = PayoutServiceConfiguration(products: Fixture.products)
            configuration.redisCache = "redis://127.0.0.1:6379"
            await #expect(throws: RedisUse.Refusal.self) { try await PayoutService(configuration, logger: Bank.silent) }
        }
    #endif

    /// Every state has a token of its own, and later states have greater orders.
    @Test func ordersRiseWithEveryChange() async {
        func token(_ customer: Int64, _ product: Int64, _ account: Int64) -> PreviewToken {
            PreviewToken(
                books: "b", customerId: "C", customerVersion: customer, product: "P", productVersion: product,
                accountVersion: account)
        }
        let rising = [
            token(0, 0, 0), token(0, 0, 9), token(0, 0, 10), token(0, 4_294_967_295, 10), token(7, 4_294_967_295, 0),
            token(7, 4_294_967_295, 1), token(.max, 4_294_967_295, 1),
        ]
        #expect(rising.map(\.order) == rising.map(\.order).sorted())
        #expect(Set(rising).count == rising.count)
    }
}
