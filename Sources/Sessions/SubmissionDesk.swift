internal import Base
internal import Campaigns
internal import Config
package import Flow
internal import Message
internal import Net
package import SASL
package import SMTPServer
internal import SMTPWire
internal import Store

/// Where members hand in mail: log-in, who may send as whom, and the way out.
package struct SubmissionDesk: SMTPBackend {
    private let house: House
    private let authenticator: Authenticator
    private let hostName: String
    private let isLocal: Bool

    package init(house: House, authenticator: Authenticator, hostName: String, isLocal: Bool) {
        self.house = house
        self.authenticator = authenticator
        self.hostName = hostName
        self.isLocal = isLocal
    }

    package func logIn(_ credentials: SASLCredentials, peer: SMTPPeer) async -> LogInAnswer {
        let outcome = await authenticator.check(
            credentials,
            peer: peer.address.host?.description ?? "unix",
            isLocal: isLocal,
            scope: .send
        )
        switch outcome {
        case .accepted(let member, let serverFinal):
            guard credentials.authorization.isEmpty || credentials.authorization == credentials.user else {
                return .refused(.wrongCredentials, delay: .zero)
            }
            return .session(
                SubmissionSession(house: house, member: member, hostName: hostName),
                serverFinal: serverFinal
            )
        case .busy:
            let reference = Hexadecimal.encode(house.entropy.bytes(count: 4))
            house.log.with("reference", reference).warning("log-in not checked: too many wait")
            return .refused(.logInUnavailable(reference: reference), delay: .zero)
        case .refused(let delay):
            return .refused(.wrongCredentials, delay: delay)
        }
    }

    package func scramChallenge(for user: String) -> ScramChallenge {
        authenticator.scramChallenge(for: user, isLocal: isLocal)
    }

    package func openSession(peer: SMTPPeer) async -> SessionAnswer {
        .refused(SMTPReply(530, EnhancedStatus(5, 7, 0), "Log in first"))
    }
}

/// A member who hands in mail on one connection.
struct SubmissionSession: SMTPSession {
    let house: House
    let member: ActingMember
    let hostName: String

    var user: String? { member.id.rawValue }

    func mail(from sender: EnvelopeAddress?, parameters: MailParameters) async -> EnvelopeAnswer {
        guard let sender else {
            return .refused(SMTPReply(550, EnhancedStatus(5, 7, 1), "A member sends from an address, not from <>"))
        }
        let address = KnownSender(sender)
        guard maySend(as: address) else {
            return .refused(
                SMTPReply(550, EnhancedStatus(5, 7, 1), "You may not send as \(sender); see send_as in team.toml")
            )
        }
        return .accepted
    }

    func recipient(_ recipient: EnvelopeRecipient, to envelope: SMTPWire.Envelope) async -> EnvelopeAnswer {
        recipient.address.domain.isEmpty
            ? .refused(SMTPReply(550, EnhancedStatus(5, 1, 3), "A recipient needs a domain"))
            : .accepted
    }

    func message(_ message: ReceivedMessage) async -> MessageAnswer {
        if let refusal = headerRefusal(Header(message.bytes)) { return .all(refusal) }
        guard let account = account(for: message.envelope) else {
            return .all(SMTPReply(550, EnhancedStatus(5, 7, 1), "You have no account to send from"))
        }
        let submitted = SubmittedMessage(
            envelope: message.envelope,
            bytes: message.bytes,
            author: member.id,
            device: member.device,
            account: account,
            received: Trace.value(message, by: hostName, at: house.time.now)
        )
        do {
            return .all(Self.reply(try await house.submit(submitted)))
        } catch {
            return .all(Refusals.reply(error, house))
        }
    }

    private static func reply(_ outcome: SubmissionOutcome) -> SMTPReply {
        switch outcome {
        case .held(let token, let why):
            SMTPReply(250, EnhancedStatus(2, 0, 0), "\(token) held for approval: \(why)")
        case .released(let token):
            SMTPReply(250, EnhancedStatus(2, 0, 0), "\(token) accepted for sending")
        case .commanded(let text):
            SMTPReply(250, EnhancedStatus(2, 0, 0), text)
        case .rejected(let token, let why):
            SMTPReply(550, EnhancedStatus(5, 7, 1), "\(token) not sent, policy refuses it: \(why)")
        }
    }

    /// The author fields are held to the same addresses as MAIL FROM (RFC 6409 §6.1); several
    /// From fields or none are nothing that could be checked.
    private func headerRefusal(_ header: Header) -> SMTPReply? {
        if let refusal = Refusals.oversizedHeader(header) { return refusal }
        let from = header.all("From")
        guard from.count == 1 else {
            return SMTPReply(550, EnhancedStatus(5, 6, 0), "A message needs exactly one From field")
        }
        let authors = (from + header.all("Sender")).flatMap { AddressList($0.unfolded).mailboxes }
        guard !authors.isEmpty else {
            return SMTPReply(550, EnhancedStatus(5, 6, 0), "The From field holds no address")
        }
        for author in authors {
            let address = KnownSender(local: author.localPartText, domain: author.domainText)
            guard maySend(as: address) else {
                return SMTPReply(550, EnhancedStatus(5, 7, 1), "You may not send as \(author.spec)")
            }
        }
        return nil
    }

    private func maySend(as address: KnownSender) -> Bool {
        let rulebook = house.rulebook
        return rulebook.member(member.id)?.sendsAs.contains(address) ?? false
    }

    /// The account whose address sends, else the member's first one.
    private func account(for envelope: SMTPWire.Envelope) -> AccountSettings? {
        let rulebook = house.rulebook
        let accessible = rulebook.accounts(of: member.id)
        if let sender = envelope.sender, let owner = rulebook.account(of: KnownSender(sender)),
            accessible.contains(owner)
        {
            return owner
        }
        return accessible.first
    }
}

typealias KnownSender = Campaigns.Address

extension Campaigns.Address {
    init(_ address: EnvelopeAddress) { self.init(local: address.localPart, domain: address.domain) }
}

/// Errors of the house as SMTP replies.
enum Refusals {
    /// A header over its limit, such as one that never ends (INV-9).
    static func oversizedHeader(_ header: Header) -> SMTPReply? {
        guard header.range.count > Limits.header else { return nil }
        return SMTPReply(552, EnhancedStatus(5, 3, 4), "The header is over \(Limits.header) octets")
    }

    static func reply(_ error: HouseError, _ house: House) -> SMTPReply {
        switch error {
        case .refused(let why):
            return SMTPReply(550, EnhancedStatus(5, 7, 1), why)
        case .store(let cause):
            let reference = Hexadecimal.encode(house.entropy.bytes(count: 4))
            house.log.with("reference", reference).error("message not accepted: \(cause)")
            return cause == .full ? .storageFull(reference: reference) : .ourFault(reference: reference)
        }
    }
}

/// The value of a Received field (RFC 5321 §4.4).
enum Trace {
    static func value(_ message: ReceivedMessage, by host: String, at now: Timestamp) -> String {
        let peer = message.peer
        let greeting = peer.greeting.isEmpty ? "unknown" : peer.greeting
        var text = "from \(greeting)"
        if let address = peer.address.host { text += " (\(literal(address)))" }
        text += " by \(host) with \(message.transport)"
        if let tls = peer.tls { text += " (\(tls.version) \(tls.cipher))" }
        return text + "; \(MailDate(now).text)"
    }

    private static func literal(_ address: IPAddress) -> String {
        address.family == .v6 ? "[IPv6:\(address)]" : "[\(address)]"
    }
}
