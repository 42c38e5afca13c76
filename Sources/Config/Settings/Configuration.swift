/// Everything the admin wrote, checked: what the house is built from.
package struct Configuration: Sendable, Hashable {
    /// `greenroom.toml`.
    package var gateway: GatewaySettings
    /// `team.toml`.
    package var team: Team
    /// The files it came from, each with a hash of its bytes, sorted by path.
    package var files: [ConfigurationFile]

    package init(gateway: GatewaySettings, team: Team, files: [ConfigurationFile]) {
        self.gateway = gateway
        self.team = team
        self.files = files
    }
}

/// One file of an accepted configuration, as the ledger keeps it.
package struct ConfigurationFile: Sendable, Hashable {
    /// Relative to the configuration directory: `policies/rates.toml`.
    package var path: String
    /// SHA-256 of the bytes.
    package var hash: [UInt8]

    package init(path: String, hash: [UInt8]) {
        self.path = path
        self.hash = hash
    }
}
