import Base
import Campaigns
import Config
import IMAPWire
import Ledger
import Outbound
import Policy
import SMTPWire
import SQLite
import Store
import TestSupport

@testable import Flow

/// The two ways without a socket: a house on a simulated disk with a clock that moves when told to,
/// and a relay that looks at what it may send.
final class FlowHouse: Sendable {
    let house: House
    let clock: ManualClock
    let disk: SimulatedDisk
    private let rules: RulebookBox

    /// On the sample configuration, as the test wants it changed.
    convenience init(_ change: (inout Configuration) -> Void = { _ in }) throws {
        var configuration = try Self.sample()
        change(&configuration)
        try self.init(on: SimulatedDisk(), ManualClock(), configuration)
    }

    convenience init(
        on disk: SimulatedDisk,
        _ clock: ManualClock,
        _ configuration: Configuration,
        entropy: any Entropy = SeededEntropy()
    ) throws {
        try self.init(on: disk, clock, Rulebook(configuration), entropy: entropy)
    }

    init(
        on disk: SimulatedDisk,
        _ clock: ManualClock,
        _ rulebook: Rulebook,
        entropy: any Entropy = SeededEntropy()
    ) throws {
        (self.disk, self.clock) = (disk, clock)
        let rules = RulebookBox(rulebook)
        self.rules = rules
        let environment = StoreEnvironment(
            vfs: try disk.register(),
            files: disk,
            entropy: SeededEntropy(),
            time: clock,
            log: .silent,
            writer: InlineQueue(),
            readers: InlineQueue()
        )
        let projector = Projector { rules.value }
        let store = try Store.open("/data", in: environment, project: projector.project) { _ in }
        house = House(
            store: store,
            rules: rules,
            sealKey: Secret([UInt8](repeating: 7, count: 32)),
            time: clock,
            entropy: entropy,
            log: .silent
        )
    }

    /// What a reload does within its change, at whatever moment a test picks.
    func replaceRules(_ configuration: Configuration) { rules.value = Rulebook(configuration) }

    /// The repository's sample; its certificates need not be there.
    static func sample() throws -> Configuration {
        let repository = Repository()
        let reading = Configuration.load(directory: repository.root + "/config", from: repository)
        guard let configuration = reading.configuration else {
            throw TestFailure(reading.problems.map(\.description).joined(separator: "\n"))
        }
        return configuration
    }

    func acting(_ name: String, mayApprove: Bool = true) -> ActingMember {
        ActingMember(id: MemberID(name), device: "Laptop", mayApprove: mayApprove)
    }

    /// Submits a mail, of Mia's where nobody else is named.
    func submit(
        to recipients: [String],
        number: Int,
        text: String,
        subject: String? = nil,
        by author: MemberID = "mia"
    ) async throws -> SubmissionOutcome {
        let account = try account()
        let envelope = SMTPWire.Envelope(
            sender: EnvelopeAddress("hello@glow.example"),
            recipients: recipients.compactMap { EnvelopeAddress($0).map { EnvelopeRecipient($0) } }
        )
        let lines = [
            "From: Mia <hello@glow.example>", "To: \(recipients.joined(separator: ", "))",
            "Subject: \(subject ?? "Mail \(number)")",
            "Message-ID: <m\(number)@glow.example>", "", text, "",
        ]
        return try await house.submit(
            SubmittedMessage(
                envelope: envelope,
                bytes: Array(lines.joined(separator: "\r\n").utf8),
                author: author,
                device: "Laptop",
                account: account,
                received: "from test by localhost; Sun, 22 Nov 2026 09:00:00 +0000"
            )
        )
    }

    /// Hands a mail in as a member's mail program does, from the brand's address.
    func hand(
        in lines: [String],
        as author: String,
        to recipients: [String],
        device: String = "Laptop"
    ) async throws -> SubmissionOutcome {
        try await house.submit(
            SubmittedMessage(
                envelope: SMTPWire.Envelope(
                    sender: EnvelopeAddress("hello@glow.example"),
                    recipients: recipients.compactMap { EnvelopeAddress($0).map { EnvelopeRecipient($0) } }
                ),
                bytes: Array(lines.joined(separator: "\r\n").utf8),
                author: MemberID(author),
                device: device,
                account: try account(),
                received: "from test by localhost; Sun, 22 Nov 2026 09:00:00 +0000"
            )
        )
    }

