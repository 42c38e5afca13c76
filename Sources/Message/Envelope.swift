internal import Base

/// What IMAP's ENVELOPE shows of a header (RFC 9051 §7.5.2), as it was written: encoded words stay.
package struct Envelope: Sendable, Hashable {
    package let date: [UInt8]?
    package let subject: [UInt8]?
    package let from: AddressList?
    /// `from` where the header has none.
    package let sender: AddressList?
    /// `from` where the header has none.
    package let replyTo: AddressList?
    package let to: AddressList?
    package let cc: AddressList?
    package let bcc: AddressList?
    package let inReplyTo: [UInt8]?
    package let messageID: [UInt8]?

    package init(_ header: Header) {
        func addresses(_ name: String) -> AddressList? {
            let list = AddressList(header, name)
            return list.items.isEmpty ? nil : list
        }
        date = header.value("Date")
        subject = header.value("Subject")
        let from = addresses("From")
        self.from = from
        sender = addresses("Sender") ?? from
        replyTo = addresses("Reply-To") ?? from
        to = addresses("To")
        cc = addresses("Cc")
        bcc = addresses("Bcc")
        inReplyTo = header.value("In-Reply-To")
        messageID = header.value("Message-ID")
    }
}

extension Address {
    /// The name as ENVELOPE shows it: the display name, else the last comment, as old programs write it.
    package var envelopeName: [UInt8]? {
        if let name, !name.isEmpty { return name }
        return comments.last { !$0.isEmpty }
    }
}
