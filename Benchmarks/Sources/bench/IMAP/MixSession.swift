/// What every session of a mix shares; used on one loop.
final class MixTally: @unchecked Sendable {
    // Unchecked: the sessions and who reads the figures are tasks of one loop.
    var commands = 0
    var sessions = 0
    var received = 0
    var refusals = 0
    var isOver = false
    var failure: String?
}

/// How the mix works.
struct MixSettings: Sendable {
    /// Log in before each round and out behind it, or stay.
    let logsIn: Bool
    /// How many messages a mailbox holds, about.
    var messages = 30
    var users = 20
}

/// One client of the mix: rounds of commands in the order and with the likelihoods of imaptest's
/// stress mode; SEARCH, NOOP and IDLE, which that leaves out, are added.
struct MixSession {
    let settings: MixSettings
    let tally: MixTally
    private let user: Int
    private var random: SeededRandom
    private var mailbox: String?

    init(number: Int, settings: MixSettings, tally: MixTally) {
        self.settings = settings
        self.tally = tally
        user = number % settings.users
        random = SeededRandom(seed: UInt64(number) &* 7919 &+ 17)
    }

    /// Works until the time is over, on one connection after the other or on one alone.
    mutating func run(_ open: (_ body: (LoadClient) async throws -> Void) async throws -> Void) async throws {
        while !tally.isOver {
            // Copied in and out: the closure cannot change what it does not own.
            var session = self
            try await open { client in
                try await client.logIn(session.user)
                session.tally.commands += 1
                session.mailbox = nil
                repeat { try await session.round(client) } while !session.settings.logsIn && !session.tally.isOver
                try await client.logOut()
                session.tally.commands += 1
                session.tally.sessions += 1
                session.tally.refusals += client.refusals
            }
            self = session
        }
    }

    private mutating func round(_ client: LoadClient) async throws {
        let before = client.received
        if random.happens(percent: 50) { try await perform("LIST \"\" *", client) }
        if random.happens(percent: 50) { try await perform("STATUS INBOX (MESSAGES UNSEEN)", client) }
        if mailbox == nil || random.happens(percent: 25) { try await select(client) }
        if client.exists > 0 { try await fetch(client) }
        while client.exists > 0 {
            let item = random.pick(Self.bodies)
            try await perform("FETCH \(1 + random.below(client.exists)) (UID \(item))", client)
            guard random.happens(percent: 30) else { break }
        }
        if random.happens(percent: 20) { try await perform("SEARCH " + query(), client) }
        if client.exists > 0, random.happens(percent: 50) { try await store(client) }
        if client.exists > 0, random.happens(percent: 33) { try await copy(client) }
        if client.exists > 0 { try await delete(client) }
        try await perform("EXPUNGE", client)
        repeat {
            let number = random.below(1_000_000_000)
            try await client.append(MailCorpus.message(number, from: Self.templates), to: mailbox ?? "INBOX")
            tally.commands += 1
        } while random.happens(percent: 5)
        if random.happens(percent: 25) { try await perform("NOOP", client) }
        if random.happens(percent: 25) {
            try await client.beginIdle()
            try await client.endIdle()
            tally.commands += 1
        }
        tally.received += client.received - before
    }

    private func perform(_ command: String, _ client: LoadClient) async throws {
        try await client.perform(command)
        tally.commands += 1
    }

    private mutating func select(_ client: LoadClient) async throws {
        let name = random.happens(percent: 75) ? "INBOX" : "Copies"
        mailbox = name
        try await client.select(name)
        tally.commands += 1
    }

    /// Up to a hundred messages, with one to four items.
    private mutating func fetch(_ client: LoadClient) async throws {
        let first = 1 + random.below(client.exists)
        let last = min(client.exists, first + 99)
        var items: [String] = []
        for _ in 0...random.below(4) {
            guard random.happens(percent: 25) else {
                items.append(random.pick(Self.items))
                continue
            }
            let fields = (0...random.below(4)).map { _ in random.pick(Self.fields) }
            items.append("BODY.PEEK[HEADER.FIELDS (\(fields.joined(separator: " ")))]")
        }
        try await perform("FETCH \(first):\(last) (\(items.joined(separator: " ")))", client)
    }

    private mutating func query() -> String {
        switch random.below(10) {
        case 0...1: "UNSEEN"
        case 2...3: "FLAGGED SINCE 2-Mar-2026"
        case 4...5: "SUBJECT \(MailCorpus.commonWord)"
        case 6...7: "FROM mia"
        case 8: "BODY \(MailCorpus.rareWord)"
        default: "TEXT \(MailCorpus.commonWord)"
        }
    }

    private mutating func store(_ client: LoadClient) async throws {
        let first = 1 + random.below(client.exists)
        let last = min(client.exists, first + random.below(max(1, settings.messages / 5)))
        let sign = random.pick(["+", "-", ""])
        let silent = random.pick(["", ".SILENT"])
        let flags = Self.flags.filter { _ in random.happens(percent: 40) }
        try await perform("STORE \(first):\(last) \(sign)FLAGS\(silent) (\(flags.joined(separator: " ")))", client)
    }

    private mutating func copy(_ client: LoadClient) async throws {
        let first = 1 + random.below(client.exists)
        let last = min(client.exists, first + random.below(5))
        let target = mailbox == "INBOX" ? "Copies" : "INBOX"
        try await perform("COPY \(first):\(last) \(target)", client)
    }

    /// What the mailbox holds too much, one message at least: it keeps its size.
    private mutating func delete(_ client: LoadClient) async throws {
        let count = min(client.exists, max(1, client.exists - settings.messages))
        let first = 1 + random.below(client.exists - count + 1)
        let silent = random.pick(["", ".SILENT"])
        try await perform("STORE \(first):\(first + count - 1) +FLAGS\(silent) (\\Deleted)", client)
    }

    private static let items = ["UID", "FLAGS", "ENVELOPE", "INTERNALDATE", "BODY", "BODYSTRUCTURE", "RFC822.SIZE"]
    private static let fields = ["From", "To", "Cc", "Subject", "References", "In-Reply-To", "Message-ID"]
    private static let bodies = [
        "BODY.PEEK[HEADER]", "RFC822.HEADER", "BODY.PEEK[]", "BODY.PEEK[1]", "BODY.PEEK[TEXT]",
    ]
    private static let flags = ["\\Seen", "\\Answered", "\\Flagged", "\\Draft", "$Label1", "$Label2", "$Label3"]
    /// Made beforehand: the load must not spend its time on composing.
    private static let templates = (0..<64).map { MailCorpus.message($0) }
}
