package import Campaigns
internal import Crypto
package import Policy

/// Everything the admin wrote, checked: what the house is built from.
package struct Configuration: Sendable, Hashable {
    /// `greenroom.toml`.
    package var gateway: GatewaySettings
    /// `team.toml`.
    package var team: Team
    /// `agencies.toml`.
    package var agencies: [Agency]
    /// `creators.csv`.
    package var creators: [Creator]
    /// `campaigns/*.toml`, sorted by id.
    package var campaigns: [Campaign]
    /// `channels.toml`.
    package var channels: ChannelSettings
    /// `policies/*.toml`.
    package var rules: RuleSet
    /// The files it came from, sorted by path.
    package var files: [ConfigurationFile]
}

extension Configuration {
    /// Stands for exactly these files; what the ledger names an accepted configuration by.
    package var fingerprint: [UInt8] {
        var hash = SHA256()
        for file in files {
            hash.update(Array("\(file.path.utf8.count):\(file.path)".utf8))
            hash.update(file.hash)
        }
        return hash.finish()
    }

    /// What makes an address own (MATCHING §0).
    package var identity: OwnIdentity {
        OwnIdentity(
            domains: gateway.domains,
            mailboxes: gateway.accounts.flatMap(\.addresses),
            formSenders: channels.formSenders,
            team: team.members.flatMap(\.addresses)
        )
    }
}

/// What `channels.toml` says: how mail from platforms, marketplaces and forms is recognised.
package struct ChannelSettings: Sendable, Hashable {
    package var platforms: [Platform] = []
    package var marketplaces: [Marketplace] = []
    /// Addresses that our own web forms send from (MATCHING §5.3).
    package var formSenders: [Address] = []

    package init() {}
}

/// One file of an accepted configuration, as the ledger keeps it.
package struct ConfigurationFile: Sendable, Hashable {
    /// Relative to the configuration directory: `policies/rates.toml`.
    package var path: String
    /// SHA-256 of the bytes.
    package var hash: [UInt8]
}
