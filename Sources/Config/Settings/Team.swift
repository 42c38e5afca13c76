package import Base
package import Campaigns
package import SASL

/// What `team.toml` says: who works here, and what they may see and do.
package struct Team: Sendable, Hashable {
    package var members: [Member]
    package var groups: [Group]
    /// Former members' ids with the member who takes their work.
    package var successors: [MemberID: MemberID]

    package struct Group: Sendable, Hashable {
        package var id: String
        package var name: String
    }

    package func member(_ id: MemberID) -> Member? { members.first { $0.id == id } }

    /// The ids of a group's members, in the file's order.
    package func members(ofGroup group: String) -> [MemberID] {
        members.filter { $0.groups.contains(group) }.map(\.id)
    }

    /// The member this uid of the control socket's peer stands for.
    package func member(unixUser: UInt32) -> Member? { members.first { $0.unixUser == unixUser } }
}

/// A person of the team who logs in with their id.
package struct Member: Sendable, Hashable {
    package enum Access: String, Sendable, Hashable, CaseIterable, Comparable {
        case read
        case write

        package static func < (left: Self, right: Self) -> Bool { left == .read && right == .write }
    }

    /// Parts of a collaboration's record that are shown to some only.
    package enum FieldGroup: String, Sendable, Hashable, CaseIterable {
        case money
        case rights
        case shipping
    }

    package struct AccountGrant: Sendable, Hashable {
        package var account: String
        package var access: Access
    }

    package struct CampaignGrant: Sendable, Hashable {
        /// `nil` for all campaigns.
        package var campaign: CampaignID?
        package var access: Access
    }

    /// What a device's password opens.
    package struct Scopes: OptionSet, Sendable, Hashable {
        package let rawValue: UInt8

        package init(rawValue: UInt8) { self.rawValue = rawValue }

        /// Log in by IMAP and read.
        package static let read = Self(rawValue: 1)
        /// Submit mail.
        package static let send = Self(rawValue: 2)
        /// Decide on held mail.
        package static let approve = Self(rawValue: 4)
    }

    /// One device's password, never the password itself.
    package struct Device: Sendable, Hashable {
        /// Stands in the ledger with what the device did.
        package var label: String
        package var scopes: Scopes
        /// Made from the password with the salt and count of all the member's devices.
        package var credential: ScramCredential
        /// A published password: it opens local listeners only.
        package var isSample: Bool
    }

    /// A time in which somebody else decides in the member's place.
    package struct Absence: Sendable, Hashable {
        /// The first moment at which the member is back.
        package var until: Timestamp
        /// May decide in the member's groups until then.
        package var delegate: MemberID

        package init(until: Timestamp, delegate: MemberID) {
            self.until = until
            self.delegate = delegate
        }
    }

    /// Also the log-in name.
    package var id: MemberID
    package var name: String
    package var addresses: [Address]
    package var groups: [String]
    /// The language of what Greenroom writes to them.
    package var language: String
    package var accounts: [AccountGrant]
    package var campaigns: [CampaignGrant]
    package var fields: Set<FieldGroup>
    /// Addresses in From that are theirs to use, their own among them.
    package var sendsAs: [Address]
    /// Campaigns whose folders they see.
    package var follows: [CampaignID]
    package var devices: [Device]
    /// Who they are on the control socket.
    package var unixUser: UInt32?
    package var absence: Absence?

    /// What they may do in an account.
    package func access(toAccount name: String) -> Access? {
        accounts.filter { $0.account == name }.map(\.access).max()
    }

    /// What they may do in a campaign.
    package func access(toCampaign id: CampaignID) -> Access? {
        campaigns.filter { $0.campaign == nil || $0.campaign == id }.map(\.access).max()
    }
}
