internal import IMAPWire
internal import Text

// How names of mailboxes are written for a client.
extension Enabled {
    /// Whether names go in UTF-8 in both directions (RFC 6855 §3, RFC 9051 §5.1); otherwise in
    /// modified UTF-7 (RFC 3501 §5.1.3).
    var namesAreUTF8: Bool { contains(.utf8Accept) || contains(.imap4rev2) }

    func wireName(_ name: MailboxName) -> [UInt8] { wireName(name.text) }

    func wireName(_ text: String) -> [UInt8] { namesAreUTF8 ? Array(text.utf8) : ModifiedUTF7.encode(text) }
}

extension CommandRun {
    func wireName(_ name: MailboxName) -> [UInt8] { enabled.wireName(name) }
}
