internal import Base

/// An account name on a platform, as the record spells it, without `@`.
package struct Handle: Hashable, Sendable, CustomStringConvertible {
    package let platform: PlatformID
    /// Lower case; dots, underscores, hyphens and digits are significant.
    package let name: String

    package init(_ name: some StringProtocol, on platform: PlatformID) {
        self.platform = platform
        self.name = HandleName.normalised(name)
    }

    package var description: String { "@\(name) on \(platform)" }
}

/// How handles are compared: without a leading `@`, letter case aside (MATCHING §5.7).
package enum HandleName {
    package static func normalised(_ text: some StringProtocol) -> String {
        let bare = text.hasPrefix("@") ? String(text.dropFirst()) : String(text)
        return bare.lowercased()
    }
}

/// What a creator asked for; read by policy, guarded (INV-10).
package struct ContactPreferences: Hashable, Sendable {
    /// The language the creator wants to be written to in, BCP 47.
    package var language: String?
    package var channel: Channel?
    /// The creator asked not to be written to.
    package var isClosed: Bool
    package var note: String

    package init(language: String? = nil, channel: Channel? = nil, isClosed: Bool = false, note: String = "") {
        self.language = language
        self.channel = channel
        self.isClosed = isClosed
        self.note = note
    }
}

/// A person with addresses and handles.
package struct Creator: Hashable, Sendable {
    package var id: CreatorID
    /// The full name that people see.
    package var name: String
    /// The same name otherwise: romanised, in native script, an artist's name.
    package var otherNames: [String]
    package var addresses: [Address]
    package var handles: [Handle]
    package var agency: AgencyID?
    /// BCP 47, the preferred one first.
    package var languages: [String]
    /// ISO 3166-1 alpha-2.
    package var country: String?
    /// An IANA name.
    package var timeZone: String?
    package var preferences: ContactPreferences

    package init(
        id: CreatorID,
        name: String,
        otherNames: [String] = [],
        addresses: [Address] = [],
        handles: [Handle] = [],
        agency: AgencyID? = nil,
        languages: [String] = [],
        country: String? = nil,
        timeZone: String? = nil,
        preferences: ContactPreferences = ContactPreferences()
    ) {
        self.id = id
        self.name = name
        self.otherNames = otherNames
        self.addresses = addresses
        self.handles = handles
        self.agency = agency
        self.languages = languages
        self.country = country
        self.timeZone = timeZone
        self.preferences = preferences
    }
}

/// Addresses that speak for several creators.
///
/// Which ones is said by the creators' records.
package struct Agency: Hashable, Sendable {
    package var id: AgencyID
    package var name: String
    package var addresses: [Address]
    /// The agency's own domains: every address there is an agency address (MATCHING §0).
    package var domains: [DomainName]

    package init(id: AgencyID, name: String, addresses: [Address] = [], domains: [DomainName] = []) {
        self.id = id
        self.name = name
        self.addresses = addresses
        self.domains = domains
    }
}
