package import Base

/// What is known of a smarthost.
package struct SmarthostRow: Hashable, Sendable {
    package let host: String
    /// What it offered when it last answered EHLO, in the relay's own encoding; nil before.
    package var capabilities: String?
    package var heardAt: Timestamp?
    /// How often in a row it could not be reached or logged in to.
    package var failures = 0
    package var lastFailure = ""
    /// When it may be tried again; nil for at once.
    package var nextAttempt: Timestamp?

    package init(host: String) { self.host = host }
}
