internal import Base
internal import Campaigns
internal import Config
internal import Flow
internal import Ledger
internal import Message
internal import Policy
internal import Store

/// `greenroom approvals`: looks at held mail and decides on it.
enum ApprovalsCommand {
    static let command = Command(
        "approvals",
        summary: "list held mail and decide on it",
        synopsis: [
            "approvals list [--config DIR] [--json]",
            "approvals show ID [--config DIR] [--json]",
            "approvals approve|reject|withdraw ID.VERSION [--why TEXT] [--config DIR]",
            "approvals rejudge [ID…] [--config DIR] [--json]",
        ],
        description: """
            list prints the messages that wait: those the caller may decide on or wrote; to root and to the gateway's \
            own user, all. show prints one with its text.

            approve, reject and withdraw name a version, as list prints it (A-12.1), and count only if that version \
            is the one that waits. A decision takes effect after the undo time.

            rejudge judges what waits by the rules in force, all of it or the messages named. A reload does so by \
            itself and may only make a verdict stricter; this may loosen it, so that only root, the gateway's own user \
            and members of the groups that approve by default may say it, and never an author of their own mail.

            The caller is the member whose unix_user in team.toml is the caller's uid; with --why the words stand in \
            the ledger. A caller who is no member may reject, and never approve. Without a running gateway the \
            command does the same under the store's lock.
            """,
        options: ConfigurationPlace.options + [
            Option("why", "TEXT", help: "The reason; its author reads why a message was rejected."),
            Option("json", help: "list, rejudge: print a JSON array; show: an object."),
        ],
        operands: 1...1000,
        exits: ("It was done.", "It could not be done, or the caller may not do it; the reason is printed."),
        examples: [
            "greenroom approvals list", "greenroom approvals approve A-12.1",
            "greenroom approvals reject A-12.1 --why \"the rate is not agreed\"",
        ],
        answer: answer
    ) { arguments, workplace in
        _ = try Request(arguments)
        return try await ControlClient.askOrDo("approvals", arguments, workplace)
    }

    /// What is asked for, taken from the words.
    enum Request: Hashable {
        case list
        case show(OutboundID)
        case approve(OutboundID, revision: Int)
        case reject(OutboundID, revision: Int)
        case withdraw(OutboundID)
        /// Nil for all that waits.
        case rejudge([OutboundID]?)

        init(_ arguments: Arguments) throws(UsageError) {
            let verbs = ["list", "show", "approve", "reject", "withdraw", "rejudge"]
            let verb = arguments.operands.first ?? ""
            guard verbs.contains(verb) else {
                let near = Suggestion.text(for: verb, among: verbs)
                throw UsageError("unknown verb \"\(verb)\"\(near); say one of \(verbs.joined(separator: ", "))")
            }
            guard verb != "list" else {
                guard arguments.operands.count == 1 else { throw UsageError("list takes no message") }
                self = .list
                return
            }
            if verb == "rejudge" {
                self = .rejudge(try Self.tokens(arguments.operands.dropFirst()))
                return
            }
            guard arguments.operands.count == 2, let token = Token(arguments.operands[1]) else {
                throw UsageError("\(verb) needs a message, as approvals list prints it: A-12.1")
            }
            switch (verb, token.revision) {
            case ("show", _): self = .show(token.id)
            case ("withdraw", _): self = .withdraw(token.id)
            case (_, nil): throw UsageError("name the version too, as approvals list prints it: \(token.id).1")
            case ("approve", let revision?): self = .approve(token.id, revision: revision)
            case (_, let revision?): self = .reject(token.id, revision: revision)
            }
        }

        private static func tokens(_ words: some Sequence<String>) throws(UsageError) -> [OutboundID]? {
            var ids: [OutboundID] = []
            for word in words {
                guard let token = Token(word) else {
                    throw UsageError("\"\(word)\" is no message, as approvals list prints it: A-12.1")
                }
                ids.append(token.id)
            }
            return ids.isEmpty ? nil : ids
        }
    }

    /// `A-12` or `A-12.1`.
    struct Token: Hashable {
        let id: OutboundID
        let revision: Int?

        init?(_ text: String) {
            guard text.hasPrefix("A-") || text.hasPrefix("a-") else { return nil }
            let parts = text.dropFirst(2).split(separator: ".", omittingEmptySubsequences: false)
            guard (1...2).contains(parts.count), let number = Int64(parts[0]), number > 0 else { return nil }
            id = OutboundID(rawValue: number)
            guard parts.count == 2 else {
                revision = nil
                return
            }
            guard let version = Int(parts[1]), version > 0 else { return nil }
            revision = version
        }
    }

    // MARK: In the gateway

