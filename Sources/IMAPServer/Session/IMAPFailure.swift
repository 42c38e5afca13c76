package import IMAPWire

/// Why a command did not do what it was asked: what the client is told, and whose doing it was.
package struct IMAPFailure: Error, Hashable, Sendable, CustomStringConvertible {
    /// Whose doing it was; decides between an answer alone and a line in the log.
    package enum Blame: Hashable, Sendable {
        /// The client asked for what cannot be done.
        case client
        /// Something of ours failed; it is logged.
        case ours
        /// The connection is gone; nobody is left to be answered.
        case transport
    }

    package let blame: Blame
    package let code: ResponseCode?
    /// One line for a person; shown to the client, so without anything that is not theirs to know.
    package let text: String

    package init(_ blame: Blame, _ code: ResponseCode?, _ text: String) {
        self.blame = blame
        self.code = code
        self.text = text
    }

    package static func refused(_ code: ResponseCode?, _ text: String) -> Self { Self(.client, code, text) }

    /// RFC 5530 NONEXISTENT.
    package static let noSuchMailbox = Self(.client, .nonexistent, "There is no mailbox of that name")
    /// The target of APPEND, COPY or MOVE is not there (RFC 9051 §7.1 TRYCREATE).
    package static let noSuchTarget = Self(.client, .tryCreate, "There is no mailbox of that name")
    package static let noPermission = Self(.client, .noPermission, "You may not do that here")
    /// Ours failed in a way the client need not know more about.
    package static let internalFailure = Self(.ours, .serverBug, "The server failed; this was recorded")
    /// Something the server needs is not there now.
    package static let unavailable = Self(.ours, .unavailable, "Not available at the moment; try again")
    package static let connectionGone = Self(.transport, nil, "Connection gone")

    package var description: String { text }
}
