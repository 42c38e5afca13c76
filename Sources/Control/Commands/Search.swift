internal import Base
internal import Config
internal import Flow
internal import Reactor
internal import Search
internal import Store
internal import Synchronization

/// `greenroom search`: tells how far the search index is, and builds it anew.
enum SearchCommand {
    static let command = Command(
        "search",
        summary: "tell how far the search index is, or build it anew",
        synopsis: ["search status [--config DIR] [--json]", "search rebuild [--config DIR] [--no-wait]"],
        description: """
            Messages are searched through an index, which takes in new ones a few seconds after they came; what is \
            not in it yet is read, so that searches are right at any time. It holds nothing that the store does not, \
            and is no part of a backup.

            status prints how many messages are in the index and how many wait. rebuild throws the index away and \
            builds it anew, beside the running gateway or without one, and prints how far it is until it is done; \
            searches take longer meanwhile.
            """,
        options: ConfigurationPlace.options + [
            Option("json", help: "Print one JSON object: indexed, pending."),
            Option("no-wait", help: "End as soon as a running gateway has begun."),
        ],
        operands: 1...1,
        exits: ("It was told; the index is complete.", "There is no index, or it could not be built."),
        examples: ["greenroom search status", "greenroom search rebuild"],
        answer: { arguments, caller, desk, console in
            guard let index = desk.house.index else { throw CommandFailure("there is no search index here") }
            switch try Verb(arguments) {
            case .status:
                try await tell(index.progress(), asJSON: arguments.has("json"), console)
            case .rebuild:
                guard caller.isOperator else {
                    throw CommandFailure("only root and the gateway's own user may build the index anew")
                }
                try await index.rebuild()
                console.say("the search index is being built anew")
            }
            return .success
        }
    ) { arguments, workplace in
        let verb = try Verb(arguments)
        let words = ["search"] + arguments.words
        if let code = try await ControlClient.ask(words, arguments, workplace) {
            guard verb == .rebuild, code == .success, !arguments.has("no-wait") else { return code }
            return try await wait(arguments, workplace)
        }
        let house = try await workplace.openHouse(workplace.configuration(arguments))
        defer { house.store.close() }
        guard let index = house.index else { throw CommandFailure("there is no search index here") }
        guard verb == .rebuild else {
            tell(try await index.progress(), asJSON: arguments.has("json"), workplace.console)
            return .success
        }
        try await index.rebuild()
        var round = 0
        while await index.advance() {
            round += 1
            if round % roundsPerLine == 0 { tellProgress(try await index.progress(), workplace.console) }
        }
        let progress = try await index.progress()
        tellProgress(progress, workplace.console)
        return progress.pending == 0 ? .success : .failure
    }

    private enum Verb: String, CaseIterable {
        case status, rebuild

        init(_ arguments: Arguments) throws(UsageError) {
            let word = arguments.operands.first ?? ""
            guard let verb = Self(rawValue: word) else {
                let near = Suggestion.text(for: word, among: Self.allCases.map(\.rawValue))
                throw UsageError("unknown verb \"\(word)\"\(near)")
            }
            if verb == .status, arguments.has("no-wait") {
                throw UsageError("option --no-wait belongs to search rebuild")
            }
            if verb == .rebuild, arguments.has("json") { throw UsageError("option --json belongs to search status") }
            self = verb
        }
    }

    /// Slices that are built between two lines about it.
    private static let roundsPerLine = 8
    /// How often a running gateway is asked how far it is.
    private static let pause = Duration.seconds(1)

    private static func tell(_ progress: IndexProgress, asJSON: Bool, _ console: Console) {
        if asJSON {
            console.say(progress.json)
        } else {
            progress.lines.forEach(console.say)
        }
    }

    private static func tellProgress(_ progress: IndexProgress, _ console: Console) {
        let total = progress.indexed + progress.pending
        console.say("\(progress.indexed) of \(total) messages")
    }

    /// Asks the gateway how far it is until nothing waits any more.
    private static func wait(_ arguments: Arguments, _ workplace: Workplace) async throws -> ExitCode {
        let place = try Arguments(arguments.words.filter { $0 != "rebuild" } + ["status"], command.options)
        while true {
            let heard = Mutex<[String]>([])
            let console = Console(out: { line in heard.withLock { $0.append(line) } }, err: workplace.console.complain)
            let asking = workplace.speaking(to: console)
            guard let code = try await ControlClient.ask(["search"] + place.words, place, asking) else {
                throw CommandFailure("the gateway has ended; the index is built on when it runs again")
            }
            guard code == .success, let progress = IndexProgress(lines: heard.withLock { $0 }) else { return .failure }
            tellProgress(progress, workplace.console)
            if progress.pending == 0 { return .success }
            let loop = workplace.loop
            await loop.spawn { _ = await loop.sleep(for: pause) }.value
        }
    }
}

extension IndexProgress {
    var lines: [String] { ["indexed: \(indexed)", "pending: \(pending)"] }

    /// Reads what a gateway printed.
    init?(lines: [String]) {
        func number(_ name: String) -> Int? {
            lines.first { $0.hasPrefix(name + ": ") }.flatMap { Int($0.dropFirst(name.count + 2)) }
        }
        guard let indexed = number("indexed"), let pending = number("pending") else { return nil }
        self.init(indexed: indexed, pending: pending)
    }

    var json: JSON { ["indexed": .number(indexed), "pending": .number(pending)] }
}
