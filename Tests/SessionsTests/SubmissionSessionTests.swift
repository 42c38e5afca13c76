import Base
import Campaigns
import Config
import Flow
import Net
import Outbound
import SMTPServer
import SMTPWire
import SQLite
import Store
import Synchronization
import TestSupport
import Testing

@testable import Sessions

/// What a member who hands in mail is answered.
@Suite struct SubmissionSessionTests {
    @Test(
        "Every address of From and Sender must be the member's (RFC 6409 §6.1)",
        arguments: [
            ("From: Mia <hello@glow.example>", 250),
            ("From: hello@glow.example, mia@glow.example\r\nSender: mia@glow.example", 250),
            ("From: hello@glow.example, lea@glow.example\r\nSender: mia@glow.example", 550),
            ("From: hello@glow.example\r\nSender: lea@glow.example", 550),
            ("From: hello@glow.example\r\nsENDER : lea@glow.example", 550),
            ("From: hello@glow.example\r\nFROM: lea@glow.example", 550),
            ("From: hello@glow.example\r\nfrom : lea@glow.example", 550),
            ("From: team: hello@glow.example, lea@glow.example;", 550),
            ("From: team:;", 550),
            ("From: \"hello@glow.example\" <lea@glow.example>", 550),
            ("From: lea@glow.example <hello@glow.example>", 550),
            ("From: \"lea@glow.example\" <hello@glow.example>", 550),
            ("From: mia@glow.example <hello@glow.example>", 250),
            ("From: =?utf-8?q?hello=40glow.example?= <lea@glow.example>", 550),
            ("From: hello@glow.example, ceo", 550),
            ("From: hello@glow.example;\r\n lea@glow.example", 550),
            ("Subject: none", 550),
        ] as [(String, UInt16)]
    )
    func authors(_ fields: String, _ code: UInt16) async throws {
        let desk = try DeskHouse()
        #expect(try await desk.message("\(fields)\r\n\r\nx\r\n").code == code)
    }

    @Test("MAIL FROM is one of the member's addresses, and never empty")
    func sender() async throws {
        let desk = try DeskHouse()
        for (address, isAccepted) in [
            ("hello@glow.example", true), ("MIA@Glow.example", true), ("lea@glow.example", false),
        ] {
            let answer = await desk.session.mail(from: EnvelopeAddress(address), parameters: MailParameters())
            #expect((answer == .accepted) == isAccepted, "\(address)")
        }
        #expect(await desk.session.mail(from: nil, parameters: MailParameters()) != .accepted)
    }

    @Test("A reload that removes a member, or their device, ends what their session may do; what they handed in stays")
    func removed() async throws {
        let sender = EnvelopeAddress("hello@glow.example")
        let end = SMTPReply(550, EnhancedStatus(5, 7, 1), "Your access has ended; what you handed in before stays")
        for takesDeviceOnly in [true, false] {
            let desk = try DeskHouse()
            #expect(try await desk.message("From: hello@glow.example\r\n\r\nx\r\n").code == 250)
            var changed = desk.house.rulebook.configuration
            let index = try #require(changed.team.members.firstIndex { $0.id == "mia" })
            if takesDeviceOnly {
                changed.team.members[index].devices = []
            } else {
                changed.team.members.remove(at: index)
            }
            changed.files[0].hash = [1]
            try await desk.house.accept(changed)
            #expect(await desk.session.mail(from: sender, parameters: MailParameters()) == .refused(end))
            #expect(try await desk.message("From: hello@glow.example\r\n\r\nx\r\n") == end)
            #expect(try desk.count() == 1)
        }
    }

    @Test("A message that goes round is ended: too many servers, or us too often (RFC 5321 §6.3)")
    func loops() async throws {
        let desk = try DeskHouse()
        let from = "From: hello@glow.example\r\n"
        func received(_ host: String, _ count: Int) -> String {
            String(
                repeating:
                    "Received: from a.example\r\n by \(host) with ESMTP;\r\n Sun, 22 Nov 2026 09:00:00 +0000\r\n",
                count: count
            )
        }
        #expect(try await desk.message(received("a.example", 49) + from + "\r\nx\r\n").code == 250)
        #expect(try await desk.message(received("a.example", 50) + from + "\r\nx\r\n").code == 554)
        #expect(try await desk.message(received("room.example", 2) + from + "\r\nx\r\n").code == 250)
        let reply = try await desk.message(received("ROOM.example", 3) + from + "\r\nx\r\n")
        #expect(reply.code == 554 && reply.enhanced == EnhancedStatus(5, 4, 6))
    }

