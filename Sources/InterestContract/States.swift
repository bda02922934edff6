/// The customer's standing, as fixtures and the status call name it.
public enum CustomerState: String, Sendable, Codable, CaseIterable {
    case normal = "NORMAL"
    case deceased = "DECEASED"
    case identityTheft = "IDENTITY_THEFT"
    case kycExpired = "KYC_EXPIRED"
}

/// The account's state. SUSPENDED is 거래중지, SEIZED 압류, FRAUD_HOLD 지급정지.
public enum AccountState: String, Sendable, Codable, CaseIterable {
    case active = "ACTIVE"
    case dormant = "DORMANT"
    case suspended = "SUSPENDED"
    case closed = "CLOSED"
    case seized = "SEIZED"
    case fraudHold = "FRAUD_HOLD"
}

public enum TaxCategory: String, Sendable, Codable, CaseIterable {
    case resident = "RESIDENT"
    case nonResident = "NON_RESIDENT"
    case treaty = "TREATY"
    case corporate = "CORPORATE"
    case exempt = "EXEMPT"
}

/// Where a call entered the bank.
public enum Channel: String, Sendable, Codable, CaseIterable {
    case mobile = "MOBILE"
    case atm = "ATM"
    case teller = "TELLER"
    case transfer = "TRANSFER"
    case batch = "BATCH"
}

public enum TransactionType: String, Sendable, Codable, CaseIterable {
    case deposit = "DEPOSIT"
    case withdrawal = "WITHDRAWAL"
}

/// `X-Shadow-Mode`: how a request that is not the real thing is to be treated.
public enum ShadowMode: String, Sendable, Codable, CaseIterable {
    /// Do everything, locks and checks included, answer as if done, roll back.
    case dryRun = "dry-run"
    /// Do it for real in the service's own books; what leaves the service is marked `authoritative: false`.
    case mirror
}
