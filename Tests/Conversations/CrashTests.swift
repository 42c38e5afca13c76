import Base
import Flow
import Ledger
import Net
import Outbound
import Policy
import Reactor
import Store
import Synchronization
import TestSupport
import Testing

/// What a crash leaves is what was acknowledged (INV-2).
@Suite("Crashes")
struct CrashTests {
    @Test("Held before the crash, held after it, and can still be approved (INV-2)")
    func held() async throws {
        try await TestGateway.run { house in
            try await house.submit("mia", to: ["kofi@kofimakes.example"], Mail.toKofi)
            let uid = try await house.client("ben").only("Approvals/Waiting")
            try await house.afterCrash { house in
                let (mia, ben) = (try await house.client("mia"), try await house.client("ben"))
                #expect(try await ben.only("Approvals/Waiting") == uid)
                #expect(try house.sunk().isEmpty)
                try await ben.ok("UID MOVE \(uid) Approvals/Approve")
                #expect(try await house.eventually { try await mia.count("Sent") == 1 })
                #expect(try house.sunk().count == 1)
            }
        }
    }

    @Test("Approved before the crash: it leaves after it, when the undo time is over (INV-2)")
    func approved() async throws {
        try await TestGateway.run(TestGateway.Plan(undoTime: .seconds(2))) { house in
            try await house.submit("mia", to: ["kofi@kofimakes.example"], Mail.toKofi)
            let ben = try await house.client("ben")
            try await ben.ok("UID MOVE \(try await ben.only("Approvals/Waiting")) Approvals/Approve")
            try await house.afterCrash { house in
                let hasLeft = try await house.eventually { try house.sunk().count == 1 }
                #expect(hasLeft)
            }
        }
    }

    @Test("Everything that was acknowledged is there after the crash (INV-2)")
    func acknowledged() async throws {
        try await TestGateway.run { house in
            try await house.deliver(Mail.fromKofi)
            let mia = try await house.client("mia")
            let uid = try await mia.only("INBOX")
            try await mia.ok("UID STORE \(uid) +FLAGS (\\Flagged $Label1)")
            #expect(try await mia.append(Mail.toKofi, to: "Drafts", flags: "\\Draft").isOK)
            try await mia.ok("CREATE Later")
            try await mia.ok("UID MOVE \(uid) Later")
            try await house.afterCrash { house in
                let mia = try await house.client("mia")
                #expect(try await mia.count("INBOX") == 0)
                #expect(try await mia.count("Drafts") == 1)
                let flags = try await mia.flags(try await mia.only("Later"))
                #expect(flags.contains("\\Flagged") && flags.contains("$Label1"))
            }
        }
    }

    @Test("Cut off between the last dot and our commit: sent again with the same Message-ID (INV-2)")
    func openAttempt() async throws {
        try await withLoop { loop in
            let smarthost = try Smarthost(on: loop)
            try await TestGateway.run(.smarthost(port: smarthost.port)) { house in
                try await house.submit("mia", to: ["kofi@kofimakes.example"], Mail.toKofi)
                let ben = try await house.client("ben")
                try await ben.ok("UID MOVE \(try await ben.only("Approvals/Waiting")) Approvals/Approve")
                #expect(try await house.eventually { smarthost.messages.count == 1 })
                // The smarthost has it and has not answered: the attempt stands open on disk.
                let open = try await house.house.store.read { try $0.openAttempts().count }
                #expect(open == 1)
                smarthost.answers()
                try await house.afterCrash(.smarthost(port: smarthost.port)) { house in
                    #expect(try await house.records().first?.state == .queued)
                    // Its turn has come.
                    try await house.house.store.write { transaction in
                        try transaction.setRecipients(
                            of: OutboundID(rawValue: 1),
                            revision: 1,
                            state: RecipientState.waiting.rawValue,
                            nextAttempt: transaction.now
                        )
                    }
                    house.house.outboundMayHaveChanged()
                    #expect(try await house.eventually { try await house.records().first?.state == .sent })
                }
            }
            #expect(smarthost.messages.count == 2)
            #expect(Set(smarthost.messages).count == 1)
            #expect(smarthost.messages.allSatisfy { $0.contains("Message-ID: <offer-1@glow.example>") })
            await smarthost.close()
        }
    }
}

/// A smarthost that takes messages and answers the last dot only when it is told to.
final class Smarthost: Sendable {
    private let server: Server
    private let state: Mutex<State>

    private struct State {
        var messages: [String] = []
        var answers = false
    }

    let port: UInt16

    init(on loop: EventLoop) throws {
        let loopback = IPAddress(family: .v4, value: 0x7F00_0001)
        let listener = try Listener(on: loop, at: .ip(loopback, port: 0), log: .silent)
        let box = Box()
        server = Server(listener, loops: EventLoopGroup([loop]), log: .silent) { connection in
            try? await box.value.withLock { $0 }?.serve(LineClient(connection))
        }
        guard case .ip(_, let port) = server.address else { throw SmarthostFailure() }
        self.port = port
        state = Mutex(State())
        box.value.withLock { $0 = self }
        server.start()
    }

    private final class Box: Sendable {
        let value = Mutex<Smarthost?>(nil)
    }

    private struct SmarthostFailure: Error {}

    var messages: [String] { state.withLock { $0.messages } }

    func answers() { state.withLock { $0.answers = true } }

    func close() async { await server.shutDown(until: .distantFuture) }

    private func serve(_ client: LineClient) async throws {
        try await client.send("220 smarthost\r\n")
        while true {
            switch try await client.line().prefix(4).uppercased() {
            case "EHLO": try await client.send("250 smarthost\r\n")
            case "DATA":
                try await client.send("354 go on\r\n")
                var lines: [String] = []
                while true {
                    let line = try await client.line()
                    if line == "." { break }
                    lines.append(line)
                }
                let isAnswering = state.withLock { state in
                    state.messages.append(lines.joined(separator: "\n"))
                    return state.answers
                }
                if isAnswering { try await client.send("250 kept\r\n") }
            case "QUIT":
                try await client.send("221 bye\r\n")
                return
            default: try await client.send("250 fine\r\n")
            }
        }
    }
}