    /// Answers a notice, or writes to the command address without naming one.
    func answer(_ notice: NoticeRow?, _ text: String, as author: String, subject: String = "Re: Held") async throws
        -> String
    {
        var lines = [
            "From: \(author) <hello@glow.example>", "To: approvals@greenroom.invalid", "Subject: \(subject)",
            "Message-ID: <\(Hexadecimal.encode(house.entropy.bytes(count: 6)))@glow.example>",
        ]
        if let notice { lines.append("In-Reply-To: <\(notice.messageID)>") }
        let body = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        let outcome = try await hand(in: lines + [""] + body, as: author, to: ["approvals@greenroom.invalid"])
        guard case .commanded(let answer) = outcome else { throw TestFailure("\(outcome)") }
        return answer
    }

    /// The newest notice of a kind that a member has about a message.
    func notice(_ id: OutboundID, of member: String, _ kind: NoticeKind = .hold) throws -> NoticeRow? {
        try house.store.readNow { try $0.notices(of: id) }.last { $0.member == member && $0.kind == kind.rawValue }
    }

    /// What a letter says.
    func text(_ notice: NoticeRow) throws -> String {
        try house.store.readNow { transaction in
            guard let row = try transaction.message(notice.message) else { throw TestFailure("no letter") }
            return String(decoding: try transaction.bytes(ofBody: row.body), as: UTF8.self)
        }
    }

    /// The bytes of a version: as submitted, and as they would leave.
    func bytes(_ id: OutboundID, revision: Int) throws -> (submitted: String, transmit: String) {
        try house.store.readNow { transaction in
            guard let row = try transaction.revision(revision, of: id) else { throw TestFailure("no revision") }
            return (
                String(decoding: try transaction.bytes(ofBody: row.submitted), as: UTF8.self),
                String(decoding: try transaction.bytes(ofBody: row.transmit), as: UTF8.self)
            )
        }
    }

    /// Where a member sees the message that shows an outbound one: `approvals/waiting`.
    func places(_ id: OutboundID, of member: String) throws -> [String] {
        try house.store.readNow { transaction in
            guard let message = try transaction.outbound(id)?.message else { return [] }
            return try Self.places(of: message, member, transaction)
        }
    }

    /// The keywords of state that the message shows.
    func keywords(_ id: OutboundID) throws -> [String] {
        try house.store.readNow { transaction in
            guard let message = try transaction.outbound(id)?.message else { return [] }
            return try transaction.message(message)?.stateKeywords.map(\.name) ?? []
        }
    }

    /// Where a member sees a letter.
    func places(_ notice: NoticeRow) throws -> [String] {
        try house.store.readNow { try Self.places(of: notice.message, notice.member, $0) }
    }

    private static func places(
        of message: MessageID,
        _ member: String,
        _ transaction: ReadTransaction
    ) throws -> [String] {
        try transaction.placements(of: message).compactMap { try transaction.mailbox($0.mailbox) }
            .filter { $0.member == member }.map(\.key).sorted()
    }

    func account() throws -> AccountSettings {
        guard let account = house.rulebook.configuration.gateway.accounts.first else { throw TestFailure("no account") }
        return account
    }

    func decide(_ body: @escaping @Sendable (Decisions) throws -> DecisionOutcome) throws -> DecisionOutcome {
        let rulebook = house.rulebook
        return try house.store.writeNow { transaction in
            try body(Decisions(rulebook: rulebook, transaction: transaction))
        }
    }

    func record(_ id: OutboundID) throws -> OutboundRecord? {
        try house.store.readNow { try $0.outboundRecord(id) }
    }

    /// What a relay may send now.
    func due() throws -> [OutboundRecipientRow] {
        let now = clock.now
        return try house.store.readNow {
            try $0.dueRecipients(inState: RecipientState.waiting.rawValue, at: now, limit: 1000)
        }
    }

    func events() throws -> [Event] {
        try house.store.readNow { try $0.events(from: EventNumber(rawValue: 1), limit: 100_000) }.compactMap(\.event)
    }
}

/// The repository's `config/` on the disk, with certificates that nobody opens.
private struct Repository: FileInspector {
    private let files = SystemFiles()
    let root: String = #filePath.split(separator: "/").dropLast(3).reduce(into: "") { $0 += "/" + $1 }

    func status(_ path: String) throws(FilesError) -> FileStatus {
        if path.hasSuffix(".pem") { return FileStatus(kind: .file, size: 1, permissions: 0o600) }
        return try files.status(path)
    }

    func read(_ path: String) throws(FilesError) -> [UInt8] { try files.read(path) }

    func list(_ path: String) throws(FilesError) -> [String] { try files.list(path) }
}
