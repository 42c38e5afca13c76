import Base
import Campaigns
import IMAPWire
import Ledger
import Message
import Net
import Outbound
import Policy
import Reactor
import SASL
import SMTPClient
import SMTPWire
import Store
import Synchronization
import TestSupport

@testable import Flow

/// A house with a relay and a smarthost on a memory pipe; loop, house and relay share one clock.
final class RelayHouse: Sendable {
    static let smarthost = "smtp.example:587"

    let flow: FlowHouse
    let peer = ScriptedPeer()
    let loop: EventLoop
    let relay: Relay

    init(
        security: SMTPClientConfiguration.Security = .plaintext,
        token: Bool = false,
        limits: RelayLimits = RelayLimits()
    ) throws {
        flow = try FlowHouse()
        loop = EventLoop(stepped: flow.clock)
        let house = flow.house
        let rulebook: @Sendable () -> Rulebook = { house.rulebook }
        let tokens = Tokens()
        relay = Relay(
            store: house.store,
            recorder: DeliveryRecorder(rulebook: rulebook, sealKey: Secret([UInt8](repeating: 7, count: 32))),
            driver: SMTPClientDriver(
                configuration: SMTPClientConfiguration(
                    endpoint: Endpoint(host: "smtp.example", port: 587),
                    security: security,
                    name: "greenroom.example"
                ),
                dialer: peer,
                tls: nil,
                time: flow.clock
            ),
            credentials: { token ? tokens.next() : nil },
            host: Self.smarthost,
            known: house.smarthost,
            limits: limits,
            time: flow.clock,
            log: .silent
        )
    }

    // MARK: Doing

    /// Mia writes to colleagues, which is permitted: it is released at once.
    @discardableResult
    func submit(
        _ recipients: [(address: String, parameters: String)],
        parameters: String = "",
        subject: String = "Lunch",
        text: String = "At noon?",
        fields: [String] = []
    ) async throws -> OutboundID {
        let before = try outbound().count
        let envelope = SMTPWire.Envelope(
            sender: EnvelopeAddress("hello@glow.example"),
            parameters: try MailParameters(text: parameters),
            recipients: try recipients.map { recipient in
                guard let address = EnvelopeAddress(recipient.address) else { throw TestFailure(recipient.address) }
                return EnvelopeRecipient(address, try RecipientParameters(text: recipient.parameters))
            }
        )
        let lines =
            [
                "From: Mia <hello@glow.example>", "To: ben@glow.example, lea@glow.example, mia@glow.example",
                "Subject: \(subject)", "Message-ID: <m\(before)@glow.example>",
            ] + fields + ["", text, ""]
        let outcome = try await flow.house.submit(
            SubmittedMessage(
                envelope: envelope,
                bytes: Array(lines.joined(separator: "\r\n").utf8),
                author: "mia",
                device: "Laptop",
                account: try flow.account(),
                received: "from test by localhost; Sun, 22 Nov 2026 09:00:00 +0000"
            )
        )
        guard case .released = outcome else { throw TestFailure("\(outcome)") }
        return OutboundID(rawValue: Int64(before + 1))
    }

    @discardableResult
    func submit(to addresses: String..., subject: String = "Lunch", text: String = "At noon?") async throws
        -> OutboundID
    {
        try await submit(addresses.map { ($0, "") }, subject: subject, text: text)
    }

    /// One run over the queue, and the look for what is late behind it; with peers that are slow, the time
    /// that they take.
    @discardableResult
    func run(taking duration: Duration = .zero) async throws -> Timestamp? {
        let task = loop.spawn { () async -> Result<Timestamp?, any Error> in
            do {
                let next = try await self.relay.sendDue(on: self.loop)
                try await self.relay.lookForLate()
                return .success(next)
            } catch {
                return .failure(error)
            }
        }
        loop.run(for: duration, flow.clock)
        return try await task.value.get()
    }

    func advance(_ duration: Duration) { flow.clock.advance(by: duration) }

    /// Runs whenever something is due or a minute has passed, for a time.
    func live(for duration: Duration) async throws {
        let end = flow.clock.now.advanced(by: duration)
        while flow.clock.now < end {
            let next = try await run()
            let round = flow.clock.now.advanced(by: Limits.relayRound)
            let until = min(end, max(round, next ?? end))
            advance(until.duration(since: flow.clock.now))
        }
        try await run()
    }

    func queue(_ body: @escaping @Sendable (Queueing) throws -> DecisionOutcome) async throws -> DecisionOutcome {
        try await flow.house.queue(body)
    }

    // MARK: Looking

    func outbound() throws -> [OutboundRow] {
        try flow.house.store.readNow { transaction in
            try OutboundState.allCases.flatMap { try transaction.outbound(inState: $0.rawValue) }
        }
    }

    func state(_ id: OutboundID) throws -> OutboundState? { try flow.record(id)?.state }

    func rows(_ id: OutboundID) throws -> [OutboundRecipientRow] {
        try flow.house.store.readNow { try $0.recipients(of: id, revision: 1) }
    }

    /// `waiting 1 60`: state, attempts, and seconds until the next one.
    func progress(_ id: OutboundID) throws -> [String] {
        let now = flow.clock.now
        return try rows(id).map { row in
            let next = row.nextAttempt.map { " \($0.duration(since: now).components.seconds)" } ?? ""
            return "\(row.state) \(row.attempts)\(next)"
        }
    }

    func smarthost() throws -> SmarthostRow? {
        try flow.house.store.readNow { try $0.smarthost(Self.smarthost) }
    }

    func attempts(_ id: OutboundID) throws -> [AttemptRow] {
        try flow.house.store.readNow { try $0.attempts(of: id) }
    }

    func kinds(_ id: OutboundID) throws -> [EventKind] {
        try flow.events().filter { $0.subject == .outbound(id) }.map(\.kind)
    }

    /// The mail in the team's INBOX: what reports there are.
    func reports() throws -> [ParsedMessage] { try mail { $0.key == "inbox" } }

    /// What Mia alone finds in Decided, letters among them.
    func decided() throws -> [ParsedMessage] { try mail { $0.key == "approvals/decided" && $0.member == "mia" } }

    private func mail(in isMeant: @escaping @Sendable (MailboxRow) -> Bool) throws -> [ParsedMessage] {
        try flow.house.store.readNow { transaction in
            try transaction.mailboxes().filter(isMeant).flatMap { mailbox in
                try transaction.placements(in: mailbox.id).map { placement in
                    ParsedMessage(try transaction.bytes(of: placement.edition))
                }
            }
        }
    }
}

/// A new token every time.
private final class Tokens: Sendable {
    private let count = Mutex(0)

    func next() -> ClientCredentials {
        let number = count.withLock { count in
            count += 1
            return count
        }
        return .bearer(user: "glow", token: Secret("token-\(number)"), host: "smtp.example", port: 587)
    }
}

extension ParsedMessage {
    var subject: String { header.text("Subject") ?? "" }
    var report: Message.DeliveryReport? { Message.DeliveryReport(self) }
    var text: String { String(decoding: bytes, as: UTF8.self) }
}

/// True the first time.
final class Once: Sendable {
    private let isTaken = Mutex(false)

    func take() -> Bool {
        isTaken.withLock { isTaken in
            defer { isTaken = true }
            return !isTaken
        }
    }
}