    @Sendable
    private static func answer(
        _ arguments: Arguments,
        _ caller: Caller,
        _ desk: ControlDesk,
        _ console: Console
    ) async throws -> ExitCode {
        let why = arguments["why"] ?? ""
        switch try Request(arguments) {
        case .list:
            let records = try await waiting(caller, desk)
            if arguments.has("json") {
                console.say(.array(records.map { json($0, desk.house) }))
            } else if records.isEmpty {
                console.say("nothing waits")
            } else {
                for record in records { console.say(line(record, desk.house)) }
            }
            return .success
        case .show(let id):
            guard let (record, text) = try await shown(id, caller, desk) else {
                throw CommandFailure("there is no \(id) for you to see")
            }
            if arguments.has("json") {
                guard case .object(let members) = json(record, desk.house) else { return .failure }
                console.say(.object(members + [JSON.Member("text", .string(text))]))
            } else {
                console.say(line(record, desk.house))
                console.say("\n" + text)
            }
            return .success
        case .approve(let id, let revision):
            guard let member = caller.actingMember else { throw CommandFailure(notMapped(caller, "approve")) }
            return say(
                try await desk.house.decide { try $0.approve(id, revision: revision, by: member, why: why) },
                console
            )
        case .reject(let id, let revision):
            let name = caller.operatorName
            let member = caller.actingMember
            return say(
                try await desk.house.decide { decisions in
                    guard let member else {
                        return try decisions.reject(id, revision: revision, byOperator: name, why: why)
                    }
                    return try decisions.reject(id, revision: revision, by: member, why: why)
                },
                console
            )
        case .withdraw(let id):
            guard let member = caller.actingMember else { throw CommandFailure(notMapped(caller, "withdraw")) }
            return say(try await desk.house.decide { try $0.withdraw(id, by: member) }, console)
        case .rejudge(let ids):
            return try await rejudge(ids, arguments, caller, desk, console)
        }
    }

    private static func notMapped(_ caller: Caller, _ verb: String) -> String {
        "only members \(verb): team.toml names no member with unix_user = \(caller.user)"
    }

    static func say(_ outcome: DecisionOutcome, _ console: Console) -> ExitCode {
        switch outcome {
        case .done(let text):
            console.say(text)
            return .success
        case .refused(let why):
            console.complain(why)
            return .failure
        }
    }

    /// What waits and the caller may see, oldest first.
    private static func waiting(_ caller: Caller, _ desk: ControlDesk) async throws -> [OutboundRecord] {
        let (rulebook, now) = (desk.house.rulebook, desk.house.time.now)
        return try await desk.house.store.read { transaction in
            var rows = try transaction.outbound(inState: OutboundState.held.rawValue)
            rows += try transaction.outbound(inState: OutboundState.approved.rawValue)
            return try rows.sorted { $0.id < $1.id }
                .compactMap { try transaction.outboundRecord($0.id) }
                .filter { maySee($0, caller, rulebook, now) }
        }
    }

    private static func shown(
        _ id: OutboundID,
        _ caller: Caller,
        _ desk: ControlDesk
    ) async throws -> (OutboundRecord, String)? {
        let (rulebook, now) = (desk.house.rulebook, desk.house.time.now)
        return try await desk.house.store.read { transaction in
            guard let record = try transaction.outboundRecord(id), maySee(record, caller, rulebook, now) else {
                return nil
            }
            guard let revision = try transaction.revision(record.revision, of: id) else { return (record, "") }
            let bytes = try transaction.bytes(ofBody: revision.submitted)
            return (record, ParsedMessage(bytes).readableText().text)
        }
    }

    /// The author, those who may decide, and who could read the store's files anyway.
    private static func maySee(
        _ record: OutboundRecord,
        _ caller: Caller,
        _ rulebook: Rulebook,
        _ now: Timestamp
    ) -> Bool {
        guard let member = caller.member else { return caller.isOperator }
        return record.author == member || rulebook.mayDecide(member, on: rulebook.approvals(of: record), at: now)
    }

    // MARK: Words

    private static func line(_ record: OutboundRecord, _ house: House) -> String {
        let now = house.time.now
        var lines = ["\(record.token)  \(record.state.rawValue)  \(record.subject)"]
        lines.append("    from \(record.author) to \(record.recipients.joined(separator: ", "))")
        lines.append("    submitted \(Words.age(now.duration(since: record.submittedAt))) ago")
        if let editor = record.editor { lines.append("    this version by \(editor)") }
        if let assignee = record.assignee { lines.append("    with \(assignee)") }
        let missing = house.rulebook.approvals(of: record).missing(after: record.decisions)
        if !missing.isEmpty { lines.append("    needs \(Words.counts(missing))") }
        if let at = record.effectiveAt { lines.append("    leaves at \(CivilTime(at).iso8601)") }
        lines += record.reasons.map { "    \($0.rule): \($0.text)" }
        return lines.joined(separator: "\n")
    }

    static func json(_ record: OutboundRecord, _ house: House) -> JSON {
        let missing = house.rulebook.approvals(of: record).missing(after: record.decisions).sorted { $0.key < $1.key }
        return [
            "id": .string(record.token),
            "state": .string(record.state.rawValue),
            "author": .string(record.author.rawValue),
            "editor": .optional(record.editor?.rawValue),
            "assignee": .optional(record.assignee?.rawValue),
            "device": .string(record.device),
            "account": .string(record.account),
            "from": .string(record.from),
            "recipients": .strings(record.recipients),
            "subject": .string(record.subject),
            "creators": .strings(record.creators.map(\.rawValue)),
            "campaign": .optional(record.campaign?.rawValue),
            "submittedAt": .string(CivilTime(record.submittedAt).iso8601),
            "effectiveAt": .optional(record.effectiveAt.map { CivilTime($0).iso8601 }),
            "missing": .object(missing.map { JSON.Member($0.key, .number($0.value)) }),
            "rules": .array(
                record.reasons.map { ["rule": .string($0.rule), "text": .string($0.text)] }
            ),
            "approvedBy": .strings(record.decisions.filter { $0.verb == .approve }.map(\.member.rawValue)),
        ]
    }
}
