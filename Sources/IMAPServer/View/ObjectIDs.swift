package import Base
package import IMAPWire

/// The identifiers of RFC 8474: the house's numbers, hidden.
///
/// Numbers are never given twice, not after a restore either, so that an id means one thing for ever.
package struct ObjectIDs: Sendable {
    /// The letter tells kinds apart (RFC 8474 §5.2), and that no id is a number.
    private enum Kind: String { case mailbox = "F", email = "M", thread = "T" }

    private let cloak: NumberCloak

    package init(_ cloak: NumberCloak) { self.cloak = cloak }

    package func id(of mailbox: MailboxID) -> ObjectID { id(.mailbox, mailbox) }

    package func id(of edition: EditionID) -> ObjectID { id(.email, edition) }

    package func id(of thread: ConversationID) -> ObjectID { id(.thread, thread) }

    /// `nil` for what is no EMAILID of ours.
    package func edition(_ id: ObjectID) -> EditionID? { number(.email, id).map { EditionID(rawValue: $0) } }

    /// `nil` for what is no THREADID of ours.
    package func thread(_ id: ObjectID) -> ConversationID? { number(.thread, id).map { ConversationID(rawValue: $0) } }

    private func id(_ kind: Kind, _ row: some RowIdentifier) -> ObjectID {
        let text = kind.rawValue + hex(cloak.hide(UInt64(bitPattern: row.rawValue)))
        guard let id = ObjectID(text) else { preconditionFailure("hexadecimal digits are an objectid") }
        return id
    }

    private func number(_ kind: Kind, _ id: ObjectID) -> Int64? {
        guard id.text.utf8.count == 17, id.text.hasPrefix(kind.rawValue),
            let hidden = UInt64(id.text.dropFirst(), radix: 16)
        else { return nil }
        let number = Int64(bitPattern: cloak.reveal(hidden))
        // One spelling per id: letter case matters (RFC 8474 §7).
        return number > 0 && hex(hidden) == id.text.dropFirst() ? number : nil
    }

    private func hex(_ number: UInt64) -> String {
        let digits = String(number, radix: 16)
        return String(repeating: "0", count: 16 - digits.utf8.count) + digits
    }
}
