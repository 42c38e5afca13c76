package import SMTPWire

/// Replies that backends and the engine share, worded once.
extension SMTPReply {
    /// Our fault: try again.
    ///
    /// The reference names the line of the log that says why.
    package static func ourFault(reference: String) -> Self {
        Self(451, EnhancedStatus(4, 3, 0), "The fault is on our side, please try again later (reference \(reference))")
    }

    /// Our disk or queue is full: try again.
    package static func storageFull(reference: String) -> Self {
        Self(
            452,
            EnhancedStatus(4, 3, 1),
            "No room for this message now, please try again later (reference \(reference))"
        )
    }

    /// Log-in cannot be checked now: try again (RFC 4954 §6).
    package static func logInUnavailable(reference: String) -> Self {
        Self(
            454,
            EnhancedStatus(4, 7, 0),
            "Log-in cannot be checked now, please try again later (reference \(reference))"
        )
    }

    /// Name or password is wrong; which of them is not told (RFC 4954 §6).
    package static let wrongCredentials = Self(535, EnhancedStatus(5, 7, 8), "Name or password is wrong")

    /// The mailbox is not here.
    package static let noSuchMailbox = Self(550, EnhancedStatus(5, 1, 1), "No such mailbox here")
}
