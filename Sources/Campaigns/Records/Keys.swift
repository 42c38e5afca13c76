/// A key that the configuration gives to a record: short text, compared exactly.
package protocol RecordKey: RawRepresentable, Hashable, Sendable, Comparable, CustomStringConvertible,
    ExpressibleByStringLiteral
where RawValue == String {
    init(rawValue: String)
}

extension RecordKey {
    package init(_ text: some StringProtocol) { self.init(rawValue: String(text)) }
    package init(stringLiteral value: String) { self.init(rawValue: value) }
    package static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
    package var description: String { rawValue }
}

/// A creator's key, from `creators.csv`.
package struct CreatorID: RecordKey {
    package let rawValue: String
    package init(rawValue: String) { self.rawValue = rawValue }
}

/// An agency's key.
package struct AgencyID: RecordKey {
    package let rawValue: String
    package init(rawValue: String) { self.rawValue = rawValue }
}

/// A campaign's key: the name of its file in `campaigns/`.
package struct CampaignID: RecordKey {
    package let rawValue: String
    package init(rawValue: String) { self.rawValue = rawValue }
}

/// A platform's key: `instagram`, `tiktok`, `youtube`.
package struct PlatformID: RecordKey {
    package let rawValue: String
    package init(rawValue: String) { self.rawValue = rawValue }
}

/// A member's key, from `team.toml`.
package struct MemberID: RecordKey {
    package let rawValue: String
    package init(rawValue: String) { self.rawValue = rawValue }
}

/// A mail template's key, from its campaign's file.
package struct TemplateID: RecordKey {
    package let rawValue: String
    package init(rawValue: String) { self.rawValue = rawValue }
}
