internal import Base
internal import Config
internal import Crypto
internal import Net
internal import Reactor

/// The main job, step by step, over real sockets: what Greenroom is for.
///
/// The names and passwords are those of the sample configuration.
final class DemoStory {
    private let house: DemoHouse
    private let say: @Sendable (String) -> Void
    private var member: Dialogue?
    private var manager: Dialogue?

    init(_ house: DemoHouse, say: @escaping @Sendable (String) -> Void) {
        self.house = house
        self.say = say
    }

    private static let passwords = ["mia": "m5r6-rypn-mxwz-d4yc-w292", "ben": "zrgw-gcf2-kpx4-uabx-f9dq"]
    private static let campaign = "\"Campaigns/Spring Serum Launch\""

    /// Plays every step; the first that does not come out is named.
    func play() async -> Bool {
        let steps: [(String, () async throws -> String)] = [
            ("A creator's mail arrives by LMTP", arrive),
            ("A member reads it by IMAP over TLS, in INBOX and in its campaign", read),
            ("An unknown address in a known thread, an Instagram notice, a stranger", others),
            ("The member answers by SMTP, and policy holds it", hold),
            ("The client's own copy in Sent does not pretend it was sent", sentCopy),
            ("A manager moves it to Approve, and after the undo time it leaves", approve),
            ("Another one is rejected with a reason, by a reply to the notice", reject),
            ("A third is withdrawn by its author", withdraw),
            ("Mail between colleagues goes straight out", colleagues),
            ("Killed while a message is held, started again, approved", crash),
            ("The ledger tells everything, and its chain verifies", ledger),
        ]
        for (number, step) in steps.enumerated() {
            do {
                let result = try await step.1()
                say("\(number + 1). \(step.0)\n   \(result)")
            } catch {
                say("\(number + 1). \(step.0)\n   FAILED: \(error)")
                return false
            }
        }
        return true
    }

    func end() {
        member?.close()
        manager?.close()
    }

    // MARK: Clients

    private func imap(_ user: String) async throws -> Dialogue {
        let dialogue = try await Dialogue.open(port: house.port(.imaps), tls: house.tls, on: house.loop)
        _ = try await dialogue.line()
        try await dialogue.command("LOGIN \(user) \(Self.passwords[user] ?? "")")
        return dialogue
    }

    private func client(_ user: String) async throws -> Dialogue {
        if let known = user == "mia" ? member : manager { return known }
        let dialogue = try await imap(user)
        if user == "mia" { member = dialogue } else { manager = dialogue }
        return dialogue
    }

    private func deliver(_ message: String, from sender: String) async throws {
        let dialogue = try await Dialogue.open(port: house.port(.lmtp), tls: nil, on: house.loop)
        defer { dialogue.close() }
        _ = try await dialogue.reply()
        try await dialogue.ask("LHLO mx.glow.example", expecting: "250")
        let reply = try await dialogue.handIn(from: sender, to: ["hello@glow.example"], message)
        guard reply.hasPrefix("250") else { throw DemoFailure("LMTP answered \(reply)") }
    }

    private func submit(_ user: String, to recipients: [String], _ message: String) async throws -> String {
        let dialogue = try await Dialogue.open(port: house.port(.submissions), tls: house.tls, on: house.loop)
        defer { dialogue.close() }
        _ = try await dialogue.reply()
        try await dialogue.ask("EHLO client.glow.example", expecting: "250")
        let login = Base64.encode(Array("\u{0}\(user)\u{0}\(Self.passwords[user] ?? "")".utf8))
        try await dialogue.ask("AUTH PLAIN \(login)", expecting: "235")
        return try await dialogue.handIn(from: "hello@glow.example", to: recipients, message)
    }

    private func expect(_ holds: Bool, _ otherwise: @autoclosure () -> String) throws {
        guard holds else { throw DemoFailure(otherwise()) }
    }

    /// How many messages a folder holds.
    private func count(_ dialogue: Dialogue, _ folder: String) async throws -> Int {
        let answer = try await dialogue.command("STATUS \(folder) (MESSAGES)")
        guard let line = answer.lines.first, let open = line.lastIndex(of: "(") else { return 0 }
        let words = line[line.index(after: open)...].dropLast().split(separator: " ")
        return words.count > 1 ? Int(words[1]) ?? 0 : 0
    }

