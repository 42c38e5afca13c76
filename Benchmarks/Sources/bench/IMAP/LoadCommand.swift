import Base
import Glibc
import Net
import Reactor

/// `bench load`: the mix against any server.
enum LoadCommand {
    static let usage = """
        bench load OPTION...   the IMAP mix against any server
          --host ADDRESS       an IP address; 127.0.0.1
          --port NUMBER        143
          --tls                TLS from the first byte; the certificate is not checked
          --user PATTERN       log-in names, %d is the user's number; user%d
          --password WORD      of all of them
          --users NUMBER       20
          --clients NUMBER     10
          --seconds NUMBER     10
          --log-ins            log in before each round and out behind it
          --messages NUMBER    how many a mailbox holds, about; 30
          --fill               make the mailboxes first: CREATE Copies, APPEND
          --process NUMBER     the server's, to tell its processor time
        """

    static func run(_ arguments: [String]) async {
        do {
            try await drive(arguments)
        } catch {
            print("bench load: \(error)")
            exit(1)
        }
    }

    private static func drive(_ arguments: [String]) async throws {
        var options = try Options(arguments)
        let port = UInt16(clamping: try options.number("port") ?? 143)
        guard let address = IPAddress(try options.text("host") ?? "127.0.0.1") else {
            throw BenchError("--host takes an IP address")
        }
        let process = try options.number("process")
        var server = MailServer(
            name: "server",
            address: address,
            ports: [port],
            tlsPorts: [port],
            process: ProcessFigures(identifier: pid_t(process ?? Int(getpid())))
        )
        server.pattern = try options.text("user") ?? server.pattern
        server.password = try options.text("password") ?? server.password
        var settings = MixSettings(logsIn: options.flag("log-ins"))
        settings.users = try options.number("users") ?? settings.users
        settings.messages = try options.number("messages") ?? settings.messages
        let clients = try options.number("clients") ?? 10
        let seconds = try options.number("seconds") ?? 10
        let tls = options.flag("tls") ? try TLSClientContext(trust: .anyone) : nil
        let mustFill = options.flag("fill")
        try options.finish()
        let loop = try EventLoopGroup(count: 1, log: .silent).next()
        if mustFill { try await Filling.mailboxes(of: server, settings, tls, on: loop) }
        let load = MixLoad(server: server, tls: tls, clients: clients, settings: settings)
        let figures = try await load.run(on: loop, warmUp: .milliseconds(500), for: .seconds(seconds))
        show("commands per second  \(Int(figures.perSecond))")
        if process != nil { show("processor time each  \(Int(figures.cost / 1000)) us") }
        show("sessions \(figures.sessions), refusals \(figures.refusals), octets read \(figures.received)")
    }

    private struct Options {
        private var values: [String: String] = [:]
        private var flags: Set<String> = []

        init(_ arguments: [String]) throws {
            var rest = arguments[...]
            while let word = rest.popFirst() {
                guard word.hasPrefix("--") else { throw BenchError("what is \(word)?\n\(usage)") }
                let name = String(word.dropFirst(2))
                if ["tls", "log-ins", "fill"].contains(name) {
                    flags.insert(name)
                } else {
                    guard let value = rest.popFirst() else { throw BenchError("\(word) needs a value\n\(usage)") }
                    values[name] = value
                }
            }
        }

        mutating func flag(_ name: String) -> Bool { flags.remove(name) != nil }
        mutating func text(_ name: String) throws -> String? { values.removeValue(forKey: name) }

        mutating func number(_ name: String) throws -> Int? {
            guard let text = try text(name) else { return nil }
            guard let number = Int(text), number > 0 else { throw BenchError("--\(name) takes a number") }
            return number
        }

        func finish() throws {
            if let name = values.keys.sorted().first { throw BenchError("there is no --\(name)\n\(usage)") }
        }
    }
}
