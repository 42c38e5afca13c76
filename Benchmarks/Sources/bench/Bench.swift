import Glibc

// `make bench`: what the gateway costs, as ratios to peers in the same run.

@main
enum Bench {
    /// What can be measured, in the order in which it is.
    private static let measures: [(name: String, what: String, run: @Sendable () async throws -> Void)] = [
        ("echo", "processor time of a round trip, against a loop in C", { try await EchoBenchmark.run() }),
        ("idle", "memory of an idle connection", { try await IdleBenchmark.run() }),
        ("mime", "parsing of messages made to be slow", { MIMEBenchmark.run() }),
        ("submissions", "durable submissions per second, beside Postfix", { try SubmissionBenchmark.run() }),
        (
            "relay", "mail taken in and handed on to a server that takes everything, beside Postfix",
            { try RelayBenchmark.run() }
        ),
        ("held", "memory with 100,000 messages that wait for approval", { try HeldBenchmark.run() }),
        ("policy", "processor time of a verdict by 1,000 rules", { PolicyBenchmark.run() }),
        (
            "matching", "loading a roster, and matching against 1,000,000 addresses and handles",
            { try MatchingBenchmark.run() }
        ),
        ("imap-mix", "a mix of IMAP commands, beside Dovecot", { try await MixBenchmark.run() }),
        ("imap-commands", "processor time of each IMAP command, beside Dovecot", { try await CommandBenchmark.run() }),
        (
            "imap-mix-sdbox", "the mix, beside Dovecot with sdbox too",
            { try await MixBenchmark.run(formats: [.maildir, .sdbox]) }
        ),
        ("imap-mailbox", "one mailbox of 100,000 messages, beside Dovecot", { try await MailboxBenchmark.run() }),
        ("imap-notice", "how soon a change is seen, beside Dovecot", { try await NoticeBenchmark.run() }),
        ("imap-sessions", "memory of idle sessions, beside Dovecot", { try await SessionsBenchmark.run() }),
    ]

    /// Made only where they are named.
    private static let extras = ["imap-mix-sdbox", "held"]

    static func main() async throws {
        let arguments = Array(CommandLine.arguments.dropFirst())
        if arguments.first == "serve" {
            // One server, as a process of its own; used by `echo` and `idle`.
            return try await EchoServer.run(Array(arguments.dropFirst()))
        }
        if arguments.first == "load" { return await LoadCommand.run(Array(arguments.dropFirst())) }
        let unknown = arguments.filter { argument in !measures.contains { $0.name == argument } }
        guard unknown.isEmpty else {
            print("usage: bench [MEASURE...]\nWithout a name all are made but \(extras.joined(separator: ", ")).\n")
            for (name, what, _) in measures { print("  \(name.padded(16)) \(what)") }
            print("\n\(LoadCommand.usage)")
            exit(unknown.allSatisfy { ["-h", "--help", "help"].contains($0) } ? 0 : 2)
        }
        Scratch.removeLeftovers()
        let chosen = arguments.isEmpty ? measures.map(\.name).filter { !extras.contains($0) } : arguments
        for (name, _, run) in measures where chosen.contains(name) {
            do {
                try await run()
            } catch {
                show("bench: \(name): \(error)")
                exit(1)
            }
        }
    }
}

/// Why a measurement could not be made.
struct BenchError: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}

/// Prints a line that whoever watches through a pipe sees as it comes.
func show(_ line: String) {
    print(line)
    _ = fflush(nil)
}

extension String {
    func padded(_ width: Int) -> String { self + String(repeating: " ", count: max(0, width - count)) }
}
