internal import Base
internal import Campaigns
internal import Config
internal import Flow
internal import Ledger
internal import Outbound
internal import Policy
internal import Store

/// `greenroom queue`: looks at released mail that is still on its way, and steers it.
enum QueueCommand {
    static let command = Command(
        "queue",
        summary: "list mail on its way out, and retry, hold or drop it",
        synopsis: [
            "queue list [--config DIR] [--json]",
            "queue retry [ID] [--why TEXT] [--config DIR]",
            "queue hold|drop ID --why TEXT [--config DIR]",
        ],
        description: """
            list prints the messages that the smarthost has not taken for all recipients, each recipient with the \
            last answer and the time of the next attempt, and whether the smarthost can be reached: the caller's own \
            mail; to root and to the gateway's own user, all.

            retry has one message tried at once, also one that is on hold; without ID everything that is not on \
            hold, which is for root and the gateway's own user. hold stops the attempts for a message until retry. \
            drop ends them: who has not got it gets nothing, and its author is told why. A message that is being \
            sent just now cannot be dropped.

            None of them lets out what was not released. They stand in the ledger with who and why. Without a \
            running gateway the command does the same under the store's lock.
            """,
        options: ConfigurationPlace.options + [
            Option(
                "why",
                "TEXT",
                help: "The reason; it stands in the ledger, and an author reads why mail was dropped."
            ),
            Option("json", help: "list: print one JSON object: smarthost, messages."),
        ],
        operands: 1...2,
        exits: ("It was done.", "It could not be done, or the caller may not do it; the reason is printed."),
        examples: [
            "greenroom queue list", "greenroom queue retry",
            "greenroom queue drop A-12 --why \"the shop closed yesterday\"",
        ],
        answer: answer
    ) { arguments, workplace in
        _ = try Request(arguments)
        return try await ControlClient.askOrDo("queue", arguments, workplace)
    }

    /// What is asked for, taken from the words.
    enum Request: Hashable {
        case list
        case retryAll
        case retry(OutboundID, why: String)
        case hold(OutboundID, why: String)
        case drop(OutboundID, why: String)

        init(_ arguments: Arguments) throws(UsageError) {
            let verbs = ["list", "retry", "hold", "drop"]
            let verb = arguments.operands.first ?? ""
            guard verbs.contains(verb) else {
                let near = Suggestion.text(for: verb, among: verbs)
                throw UsageError("unknown verb \"\(verb)\"\(near); say one of \(verbs.joined(separator: ", "))")
            }
            guard arguments.operands.count == 2 else {
                switch verb {
                case "list": self = .list
                case "retry": self = .retryAll
                default: throw UsageError("\(verb) needs a message, as queue list prints it: A-12")
                }
                return
            }
            guard verb != "list" else { throw UsageError("list takes no message") }
            guard let token = ApprovalsCommand.Token(arguments.operands[1]) else {
                throw UsageError("\"\(arguments.operands[1])\" is no message; queue list prints them: A-12")
            }
            switch verb {
            case "retry": self = .retry(token.id, why: arguments["why"] ?? "")
            case "hold": self = .hold(token.id, why: try arguments.required("why"))
            default: self = .drop(token.id, why: try arguments.required("why"))
            }
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
        let actor = caller.actor
        let outcome: DecisionOutcome
        switch try Request(arguments) {
        case .list:
            let picture = try await picture(caller, desk)
            if arguments.has("json") { console.say(picture.json) } else { picture.lines.forEach(console.say) }
            return .success
        case .retryAll:
            guard caller.isOperator else {
                throw CommandFailure("only root and the gateway's own user retry everything; name a message of yours")
            }
            outcome = try await desk.house.queue { try $0.retryAll() }
        case .retry(let id, let why):
            try await check(id, caller, desk)
            outcome = try await desk.house.queue { try $0.retry(id, by: actor, why: why) }
        case .hold(let id, let why):
            try await check(id, caller, desk)
            outcome = try await desk.house.queue { try $0.hold(id, by: actor, why: why) }
        case .drop(let id, let why):
            try await check(id, caller, desk)
            let name = caller.member.flatMap { desk.house.rulebook.member($0)?.name } ?? caller.operatorName
            outcome = try await desk.house.queue { try $0.drop(id, by: actor, named: name, why: why) }
        }
        return ApprovalsCommand.say(outcome, console)
    }

