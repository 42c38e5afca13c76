internal import Base
internal import Campaigns
internal import Config
internal import Flow
internal import Store

/// `greenroom show`: a record as it is now, and everything that happened with it.
enum ShowCommand {
    static let command = Command(
        "show",
        summary: "tell what is known of a creator, a campaign or a conversation",
        synopsis: [
            "show creator ID|ADDRESS|@HANDLE [--limit N] [--config DIR] [--json]",
            "show campaign ID [--limit N] [--config DIR] [--json]",
            "show conversation ID [--limit N] [--config DIR] [--json]",
        ],
        description: """
            Prints the record as it is now: what the files say, with the stage and assignee that mail and members \
            gave it since, and which address was learnt when and by whom. Below it stands one timeline over all \
            channels, oldest first: messages in and out with how surely and why they are attached, mail that waits \
            or was decided, stage moves with who and why.

            Of a long timeline the newest entries are printed, and how many came before. The store is read beside a \
            running gateway, or without one; who may read its files sees what is printed, amounts included.
            """,
        options: ConfigurationPlace.options + [
            Option("limit", "N", help: "Print at most N entries of the timeline, and N creators. Without it: 50."),
            Option(
                "json",
                help: "Print one JSON object: the record, then timeline (an array) and earlier (how many came before)."
            ),
        ],
        operands: 2...2,
        exits: ("It was printed.", "There is no such record, or the store cannot be read."),
        examples: [
            "greenroom show creator @lumi.glow", "greenroom show creator ana@post.example --json",
            "greenroom show campaign spring --limit 200", "greenroom show conversation 12",
        ]
    ) { arguments, workplace in
        let request = try Request(arguments)
        let limit = Int(try arguments.number("limit", from: 1) ?? standardLimit)
        guard limit <= greatestLimit else { throw UsageError("option --limit goes up to \(greatestLimit)") }
        let configuration = try await workplace.configuration(arguments)
        let store = try Store.openForReading(configuration.gateway.dataDirectory, in: workplace.storeEnvironment)
        defer { store.close() }
        let shown = try store.readNow { transaction in
            try find(request, try Rulebook(configuration, transaction), limit: limit, transaction)
        }
        if arguments.has("json") {
            workplace.console.say(ShownJSON.of(shown))
        } else {
            workplace.console.say(ShownText.of(shown).joined(separator: "\n"))
        }
        return .success
    }

    private static let standardLimit: Int64 = 50
    /// What is printed lies in memory until it is.
    private static let greatestLimit = 10_000

    private enum Request: Hashable {
        case creator(String)
        case campaign(CampaignID)
        case conversation(ConversationID)

        init(_ arguments: Arguments) throws(UsageError) {
            let (noun, word) = (arguments.operands[0], arguments.operands[1])
            switch noun {
            case "creator": self = .creator(word)
            case "campaign": self = .campaign(CampaignID(word))
            case "conversation":
                guard let number = Int64(word), number > 0 else {
                    throw UsageError("\"\(word)\" is no conversation; it is a number, as show creator prints it")
                }
                self = .conversation(ConversationID(rawValue: number))
            default:
                let nouns = ["creator", "campaign", "conversation"]
                let near = Suggestion.text(for: noun, among: nouns)
                throw UsageError("cannot show \"\(noun)\"\(near); say one of \(nouns.joined(separator: ", "))")
            }
        }
    }

    private static func find(
        _ request: Request,
        _ rulebook: Rulebook,
        limit: Int,
        _ transaction: ReadTransaction
    ) throws -> Shown {
        switch request {
        case .creator(let word):
            let id = try CreatorWord.one(word, rulebook, transaction)
            guard let shown = try ShownCreator(id, rulebook, limit: limit, transaction) else {
                throw CommandFailure("there is no creator \(word)")
            }
            return .creator(shown)
        case .campaign(let id):
            if let shown = try ShownCampaign(id, rulebook, limit: limit, transaction) { return .campaign(shown) }
            let known = rulebook.configuration.campaigns.map(\.id.rawValue)
            throw CommandFailure("there is no campaign \(id)\(Suggestion.text(for: id.rawValue, among: known))")
        case .conversation(let id):
            guard let shown = try ShownConversation(id, rulebook, limit: limit, transaction) else {
                throw CommandFailure("there is no conversation \(id); show creator prints a creator's")
            }
            return .conversation(shown)
        }
    }
}

/// What was found for `greenroom show`.
enum Shown: Sendable {
    case creator(ShownCreator)
    case campaign(ShownCampaign)
    case conversation(ShownConversation)
}

/// A creator as people name one on the command line.
enum CreatorWord {
    /// The one creator that a word names.
    static func one(
        _ word: String,
        _ rulebook: Rulebook,
        _ transaction: ReadTransaction
    ) throws -> CreatorID {
        let ids = try ShownCreator.ids(named: word, rulebook, transaction)
        if ids.count == 1 { return ids[0] }
        guard ids.isEmpty else {
            throw CommandFailure("\(word) belongs to several creators: \(ids.map(\.rawValue).joined(separator: ", "))")
        }
        let isID = !word.contains("@")
        let known = isID ? rulebook.configuration.creators.map(\.id.rawValue) : []
        throw CommandFailure(
            "there is no creator \(word)\(Suggestion.text(for: word, among: known)); name an id of creators.csv, an "
                + "address or a @handle"
        )
    }
}
