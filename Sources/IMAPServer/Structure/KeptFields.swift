internal import Base
internal import Message

/// The header fields that mail programs ask for when they list a mailbox.
///
/// They are kept as they stand in the message, so that `BODY[HEADER.FIELDS (…)]`, which most programs
/// send instead of ENVELOPE, needs no bytes of the message. None of them is one of ours, so what a
/// header block adds to a message makes no difference.
enum KeptFields {
    static let names = [
        "Date", "From", "Sender", "Reply-To", "To", "Cc", "Bcc", "Subject", "Message-ID", "In-Reply-To", "References",
        "Newsgroups", "Content-Type", "Content-Description", "Content-Transfer-Encoding", "Content-Disposition",
        "MIME-Version", "Priority", "X-Priority", "X-MSMail-Priority", "Importance", "Lines", "X-Label", "X-Ref",
        "X-Mailer", "User-Agent", "List-ID", "List-Post", "List-Unsubscribe", "List-Subscribe", "List-Archive",
        "Disposition-Notification-To", "Return-Path", "Mail-Followup-To", "Mail-Reply-To", "Auto-Submitted",
        "Precedence", "Resent-From", "Resent-To", "Resent-Date", "X-Universally-Unique-Identifier",
        "X-Uniform-Type-Identifier", "X-K9mail-Identity", "Chat-Version",
    ]

    private static let known = Set(names.map { ASCII.lowercased($0) })

    /// Whether what is kept answers for all of these.
    static func hold(_ names: [String]) -> Bool { names.allSatisfy { known.contains(ASCII.lowercased($0)) } }

    /// The kept fields of a header, and an empty line; `nil` where they are larger than is worth keeping,
    /// or the header is so long that not all of it is looked at.
    static func of(_ header: Header) -> [UInt8]? {
        guard header.count < Limits.headerFields / 2 else { return nil }
        let fields = header.fields(named: names)
        return fields.count <= Limits.keptFields ? fields : nil
    }
}

extension MessageStructure {
    /// What each of some HEADER.FIELDS names; `nil` where the message has to be read for it.
    func fields(_ requests: [[String]]) -> [[UInt8]]? {
        guard !requests.isEmpty else { return [] }
        guard keepsFields else { return nil }
        let header = Header(Array(self[.fields]))
        return requests.map { header.fields(named: $0) }
    }
}