    /// Its author steers a message, and who could stop the gateway; to others it is not there.
    private static func check(_ id: OutboundID, _ caller: Caller, _ desk: ControlDesk) async throws {
        let record = try await desk.house.store.read { try $0.outboundRecord(id) }
        guard let record, maySee(record, caller) else { throw CommandFailure("there is no \(id) for you to see") }
    }

    private static func maySee(_ record: OutboundRecord, _ caller: Caller) -> Bool {
        caller.isOperator || record.author == caller.member
    }

    private static func picture(_ caller: Caller, _ desk: ControlDesk) async throws -> Picture {
        let host = desk.house.rulebook.configuration.gateway.smarthost.name
        let now = desk.house.time.now
        return try await desk.house.store.read { transaction in
            var rows = try transaction.recipients(inState: RecipientState.waiting.rawValue)
            rows += try transaction.recipients(inState: RecipientState.parked.rawValue)
            let ids = Set(rows.map(\.outbound)).sorted()
            let entries = try ids.compactMap { id -> Picture.Entry? in
                guard let record = try transaction.outboundRecord(id), maySee(record, caller),
                    record.state == .queued || record.state == .sent
                else { return nil }
                return Picture.Entry(
                    record: record,
                    releasedAt: try transaction.outbound(id)?.releasedAt ?? record.submittedAt,
                    recipients: rows.filter { $0.outbound == id }.sorted { $0.position < $1.position },
                    isBeingSent: try transaction.isBeingSent(id)
                )
            }
            return Picture(host: host, smarthost: try transaction.smarthost(host), entries: entries, now: now)
        }
    }

    // MARK: Words

    /// All that is told.
    struct Picture: Sendable {
        struct Entry: Sendable {
            let record: OutboundRecord
            let releasedAt: Timestamp
            let recipients: [OutboundRecipientRow]
            let isBeingSent: Bool
        }

        let host: String
        /// Nil where it was never tried.
        let smarthost: SmarthostRow?
        let entries: [Entry]
        let now: Timestamp

        private var isReached: Bool { smarthost?.failures ?? 0 == 0 }

        var lines: [String] {
            var lines: [String] = []
            if let smarthost, !isReached {
                let next = smarthost.nextAttempt.map { ", tried again at \(CivilTime($0).iso8601)" } ?? ""
                let times = smarthost.failures == 1 ? "once" : "\(smarthost.failures) times in a row"
                lines.append("\(host) was not reached \(times)\(next): \(smarthost.lastFailure)")
            }
            if entries.isEmpty { lines.append("nothing waits to leave") }
            for entry in entries {
                let age = Words.age(now.duration(since: entry.releasedAt))
                lines.append("\(entry.record.id)  released \(age) ago  \(entry.record.subject)")
                if entry.isBeingSent { lines.append("    is being sent") }
                for row in entry.recipients {
                    var text = "    \(row.address)  "
                    if row.progress == .parked {
                        text += "on hold"
                    } else {
                        text += row.nextAttempt.map { "next attempt \(CivilTime($0).iso8601)" } ?? "waits"
                    }
                    if row.attempts > 0 { text += ", attempts: \(row.attempts)" }
                    lines.append(text + (row.lastReply.isEmpty ? "" : ": \(row.lastReply)"))
                }
            }
            return lines
        }

        var json: JSON {
            [
                "smarthost": [
                    "host": .string(host),
                    "failures": .number(smarthost?.failures ?? 0),
                    "lastFailure": .optional(isReached ? nil : smarthost?.lastFailure),
                    "nextAttempt": .optional(smarthost?.nextAttempt.map { CivilTime($0).iso8601 }),
                    "heardAt": .optional(smarthost?.heardAt.map { CivilTime($0).iso8601 }),
                    "extensions": .strings((smarthost?.capabilities ?? "").split(separator: "\n").map(String.init)),
                ],
                "messages": .array(
                    entries.map { entry in
                        [
                            "id": .string(entry.record.id.description),
                            "author": .string(entry.record.author.rawValue),
                            "subject": .string(entry.record.subject),
                            "releasedAt": .string(CivilTime(entry.releasedAt).iso8601),
                            "isBeingSent": .bool(entry.isBeingSent),
                            "recipients": .array(entry.recipients.map(Self.json)),
                        ]
                    }
                ),
            ]
        }

        private static func json(_ row: OutboundRecipientRow) -> JSON {
            [
                "address": .string(row.address),
                "state": .string(row.state),
                "attempts": .number(row.attempts),
                "nextAttempt": .optional(row.nextAttempt.map { CivilTime($0).iso8601 }),
                "lastReply": .string(row.lastReply),
            ]
        }
    }
}
