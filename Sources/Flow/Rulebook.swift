internal import Base
package import Campaigns
package import Config
package import Policy
package import Views

/// Everything the admin decided, in the form in which the house asks for it.
package struct Rulebook: Sendable {
    package let configuration: Configuration
    package let directory: Directory
    /// What events name the rules by.
    package let version: String
    private let members: [MemberID: Member]

    /// The rules of a configuration, with what the store knows beyond it: stages that mail and
    /// members moved, and addresses that members vouched for.
    package init(
        _ configuration: Configuration,
        collaborations: [Collaboration] = [],
        learnt: [CreatorID: [Campaigns.Address]] = [:]
    ) {
        self.configuration = configuration
        self.directory = Directory(
            creators: configuration.creators.map { creator in
                var creator = creator
                for address in learnt[creator.id] ?? [] where !creator.addresses.contains(address) {
                    creator.addresses.append(address)
                }
                return creator
            },
            agencies: configuration.agencies,
            campaigns: configuration.campaigns,
            platforms: configuration.channels.platforms,
            marketplaces: configuration.channels.marketplaces,
            own: configuration.identity,
            collaborations: collaborations
        )
        self.version = String(Hexadecimal.encode(configuration.fingerprint).prefix(16))
        self.members = Dictionary(
            configuration.team.members.map { ($0.id, $0) },
            uniquingKeysWith: { first, _ in first }
        )
    }

    package var rules: RuleSet { configuration.rules }

    package var commandDomain: String { configuration.gateway.commandDomain.description }

    /// Whose verbs are read in replies to notices.
    var languages: [String] { configuration.gateway.folders.languages }

    package var undoTime: Duration { configuration.gateway.undoTime }

    package func member(_ id: MemberID) -> Member? { members[id] }

    /// The member whose address is in From; one's own address before one that may be used.
    func author(of input: MatchInput) -> MemberID? {
        guard let from = input.from.first?.address else { return nil }
        let team = configuration.team.members
        let own = team.first { $0.addresses.contains(from) } ?? team.first { $0.sendsAs.contains(from) }
        return own?.id
    }

    package func groups(of member: MemberID) -> Set<String> { Set(members[member]?.groups ?? []) }

    /// The accounts that a member may read, in the order of the file; the first stands at the root.
    package func accounts(of member: MemberID) -> [AccountSettings] {
        guard let member = members[member] else { return [] }
        return configuration.gateway.accounts.filter { member.access(toAccount: $0.name) != nil }
    }

    /// The domain of Message-IDs that we make: the brand's first one.
    package var mailDomain: String { configuration.gateway.domains.first?.description ?? commandDomain }

    /// Those who may read an account, in the order of the file.
    package func members(ofAccount name: String) -> [MemberID] {
        configuration.team.members.filter { $0.access(toAccount: name) != nil }.map(\.id)
    }

    /// The account that an address belongs to.
    package func account(of address: Campaigns.Address) -> AccountSettings? {
        configuration.gateway.accounts.first { $0.addresses.contains(address) }
    }

    /// The path of a view in members' clients.
    package func path(of view: View) -> String {
        configuration.gateway.folders.names.path(
            of: view,
            campaign: { directory.campaign($0)?.name ?? $0.rawValue },
            member: { members[$0]?.name ?? $0.rawValue }
        )
    }

    /// Whether a campaign's conversations have gone to Past.
    package func isPast(_ campaign: CampaignID) -> Bool {
        directory.campaign(campaign).map { $0.status != .active } ?? true
    }

    /// Whether a domain takes commands (INV-4).
    package func isCommandDomain(_ domain: String) -> Bool {
        let folded = ASCII.lowercased(domain)
        return folded == commandDomain || folded.hasSuffix("." + commandDomain)
    }
}
