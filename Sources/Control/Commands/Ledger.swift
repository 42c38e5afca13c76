internal import Base
internal import Config
internal import Flow
internal import Ledger
internal import Outbound
internal import Policy
internal import Store

/// `greenroom ledger`: tells what happened, and whether the record of it is whole.
enum LedgerCommand {
    static let command = Command(
        "ledger",
        summary: "tell what happened, and verify that the record is whole",
        synopsis: [
            "ledger [--from N] [--about SUBJECT] [--config DIR] [--json]",
            "ledger verify [--head FILE] [--config DIR] [--json]",
            "ledger replay [--config DIR] [--json]",
            "ledger head [--config DIR]",
        ],
        description: """
            Without a verb it prints the events in order: number, time, who, what, about what, and why. --about takes \
            message:N, outbound:N (or A-N), conversation:N, creator:ID, campaign:ID, configuration or store.

            verify checks the whole chain: that no event is missing, altered or out of order, and that it ends at the \
            recorded head. head prints the head, one line to be kept somewhere else; verify --head FILE checks the \
            chain against such lines, so that a cut tail is found too. Erased events count as whole: the chain runs \
            over commitments.

            replay makes every record anew from the events alone, asking neither policy nor matching, and compares it with \
            what is stored: outbound mail with its versions and decisions, conversations with their stages, learnt \
            addresses. A difference is printed with both values. Records with erased events are counted and left out.

            The store is read beside a running gateway, or without one.
            """,
        options: ConfigurationPlace.options + [
            Option("from", "N", help: "Begin with event N."),
            Option("about", "SUBJECT", help: "Only events about this: outbound:12."),
            Option("head", "FILE", help: "Lines that ledger head printed."),
            Option("json", help: "Print one JSON object a line."),
        ],
        operands: 0...1,
        exits: (
            "It was printed; the chain verifies; replay gives the same records.",
            "The chain has faults, records differ, or the store cannot be read."
        ),
        examples: ["greenroom ledger --about A-12", "greenroom ledger verify --head /mnt/elsewhere/heads"]
    ) { arguments, workplace in
        let verb = arguments.operands.first
        switch verb {
        case nil, "verify", "replay", "head": break
        default:
            let near = Suggestion.text(for: verb ?? "", among: ["verify", "replay", "head"])
            throw UsageError("unknown verb \"\(verb ?? "")\"\(near)")
        }
        if verb != "verify", arguments.has("head") { throw UsageError("option --head belongs to ledger verify") }
        let from = EventNumber(rawValue: try arguments.number("from", from: 1) ?? 1)
        let subject = try arguments["about"].map(subject)
        let directory = try await workplace.configuration(arguments).gateway.dataDirectory
        let store = try Store.openForReading(directory, in: workplace.storeEnvironment)
        defer { store.close() }
        switch verb {
        case "verify": return try verify(store, arguments, workplace)
        case "replay": return try replay(store, asJSON: arguments.has("json"), workplace.console)
        case "head": return try printHead(store, workplace.console)
        default: return try list(store, from, subject, asJSON: arguments.has("json"), workplace.console)
        }
    }

    private static func subject(_ text: String) throws(UsageError) -> String {
        if let token = ApprovalsCommand.Token(text) { return EventSubject.outbound(token.id).text }
        guard let subject = EventSubject(text: text) else {
            throw UsageError("--about takes outbound:12, message:3, conversation:4, creator:ana and the like")
        }
        return subject.text
    }

    // MARK: The events

    private static func list(
        _ store: Store,
        _ from: EventNumber,
        _ subject: String?,
        asJSON: Bool,
        _ console: Console
    ) throws -> ExitCode {
        try store.readNow { transaction in
            let show = { (row: EventRow) in
                if asJSON { console.say(json(row)) } else { console.say(line(row)) }
            }
            if let subject {
                for row in try transaction.events(about: subject) where row.number >= from { show(row) }
            } else {
                try transaction.scanEvents(from: from) { row in
                    show(row)
                    return true
                }
            }
        }
        return .success
    }

    /// `   12  2026-11-22T17:04:05Z  ben/Phone  outbound.approved  A-12  the rate is agreed`.
    private static func line(_ row: EventRow) -> String {
        let number = String(row.number.rawValue)
        let head = String(repeating: " ", count: max(0, 6 - number.count)) + number + "  \(CivilTime(row.at).iso8601)"
        guard let event = row.event else { return "\(head)  (erased)  \(row.kind)  \(row.subject)" }
        let about = if case .outbound(let id) = event.subject { id.description } else { event.subject.text }
        var words = [head, event.actor.text, event.kind.rawValue, about]
        if let why = why(event) { words.append(why) }
        return words.joined(separator: "  ")
    }

    /// The words that explain it, where it has some.
    private static func why(_ event: Event) -> String? {
        if event.kind == .submitted {
            let state = event.fields[OutboundFold.Field.state] ?? ""
            let reasons = OutboundFold.reasons(event.fields[OutboundFold.Field.reasons])
            let permits = EventCoding.list(from: event.fields[OutboundFold.Field.permits] ?? "")
            let wording = OutboundFold.reasons(event.fields[OutboundFold.Field.grounds]).filter {
                !permits.contains($0.rule)
            }
            let rules = (reasons + wording).map { "\($0.rule): \($0.text)" } + permits.map { "permit \($0)" }
            return "\(state): " + rules.joined(separator: "; ")
        }
        for name in ["why", "reason", "text", "reply", "stage", "state", "files"] {
            guard let value = event.fields[name], !value.isEmpty else { continue }
            let isList = name == "files" || name == "reply"
            return isList ? EventCoding.list(from: value).joined(separator: " ") : value
        }
        return nil
    }