    @Test("What the smarthost lacks is refused at MAIL, RCPT and the end of DATA, in words that help")
    func carriage() async throws {
        let desk = try DeskHouse()
        #expect(try await desk.message("From: hello@glow.example\r\n\r\nGrüße\r\n").code == 250)
        desk.house.smarthost.learn(SMTPCapabilities(lines: ["x", "SIZE 1000"]))
        var parameters = MailParameters()
        parameters.size = 1001
        #expect(
            await desk.session.mail(from: EnvelopeAddress("hello@glow.example"), parameters: parameters).code == 552
        )
        let recipient = EnvelopeRecipient(try #require(EnvelopeAddress("méi@x.example")))
        let envelope = Envelope(sender: EnvelopeAddress("hello@glow.example"))
        let answer = await desk.session.recipient(recipient, to: envelope)
        #expect(answer.code == 550 && "\(answer)".contains("UTF-8"))
        let eightBit = try await desk.message("From: hello@glow.example\r\n\r\nGrüße\r\n")
        #expect(eightBit.enhanced == EnhancedStatus(5, 6, 3) && eightBit.text.contains("quoted-printable"))
        let large = try await desk.message("From: hello@glow.example\r\n\r\n\(String(repeating: "x\r\n", count: 400))")
        #expect(large.code == 552 && large.text.contains("1000 octets"))
        #expect(try await desk.message("From: hello@glow.example\r\n\r\nHello\r\n").code == 250)
    }

    @Test("A disk that fills during DATA: 452, nothing is kept, and the session lives (INV-2)")
    func fullDisk() async throws {
        let desk = try DeskHouse()
        let text = "From: hello@glow.example\r\n\r\n" + String(repeating: "A line of it.\r\n", count: 20_000)
        desk.disk.setCapacity(desk.disk.usedBytes + 64 * 1024)
        let reply = try await desk.message(text)
        #expect(reply.code == 452 && reply.enhanced == EnhancedStatus(4, 3, 1))
        #expect(try desk.count() == 0)
        desk.disk.setCapacity(1 << 40)
        #expect(try await desk.message(text).code == 250)
        #expect(try desk.count() == 1)
        #expect(desk.stops.count == 0)
    }

    @Test("An fsync that fails: no 250, and the process is told to stop (INV-2)")
    func failedSync() async throws {
        let desk = try DeskHouse()
        desk.disk.fail(.sync, after: 1)
        #expect(try await desk.message("From: hello@glow.example\r\n\r\nx\r\n").code == 451)
        #expect(desk.stops.count == 1)
        desk.disk.mend()
        // Nothing more is taken: only a restart knows what is durable.
        #expect(try await desk.message("From: hello@glow.example\r\n\r\ny\r\n").code == 451)
    }
}

/// A house on a simulated disk, and Mia's session with it.
private final class DeskHouse: Sendable {
    let house: House
    let disk = SimulatedDisk()
    let stops: Stops
    let session: SubmissionSession

    final class Stops: Sendable {
        private let stops = Mutex(0)

        var count: Int { stops.withLock { $0 } }

        func add() { stops.withLock { $0 += 1 } }
    }

    init() throws {
        let repository = Repository()
        let reading = Configuration.load(directory: repository.root + "/config", from: repository)
        guard let configuration = reading.configuration else { throw TestFailure("\(reading.problems)") }
        let rules = RulebookBox(Rulebook(configuration))
        let clock = ManualClock()
        let environment = StoreEnvironment(
            vfs: try disk.register(),
            files: disk,
            entropy: SeededEntropy(),
            time: clock,
            log: .silent,
            writer: InlineQueue(),
            readers: InlineQueue()
        )
        let stops = Stops()
        self.stops = stops
        let store = try Store.open("/data", in: environment, project: Projector { rules.value }.project) { _ in
            stops.add()
        }
        house = House(
            store: store,
            rules: rules,
            sealKey: Secret([UInt8](repeating: 7, count: 32)),
            time: clock,
            entropy: SeededEntropy(),
            log: .silent
        )
        let member = ActingMember(id: "mia", device: "Laptop", mayApprove: false)
        session = SubmissionSession(house: house, member: member, hostName: "room.example")
    }

    /// Hands in a message to a colleague.
    func message(_ text: String) async throws -> SMTPReply {
        guard let sender = EnvelopeAddress("hello@glow.example"), let recipient = EnvelopeAddress("ben@glow.example"),
            let address = SocketAddress("127.0.0.1:4000")
        else { throw TestFailure("addresses") }
        let answer = await session.message(
            ReceivedMessage(
                envelope: Envelope(sender: sender, recipients: [EnvelopeRecipient(recipient)]),
                bytes: Array(text.utf8),
                peer: SMTPPeer(address: address, greeting: "laptop.example"),
                user: "mia",
                transport: "ESMTPSA"
            )
        )
        guard case .all(let reply) = answer else { throw TestFailure("\(answer)") }
        return reply
    }

    /// How many messages were taken.
    func count() throws -> Int { try house.store.readNow { try $0.outbound(inState: "queued").count } }
}

extension EnvelopeAnswer {
    fileprivate var code: UInt16 {
        switch self {
        case .accepted: 250
        case .refused(let reply): reply.code
        }
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
