/// The closed set of refusals, with their HTTP status. Sent as `application/problem+json` (RFC 9457) with a member `code`.
///
/// Declared in the order of the rules' checks: the first that fails answers.
public enum ProblemCode: String, Sendable, Codable, CaseIterable {
    case malformedRequest = "MALFORMED_REQUEST"
    case idempotencyKeyMissing = "IDEMPOTENCY_KEY_MISSING"
    case idempotencyKeyReused = "IDEMPOTENCY_KEY_REUSED"
    case accountNotFound = "ACCOUNT_NOT_FOUND"
    case customerDeceased = "CUSTOMER_DECEASED"
    case customerIdentityTheft = "CUSTOMER_IDENTITY_THEFT"
    case customerKycExpired = "CUSTOMER_KYC_EXPIRED"
    case accountClosed = "ACCOUNT_CLOSED"
    case accountDormant = "ACCOUNT_DORMANT"
    case accountSuspended = "ACCOUNT_SUSPENDED"
    case depositFrozen = "DEPOSIT_FROZEN"
    case accountSeized = "ACCOUNT_SEIZED"
    case withdrawalFrozen = "WITHDRAWAL_FROZEN"
    case accountFraudHold = "ACCOUNT_FRAUD_HOLD"
    case alreadyPaidToday = "ALREADY_PAID_TODAY"
    case businessDateInPast = "BUSINESS_DATE_IN_PAST"
    case nothingPayable = "NOTHING_PAYABLE"
    case potsNotEmpty = "POTS_NOT_EMPTY"
    case fundsHeld = "FUNDS_HELD"
    case negativeBalance = "NEGATIVE_BALANCE"
    case insufficientFunds = "INSUFFICIENT_FUNDS"
    /// The balance row could not be locked in time: nothing was done, ask again.
    case accountBusy = "ACCOUNT_BUSY"
    /// `POST /v1/products/{code}/rates` for a product that does not exist.
    case productNotFound = "PRODUCT_NOT_FOUND"
    /// `POST /v1/fixtures` on a service started without `--allow-fixtures`.
    case fixturesNotAllowed = "FIXTURES_NOT_ALLOWED"
    /// A path or method outside the contract.
    case notFound = "NOT_FOUND"
    /// The database or another thing that the service needs is away: nothing was done, ask again.
    case serviceUnavailable = "SERVICE_UNAVAILABLE"
    /// The service itself failed; nothing was done.
    case internalError = "INTERNAL_ERROR"

    public var status: Int {
        switch self {
        case .malformedRequest, .idempotencyKeyMissing: 400
        case .fixturesNotAllowed: 403
        case .accountNotFound, .productNotFound, .notFound: 404
        case .alreadyPaidToday, .businessDateInPast, .accountBusy: 409
        case .internalError: 500
        case .serviceUnavailable: 503
        default: 422
        }
    }

    /// Whether the answer is kept under the idempotency key: every refusal that is a decision about the account.
    public var isStored: Bool {
        switch self {
        case .malformedRequest, .idempotencyKeyMissing, .idempotencyKeyReused, .accountBusy, .fixturesNotAllowed, .notFound,
            .serviceUnavailable, .internalError:
            false
        default: true
        }
    }

    /// Seconds after which the same request may fare better, for the header `Retry-After`; nil where repeating it changes nothing.
    public var retryAfterSeconds: Int? {
        switch self {
        case .accountBusy, .serviceUnavailable: 1
        default: nil
        }
    }
}