    /// The UIDs in a folder whose subject holds a text; the folder stays selected.
    private func find(_ dialogue: Dialogue, _ folder: String, subject: String, letters: Bool = false) async throws
        -> [String]
    {
        try await dialogue.command("SELECT \(folder)")
        let sender = letters ? "FROM greenroom" : "NOT FROM greenroom"
        let answer = try await dialogue.command("UID SEARCH SUBJECT \"\(subject)\" \(sender)")
        let line = answer.lines.first { $0.hasPrefix("* SEARCH") } ?? ""
        return line.split(separator: " ").dropFirst(2).map(String.init)
    }

    /// Waits until a folder holds so many messages: decisions take their undo time.
    private func wait(_ dialogue: Dialogue, _ folder: String, for wanted: Int) async throws {
        for _ in 0..<200 {
            if try await count(dialogue, folder) == wanted { return }
            await house.loop.sleep(for: .milliseconds(50))
        }
        throw DemoFailure("\(folder) holds \(try await count(dialogue, folder)) messages, not \(wanted)")
    }

    // MARK: Steps

    private func arrive() async throws -> String {
        try await deliver(DemoMail.fromCreator, from: "kofi@kofimakes.example")
        return "from kofi@kofimakes.example to hello@glow.example, accepted and durable"
    }

    private func read() async throws -> String {
        let mia = try await client("mia")
        try await mia.command("LIST \"\" \"*\"")
        try await mia.command("SELECT INBOX")
        let fetched = try await mia.command("FETCH 1 (FLAGS RFC822.SIZE BODY.PEEK[] BODY.PEEK[HEADER] BODY.PEEK[TEXT])")
        let line = fetched.lines.first ?? ""
        try expect(fetched.literals.count == 3, "FETCH gave \(fetched.literals.count) literals: \(line)")
        let (whole, parts) = (fetched.literals[0], fetched.literals[1] + fetched.literals[2])
        try expect(whole == parts, "HEADER and TEXT are not the whole message")
        try expect(line.contains("RFC822.SIZE \(whole.count)"), "SIZE is not \(whole.count): \(line.prefix(200))")
        let text = String(decoding: whole, as: UTF8.self)
        try expect(
            text.contains("Greenroom-Creator: Kofi Mensah (kofi)"),
            "there is no header block: \(text.prefix(300))"
        )
        try expect(line.contains("$Campaign-spring"), "there are no keywords: \(line.prefix(200))")
        try expect(try await count(mia, Self.campaign) == 1, "it is not in its campaign's folder")
        return text.split(separator: "\r\n").prefix { $0.hasPrefix("Greenroom-") || $0.hasPrefix(" ") }
            .filter { !$0.hasPrefix("Greenroom-Seal") }.joined(separator: "\n   ")
    }

    private func others() async throws -> String {
        try await deliver(DemoMail.fromOtherAddress, from: "kofi.private@mail.example")
        try await deliver(DemoMail.fromInstagram, from: "no-reply@mail.instagram.com")
        try await deliver(DemoMail.fromStranger, from: "sam@elsewhere.example")
        let mia = try await client("mia")
        let unmatched = try await count(mia, "Queues/Unmatched")
        let campaign = try await count(mia, Self.campaign)
        try expect(unmatched == 1, "Unmatched holds \(unmatched) messages")
        try expect(campaign == 3, "the campaign's folder holds \(campaign) messages")
        return "two more in the campaign (one by thread, one by handle), one in Queues/Unmatched"
    }

    private func hold() async throws -> String {
        let reply = try await submit("mia", to: ["kofi@kofimakes.example"], DemoMail.offer)
        try expect(reply.hasPrefix("250") && reply.contains("held"), reply)
        try expect(try house.sunk().isEmpty, "something reached the smarthost")
        let waiting = try await find(try await client("mia"), "Approvals/Waiting", subject: "Serum offer")
        try expect(waiting.count == 1, "Waiting shows \(waiting.count) messages")
        return reply
    }

    private func sentCopy() async throws -> String {
        let mia = try await client("mia")
        let answer = try await mia.append(DemoMail.offer, to: "Sent")
        try expect(try await count(mia, "Sent") == 0, "Sent shows a message that waits")
        return answer.result
    }

