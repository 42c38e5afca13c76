internal import Base
internal import Campaigns
internal import Config
package import Flow
internal import Message
package import SASL
package import SMTPServer
internal import SMTPWire

/// Where a trusted server hands in mail for local accounts (RFC 2033).
package struct DeliveryDesk: SMTPBackend {
    private let house: House
    private let hostName: String
    private let authservID: String?

    /// A desk; `authservID` says whose Authentication-Results the feeding server vouches for.
    ///
    /// Whose peers may connect is the listener's to check.
    package init(house: House, hostName: String, authservID: String?) {
        self.house = house
        self.hostName = hostName
        self.authservID = authservID
    }

    package func logIn(_ credentials: SASLCredentials, peer: SMTPPeer) async -> LogInAnswer {
        .refused(SMTPReply(503, EnhancedStatus(5, 5, 1), "Nobody logs in here"), delay: .zero)
    }

    package func openSession(peer: SMTPPeer) async -> SessionAnswer {
        .session(DeliverySession(house: house, hostName: hostName, authservID: authservID))
    }
}

/// One connection of the feeding server.
struct DeliverySession: SMTPSession {
    let house: House
    let hostName: String
    let authservID: String?

    var user: String? { nil }

    func mail(from sender: EnvelopeAddress?, parameters: MailParameters) async -> EnvelopeAnswer { .accepted }

    func recipient(_ recipient: EnvelopeRecipient, to envelope: SMTPWire.Envelope) async -> EnvelopeAnswer {
        account(of: recipient) == nil ? .refused(.noSuchMailbox) : .accepted
    }

    /// One copy an account, however many of its addresses are named; each recipient gets the answer
    /// of its account.
    func message(_ message: ReceivedMessage) async -> MessageAnswer {
        let header = Header(message.bytes)
        if let refusal = Refusals.oversizedHeader(header) { return .all(refusal) }
        guard header.all("Received").count < Limits.receivedFields else {
            return .all(SMTPReply(554, EnhancedStatus(5, 4, 6), "Too many hops: this mail goes round in a circle"))
        }
        let now = house.time.now
        let returnPath = "Return-Path: <\(message.envelope.sender?.text ?? "")>\r\n"
        let received = ComposedField("Received", .structured(Trace.value(message, by: hostName, at: now)))
        let bytes = Array(returnPath.utf8) + received.bytes + message.bytes
        var answers: [String: SMTPReply] = [:]
        var replies: [SMTPReply] = []
        for recipient in message.envelope.recipients {
            guard let account = account(of: recipient) else {
                replies.append(.noSuchMailbox)
                continue
            }
            let reply: SMTPReply
            if let known = answers[account.name] { reply = known } else { reply = await deliver(bytes, to: account) }
            answers[account.name] = reply
            replies.append(reply)
        }
        return .each(replies)
    }

    private func deliver(_ bytes: [UInt8], to account: AccountSettings) async -> SMTPReply {
        do {
            let id = try await house.deliver(bytes, to: account, authservID: authservID)
            return SMTPReply(250, EnhancedStatus(2, 0, 0), "Stored as \(id)")
        } catch {
            return Refusals.reply(error, house)
        }
    }

    /// The account of a recipient, a `+detail` aside (MATCHING §1.5).
    private func account(of recipient: EnvelopeRecipient) -> AccountSettings? {
        let address = recipient.address
        let rulebook = house.rulebook
        if let account = rulebook.account(of: KnownSender(address)) { return account }
        guard let plus = address.localPart.firstIndex(of: "+") else { return nil }
        return rulebook.account(of: KnownSender(local: String(address.localPart[..<plus]), domain: address.domain))
    }
}
