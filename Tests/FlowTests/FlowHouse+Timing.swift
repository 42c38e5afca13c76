import Base
import Campaigns
import Config
import IMAPWire
import Ledger
import Outbound
import Policy
import SMTPWire
import Store
import TestSupport
import Views

@testable import Flow

// What happens to mail that waits: the other side writes, records move, colleagues write, time passes.

extension FlowHouse {
    static let lumi = "luisa@lumi.example"
    static let kofi = "kofi@kofimakes.example"

    /// Submits a mail of a member's and gives its number.
    @discardableResult
    func write(
        _ text: String = "How are you?",
        from author: String = "mia",
        to recipients: [String] = [FlowHouse.lumi]
    ) async throws -> OutboundID {
        let number = try house.store.readNow { try $0.ledgerHead()?.number.rawValue ?? 0 }
        let lines = [
            "From: Team <hello@glow.example>", "To: \(recipients.joined(separator: ", "))", "Subject: Mail",
            "Message-ID: <w\(number)@glow.example>", "", text, "",
        ]
        let message = SubmittedMessage(
            envelope: SMTPWire.Envelope(
                sender: EnvelopeAddress("hello@glow.example"),
                recipients: recipients.compactMap { EnvelopeAddress($0).map { EnvelopeRecipient($0) } }
            ),
            bytes: Array(lines.joined(separator: "\r\n").utf8),
            author: MemberID(author),
            device: "Laptop",
            account: try account(),
            received: "from test by localhost; Sun, 22 Nov 2026 09:00:00 +0000"
        )
        switch try await house.submit(message) {
        case .held(let token, _), .released(let token), .rejected(let token, _):
            guard let number = Int64(token.dropFirst(2).prefix { $0 != "." }) else { throw TestFailure(token) }
            return OutboundID(rawValue: number)
        case .commanded(let text):
            throw TestFailure(text)
        }
    }

    /// A creator writes to the team.
    func hear(from address: String = FlowHouse.lumi, _ text: String = "I have news.") async throws {
        let number = try house.store.readNow { try $0.ledgerHead()?.number.rawValue ?? 0 }
        let lines = [
            "From: <\(address)>", "To: hello@glow.example", "Subject: News", "Message-ID: <n\(number)@away.example>",
            "Date: Sun, 22 Nov 2026 09:00:00 +0000", "", text, "",
        ]
        _ = try await house.deliver(
            Array(lines.joined(separator: "\r\n").utf8),
            to: account(),
            authservID: nil
        )
    }

    /// A member moves every conversation with a creator to a stage.
    func setStage(_ stage: Stage, of creator: String) throws {
        let version = house.rulebook.version
        try house.store.writeNow { transaction in
            for row in try transaction.conversations(creator: creator) {
                try transaction.record(
                    Event(
                        .stageChanged,
                        .conversation(row.id),
                        by: .member("mia", device: "Laptop"),
                        at: transaction.now,
                        policyVersion: version,
                        fields: [ConversationFold.Field.stage: stage.rawValue]
                    )
                )
            }
        }
    }

    /// Takes a changed configuration into force, as a reload does.
    func reload(_ change: (inout Configuration) -> Void) async throws {
        var configuration = house.rulebook.configuration
        change(&configuration)
        // Other bytes in the files: another version.
        let number = UInt8(truncatingIfNeeded: try events().count)
        configuration.files[0].hash = [number]
        try await house.accept(configuration)
    }

    /// Lets mail to creators out after a while, without anybody's approval.
    func permitAfter(_ delay: Duration) async throws {
        try await reload { configuration in
            configuration.rules = RuleSet(
                permits: [Permit(name: "everything", condition: .always)],
                restrictions: [Restriction(name: "slowly", condition: .always, effect: .delay(delay))],
                defaultApprovals: ["managers": 1]
            )
        }
    }

    @discardableResult
    func approve(_ id: OutboundID, by name: String = "ben") throws -> DecisionOutcome {
        let member = acting(name)
        return try decide { try $0.approve(id, revision: 1, by: member) }
    }

    /// Lets time pass and does what is due, again where doing it made something due at once.
    func pass(_ time: Duration) async throws {
        clock.advance(by: time)
        for _ in 0..<20 {
            try await house.settleDue()
            guard let next = try await house.nextDue(), next <= clock.now else { return }
        }
        throw TestFailure("something stays due")
    }

    var undoTime: Duration { house.rulebook.undoTime }

    /// The smarthost takes a released message.
    func send(_ id: OutboundID) async throws {
        let (record, hash) = try house.store.readNow { transaction -> (OutboundRecord?, [UInt8]?) in
            let record = try transaction.outboundRecord(id)
            return (record, try record.flatMap { try transaction.revision($0.revision, of: id)?.transmit })
        }
        guard let record, let hash, record.state == .queued else { throw TestFailure("\(id) is not released") }
        let body = try await house.store.prepare(try house.store.readNow { try $0.bytes(ofBody: hash) })
        let recorder = DeliveryRecorder(
            rulebook: { self.house.rulebook },
            sealKey: Secret([UInt8](repeating: 7, count: 32))
        )
        try house.store.writeNow { transaction in
            let attempt = try transaction.beginAttempt(of: id, revision: record.revision, host: "test")
            for row in try transaction.recipients(of: id, revision: record.revision) {
                try transaction.update(row, .relayed, reply: "250 OK", attempts: 1, next: nil)
            }
            try transaction.endAttempt(attempt, outcome: "250 OK")
            var report = RelayReport(
                outbound: id,
                revision: record.revision,
                smarthost: "test",
                releasedAt: transaction.now
            )
            report.relayed = record.recipients.map {
                RelayReport.Answer(address: $0, reply: "250 OK", status: EnhancedStatus(2, 0, 0))
            }
            report.isFinished = true
            report.transmitForm = body
            try recorder.record(report, transaction)
        }
    }

    /// A letter of Greenroom's as a member's folder shows it.
    struct ShownLetter {
        let subject: String
        let text: String
        let messageID: String
        let isSeen: Bool
    }

    /// Greenroom's letters in a member's folder, the oldest first.
    func letters(_ view: View = .waiting, of member: String) throws -> [ShownLetter] {
        try house.store.readNow { transaction in
            guard let house = try transaction.account(named: HouseAccount.name),
                let mailbox = try transaction.mailbox(house.id, key: view.key, member: member)
            else { return [] }
            var letters: [ShownLetter] = []
            for placement in try transaction.placements(in: mailbox.id) {
                guard let row = try transaction.message(placement.message), row.direction == "letter" else { continue }
                letters.append(
                    ShownLetter(
                        subject: row.subject,
                        text: String(decoding: try transaction.bytes(ofBody: row.body), as: UTF8.self),
                        messageID: row.messageID,
                        isSeen: placement.flags.system.contains(.seen)
                    )
                )
            }
            return letters
        }
    }

    func state(_ id: OutboundID) throws -> OutboundState? { try record(id)?.state }

    /// The numbers of what a relay may send now.
    func leaving() throws -> Set<OutboundID> { Set(try due().map(\.outbound)) }
}

extension SimulatedDisk {
    /// What a power cut at this moment leaves: what was synced.
    func afterPowerCut() -> SimulatedDisk {
        var replay = DiskReplay()
        for operation in trace { replay.apply(operation) }
        return replay.disk(losing: .all, seed: 1)
    }
}