    private func approve() async throws -> String {
        let ben = try await client("ben")
        let uids = try await find(ben, "Approvals/Waiting", subject: "Serum offer")
        try expect(uids.count == 1, "the manager sees \(uids.count) waiting messages")
        let moved = try await ben.command("UID MOVE \(uids[0]) Approvals/Approve")
        let sunk = try await house.waitForSunk(1)
        try expect(sunk.count == 1, "\(sunk.count) messages reached the smarthost")
        let hash = Hexadecimal.encode(SHA256.hash(sunk[0]))
        let told = await house.run(["ledger", "--about", "outbound:1", "--json"]) ?? ""
        try expect(told.contains(hash), "what left is not the transmit form that the ledger names")
        try await wait(try await client("mia"), "Sent", for: 1)
        return moved.result + "\n   left once, byte for byte: SHA-256 \(hash.prefix(16))…; it stands in Sent"
    }

    private func reject() async throws -> String {
        let held = try await submit("mia", to: ["luisa@lumi.example"], DemoMail.second)
        let ben = try await client("ben")
        let notices = try await find(ben, "Approvals/Waiting", subject: "Second idea", letters: true)
        try expect(notices.count == 1, "the manager has \(notices.count) notices; \(held)")
        let notice = try await ben.command("UID FETCH \(notices[0]) (BODY.PEEK[HEADER.FIELDS (MESSAGE-ID)])")
        let field = String(decoding: notice.literals.first ?? [], as: UTF8.self)
        guard let start = field.firstIndex(of: "<"), let end = field.firstIndex(of: ">") else {
            throw DemoFailure("the notice has no Message-ID: \(field)")
        }
        let reply = try await submit(
            "ben",
            to: ["approvals@greenroom.invalid"],
            DemoMail.rejection(answering: String(field[start...end]))
        )
        try expect(reply.hasPrefix("250") && reply.contains("rejected"), reply)
        try expect(try house.sunk().count == 1, "a rejected message reached the smarthost")
        return reply
    }

    private func withdraw() async throws -> String {
        _ = try await submit("mia", to: ["luisa@lumi.example"], DemoMail.third)
        let mia = try await client("mia")
        let uids = try await find(mia, "Approvals/Waiting", subject: "Third thought")
        try expect(uids.count == 1, "Waiting shows \(uids.count) messages")
        try await mia.command("UID STORE \(uids[0]) +FLAGS.SILENT (\\Deleted)")
        try await mia.command("EXPUNGE")
        let told = await house.run(["ledger", "--json"]) ?? ""
        try expect(told.contains("outbound.withdrawn"), "the ledger does not tell of it")
        return "deleted in Waiting by its author: withdrawn, nothing was sent"
    }

    private func colleagues() async throws -> String {
        let before = try house.sunk().count
        let reply = try await submit("mia", to: ["ben@glow.example"], DemoMail.internal)
        let sunk = try await house.waitForSunk(before + 1)
        try expect(sunk.count == before + 1, "it did not leave: \(reply)")
        return reply
    }

    private func crash() async throws -> String {
        let reply = try await submit("mia", to: ["luisa@lumi.example"], DemoMail.fourth)
        try expect(reply.contains("held"), reply)
        let before = try house.sunk().count
        end()
        (member, manager) = (nil, nil)
        await house.crash()
        try await house.start()
        let ben = try await client("ben")
        let uids = try await find(ben, "Approvals/Waiting", subject: "After the storm")
        try expect(uids.count == 1, "after the restart Waiting shows \(uids.count) messages")
        try await ben.command("UID MOVE \(uids[0]) Approvals/Approve")
        let sunk = try await house.waitForSunk(before + 1)
        try expect(sunk.count == before + 1, "it did not leave after the restart")
        return "killed with SIGKILL, started again: still held, then approved and sent once"
    }

    private func ledger() async throws -> String {
        guard let verdict = await house.run(["ledger", "verify"]) else {
            throw DemoFailure("the chain does not verify")
        }
        let lines = (await house.run(["ledger"]) ?? "").split(separator: "\n")
        for line in lines.suffix(12) { say("   \(line)") }
        return verdict.split(separator: "\n").joined(separator: "\n   ")
    }
}
