/// Where a message was written: `email`, `marketplace` or a platform's key (MATCHING §9).
package struct Channel: RecordKey {
    package let rawValue: String
    package init(rawValue: String) { self.rawValue = rawValue }

    package init(_ platform: PlatformID) { self.rawValue = platform.rawValue }

    package static let email = Self(rawValue: "email")
    package static let marketplace = Self(rawValue: "marketplace")
}
