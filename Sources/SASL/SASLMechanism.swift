internal import Base

/// A SASL mechanism by its registered name.
package enum SASLMechanism: String, Hashable, Sendable, CaseIterable {
    /// RFC 4616.
    case plain = "PLAIN"
    /// Never standardised, still what several clients speak (draft-murchison-sasl-login).
    case login = "LOGIN"
    /// Google's and Microsoft's bearer tokens.
    case xoauth2 = "XOAUTH2"
    /// RFC 5802 and RFC 7677.
    case scramSHA256 = "SCRAM-SHA-256"
    /// The same, bound to the TLS connection.
    case scramSHA256Plus = "SCRAM-SHA-256-PLUS"
    /// RFC 7628.
    case oauthBearer = "OAUTHBEARER"

    /// The mechanism of a name, letter case aside.
    package init?(name: String) {
        self.init(rawValue: ASCII.uppercased(name))
    }
}