    private static func json(_ row: EventRow) -> JSON {
        let event = row.event
        let fields = event?.fields.sorted { $0.key < $1.key }.map { JSON.Member($0.key, .string($0.value)) }
        return [
            "number": .number(row.number.rawValue),
            "at": .string(CivilTime(row.at).iso8601),
            "kind": .string(row.kind),
            "about": .string(row.subject),
            "actor": .optional(event?.actor.text),
            "policy": .optional(event?.policyVersion),
            "fields": fields.map(JSON.object) ?? .null,
            "erased": .bool(row.payload == nil),
        ]
    }

    // MARK: The folds

    private static func replay(_ store: Store, asJSON: Bool, _ console: Console) throws -> ExitCode {
        let replay = try store.readNow { try LedgerReplay($0) }
        let isSame = replay.differences.isEmpty
        if asJSON {
            console.say([
                "same": .bool(isSame),
                "events": .number(Int64(replay.events)),
                "records": .number(Int64(replay.records)),
                "erased": .number(Int64(replay.erased)),
                "differences": .strings(replay.differences.map(\.description)),
            ])
        } else {
            for difference in replay.differences { console.say(difference.description) }
            let erased = replay.erased > 0 ? "; \(replay.erased) with erased events left out" : ""
            let outcome = isSame ? "the same" : "NOT the same: \(replay.differences.count) differences"
            console.say("\(replay.events) events, \(replay.records) records: \(outcome)\(erased)")
        }
        return isSame ? .success : .failure
    }

    // MARK: The chain

    private static func printHead(_ store: Store, _ console: Console) throws -> ExitCode {
        guard let head = try store.readNow({ try $0.ledgerHead() }) else { throw CommandFailure("the ledger is empty") }
        console.say("\(head.number.rawValue) \(Hexadecimal.encode(head.link))")
        return .success
    }

    private static func verify(_ store: Store, _ arguments: Arguments, _ workplace: Workplace) throws -> ExitCode {
        let recorded = try arguments["head"].map { path in
            try heads(String(decoding: workplace.read(path, limit: Limits.explainedFile), as: UTF8.self), path)
        }
        let found = try Verification(store, recorded: recorded ?? [])
        if arguments.has("json") {
            workplace.console.say([
                "good": .bool(found.faults.isEmpty),
                "events": .number(found.head.number.rawValue),
                "erased": .number(found.erased),
                "head": .string(Hexadecimal.encode(found.head.link)),
                "faults": .strings(found.faults),
            ])
        } else {
            for fault in found.faults { workplace.console.say(fault) }
            let erased = found.erased > 0 ? ", \(found.erased) of them erased" : ""
            let state = found.faults.isEmpty ? "the chain is whole" : "the chain is NOT whole"
            workplace.console.say("\(state): \(found.head.number) events\(erased)")
        }
        return found.faults.isEmpty ? .success : .failure
    }

    /// Lines of `ledger head`; empty ones and those that begin with `#` are passed over.
    private static func heads(_ text: String, _ path: String) throws(CommandFailure) -> [ChainHead] {
        var heads: [ChainHead] = []
        for (index, line) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).enumerated() {
            let line = ASCII.trimmed(line)
            if line.isEmpty || line.hasPrefix("#") { continue }
            let parts = line.split(separator: " ")
            guard parts.count == 2, let number = Int64(parts[0]), let link = Hexadecimal.decode(parts[1]) else {
                throw CommandFailure("\(path):\(index + 1): not a line of ledger head: a number and a hash")
            }
            heads.append(ChainHead(number: EventNumber(rawValue: number), link: link))
        }
        return heads
    }
}

/// What a walk over the whole chain found (INV-6).
struct Verification: Hashable, Sendable {
    let head: ChainHead
    let faults: [String]
    let erased: Int

    init(_ store: Store, recorded: [ChainHead]) throws {
        self = try store.readNow { transaction in
            let own = try transaction.ledgerHead().map { ChainHead(number: $0.number, link: $0.link) }
            var verifier = ChainVerifier(recorded: recorded + [own ?? .genesis])
            try transaction.scanEvents { row in
                verifier.take(
                    number: row.number,
                    at: row.at,
                    kind: row.kind,
                    commitment: row.commitment,
                    link: row.link,
                    salt: row.salt,
                    payload: row.payload
                )
                return true
            }
            let head = verifier.finish()
            var faults = verifier.faults.map(\.description)
            // An event behind the head was not appended by a change.
            if let own, head.number > own.number {
                faults.append("the recorded head is event \(own.number), not the last")
            }
            if own == nil, head != .genesis { faults.append("the recorded head is missing") }
            return Self(head: head, faults: faults, erased: verifier.erased)
        }
    }

    private init(head: ChainHead, faults: [String], erased: Int) {
        self.head = head
        self.faults = faults
        self.erased = erased
    }
}
