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

    /// Why a session that was logged in may not go on: the files are others by now (DESIGN §7).
    private var end: SMTPReply? {
        let device = house.rulebook.member(member.id)?.devices.first { $0.label == member.device }
        guard device?.scopes.contains(.send) != true else { return nil }
        return SMTPReply(550, EnhancedStatus(5, 7, 1), "Your access has ended; what you handed in before stays")
    }

    func mail(from sender: EnvelopeAddress?, parameters: MailParameters) async -> EnvelopeAnswer {
        if let end { return .refused(end) }
        guard let sender else {
            return .refused(SMTPReply(550, EnhancedStatus(5, 7, 1), "A member sends from an address, not from <>"))
        }
        let address = KnownSender(sender)
        guard maySend(as: address) else {
            return .refused(
                SMTPReply(550, EnhancedStatus(5, 7, 1), "You may not send as \(sender); see send_as in team.toml")
            )
        }
        if let known = house.carried {
            if let limit = known.maximumSize, let size = parameters.size, size > limit {
                return .refused(Refusals.reply(.tooLarge(limit: limit)))
            }
            if sender.needsUTF8, !known.smtpUTF8 { return .refused(Refusals.reply(.missingExtension("SMTPUTF8"))) }
        }
        return .accepted
    }

    func recipient(_ recipient: EnvelopeRecipient, to envelope: SMTPWire.Envelope) async -> EnvelopeAnswer {
        if recipient.address.domain.isEmpty {
            return .refused(SMTPReply(550, EnhancedStatus(5, 1, 3), "A recipient needs a domain"))
        }
        if recipient.address.needsUTF8, house.carried?.smtpUTF8 == false {
            return .refused(Refusals.reply(.missingExtension("SMTPUTF8")))
        }
        return .accepted
    }

    func message(_ message: ReceivedMessage) async -> MessageAnswer {
        if let end { return .all(end) }
        let header = Header(message.bytes)
        if let refusal = headerRefusal(header) ?? Refusals.loop(header, by: hostName) { return .all(refusal) }
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
            // Readers that take a broken field apart in another way, and people, see the name as the author.
            if let shown = EnvelopeAddress(author.displayName), !maySend(as: KnownSender(shown)) {
                return SMTPReply(550, EnhancedStatus(5, 7, 1), "You may not send with the name \(shown)")
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

    /// A message that goes round and round: it has passed too many servers, or us too often (RFC 5321 §6.3).
    static func loop(_ header: Header, by host: String) -> SMTPReply? {
        let received = header.all("Received")
        let own = received.count { Trace.host(of: $0.unfolded) == ASCII.lowercased(host) }
        guard received.count >= Limits.receivedFields || own >= Limits.ownReceivedFields else { return nil }
        return SMTPReply(
            554,
            EnhancedStatus(5, 4, 6),
            "The message goes in a loop: it was received \(received.count) times, here \(own) times"
        )
    }

    /// What the smarthost cannot carry is refused while its author can still mend it.
    static func reply(_ obstacle: TransportObstacle) -> SMTPReply {
        switch obstacle {
        case .tooLarge: SMTPReply(552, EnhancedStatus(5, 3, 4), obstacle.advice)
        case .missingExtension("SMTPUTF8"): SMTPReply(550, EnhancedStatus(5, 6, 7), obstacle.advice)
        case .missingExtension: SMTPReply(550, EnhancedStatus(5, 6, 3), obstacle.advice)
        }
    }

    static func reply(_ error: HouseError, _ house: House) -> SMTPReply {
        switch error {
        case .uncarried(let obstacle):
            return reply(obstacle)
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

    /// The host behind `by` in a Received field, in lower case; nil where there is none.
    static func host(of value: [UInt8]) -> String? {
        let words = String(decoding: value, as: UTF8.self).split(whereSeparator: \.isWhitespace)
        guard let by = words.firstIndex(where: { ASCII.equalsIgnoringCase(String($0), "by") }), by + 1 < words.count
        else { return nil }
        return ASCII.lowercased(String(words[by + 1]))
    }

    private static func literal(_ address: IPAddress) -> String {
        address.family == .v6 ? "[IPv6:\(address)]" : "[\(address)]"
    }
}
