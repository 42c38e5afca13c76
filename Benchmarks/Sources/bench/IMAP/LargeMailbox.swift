import Base
import Glibc
import Reactor

/// The gateway and a Dovecot with an INBOX of many messages, kept in /var/tmp between runs.
enum LargeMailbox {
    static let messages = 100_000
    private static let size = 3000
    /// Sessions that fill the gateway, and messages that each sends in one command.
    private static let sessions = 4
    private static let batch = 100

    static func start() async throws -> Peers? {
        guard let program = GatewayUnderLoad.program else { return try Peers.start(users: 1) }
        let scratch = try Scratch(keeping: "mailbox-\(messages)-\(size)")
        let (gateway, maildir) = (try Scratch(below: scratch, "gateway"), try Scratch(below: scratch, "maildir"))
        // What another build of the gateway has stored is not measured.
        let identity = "filled-\(try identity(of: program))"
        let mustFillGateway = !gateway.exists(identity)
        let mustFillDovecot = DovecotUnderLoad.isInstalled && !maildir.exists("filled")
        if mustFillGateway { try gateway.empty() }
        if mustFillDovecot {
            try maildir.empty()
            let start = OwnTime.now
            try fillMaildir(maildir)
            try maildir.write("filled", "")
            report("Dovecot's maildir written", start)
        }
        guard let peers = try Peers.start(users: 1, in: scratch) else { return nil }
        if mustFillGateway {
            let start = OwnTime.now
            do {
                try await fill(peers.servers[0], on: peers.loop)
                try gateway.write(identity, "")
            } catch {
                peers.stop()
                throw error
            }
            report("the gateway filled by APPEND", start)
        }
        return peers
    }

    private static func report(_ what: String, _ start: Int64) {
        show("  \(what): \(messages) messages in \((OwnTime.now - start) / 1_000_000_000) s")
    }

    private static func identity(of program: String) throws -> String {
        var facts = stat()
        guard unsafe stat(program, &facts) == 0 else { throw BenchError("\(program): error \(errno)") }
        return "\(facts.st_size)-\(facts.st_mtim.tv_sec)"
    }

    private static func fill(_ server: MailServer, on loop: EventLoop) async throws {
        let tasks = (0..<sessions).map { session in
            loop.spawn { () async -> Result<Void, any Error> in
                do {
                    try await LoadClient.use(server, tls: nil, on: loop) { client in
                        try await client.logIn(0)
                        for first in stride(from: session * batch, to: messages, by: sessions * batch) {
                            let numbers = first..<min(messages, first + batch)
                            try await client.appendTogether(
                                numbers.map { MailCorpus.message($0, size: size) },
                                to: "INBOX"
                            )
                        }
                        guard client.refusals == 0 else { throw BenchError("\(server.name): \(client.lastStatus)") }
                        try await client.logOut()
                    }
                    return .success(())
                } catch { return .failure(error) }
            }
        }
        for task in tasks { try await task.value.get() }
    }

    /// As Dovecot's own delivery writes it: lines end in LF, the name tells both sizes.
    private static func fillMaildir(_ scratch: Scratch) throws {
        try scratch.makeDirectory("mail")
        let home = "mail/" + MailServer.user(0)
        for directory in [home, home + "/cur", home + "/new", home + "/tmp"] { try scratch.makeDirectory(directory) }
        for number in 0..<messages {
            let message = MailCorpus.message(number, size: size)
            let stored = message.filter { $0 != ASCII.cr }
            let sizes = "S=\(stored.count),W=\(message.count)"
            try scratch.write(
                "\(home)/cur/\(1_770_000_000 + number).M1P1.bench,\(sizes):2,",
                String(decoding: stored, as: UTF8.self)
            )
        }
        let owner = DovecotUnderLoad.mailUser
        guard unsafe system("chown -R \(owner):\(owner) '\(scratch.path("mail"))'") == 0 else {
            throw BenchError("the maildir cannot be given away")
        }
    }
}
