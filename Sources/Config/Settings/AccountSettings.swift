package import Base
package import Campaigns

/// A mailbox account that Greenroom serves.
package struct AccountSettings: Sendable, Hashable {
    package enum Kind: Sendable, Hashable {
        /// Kept here, fed by LMTP.
        case local
        /// A copy of an upstream IMAP account, in both directions.
        case mirrored(RemoteServer)
        /// Notices and Approvals only.
        case approver
    }

    package enum Ownership: Sendable, Hashable {
        case shared
        /// Unattached mail exists for its owner alone.
        case personal(owner: MemberID)
    }

    /// Whose \Seen a message has.
    package enum SeenState: String, Sendable, Hashable, CaseIterable {
        /// Each member has their own; upstream is left alone.
        case each
        /// One for all.
        case one
    }

    /// The fixed id; also the name below `Shared/`.
    package var name: String
    package var kind: Kind
    package var ownership: Ownership
    /// Addresses whose mail belongs here; the first one is the usual sender.
    package var addresses: [Address]
    /// Whose Authentication-Results are believed (RFC 8601); `nil` believes none.
    package var authservID: String?
    /// Mail older than this is history (INV-3).
    package var since: Timestamp?
    package var seen: SeenState
    /// How much members may file here (RFC 9208); mail that arrives is never refused for it.
    package var quota = Quota()

    /// Limits of an account; without a number there is none.
    package struct Quota: Sendable, Hashable {
        /// Octets of all messages.
        package var storage: Int?
        package var messages: Int?

        package init(storage: Int? = nil, messages: Int? = nil) {
            self.storage = storage
            self.messages = messages
        }
    }
}
