/// The header fields of ENVELOPE as they stand in the message, encoded words and all (RFC 9051 §7.5.2).
///
/// `nil` is a field that is not there.
package struct Envelope: Hashable, Sendable {
    package var date: [UInt8]?
    package var subject: [UInt8]?
    package var from: [EnvelopeAddress] = []
    package var sender: [EnvelopeAddress] = []
    package var replyTo: [EnvelopeAddress] = []
    package var to: [EnvelopeAddress] = []
    package var cc: [EnvelopeAddress] = []
    package var bcc: [EnvelopeAddress] = []
    package var inReplyTo: [UInt8]?
    package var messageID: [UInt8]?

    package init() {}
}

/// An address of an envelope; without host it begins a group, without host and mailbox it ends one.
package struct EnvelopeAddress: Hashable, Sendable {
    package var name: [UInt8]?
    /// The source route of RFC 822, hardly ever there.
    package var route: [UInt8]?
    package var mailbox: [UInt8]?
    package var host: [UInt8]?

    package init(name: [UInt8]? = nil, route: [UInt8]? = nil, mailbox: [UInt8]?, host: [UInt8]?) {
        self.name = name
        self.route = route
        self.mailbox = mailbox
        self.host = host
    }
}
