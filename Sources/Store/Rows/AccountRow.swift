package import Base

/// An account that Greenroom serves.
package struct AccountRow: Hashable, Sendable {
    package enum Kind: String, Sendable {
        /// Kept here, fed by LMTP.
        case local
        /// A copy of an upstream account.
        case mirrored
        /// Notices and approvals only.
        case approver
        /// What belongs to no account: the views that members share.
        case house
    }

    package let id: AccountID
    /// The name in the configuration.
    package let name: String
    package let kind: Kind
    /// The member whose personal account it is; nil for a shared one.
    package let owner: String?
}
