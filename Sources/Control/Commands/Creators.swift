internal import Base
internal import Campaigns
internal import Config
internal import Flow
internal import Policy
internal import Store

/// `greenroom creators`: says whose an address is.
enum CreatorsCommand {
    static let command = Command(
        "creators",
        summary: "say that an address is a creator's, and take it back",
        synopsis: [
            "creators alias ID|ADDRESS|@HANDLE ADDRESS [--why TEXT] [--config DIR]",
            "creators unalias ID|ADDRESS|@HANDLE ADDRESS [--why TEXT] [--config DIR]",
        ],
        description: """
            alias says that an address is a creator's, beside those in creators.csv. Mail from it is attached to them \
            from then on, and earlier mail from it is attached anew, a few messages at a time; what a person attached \
            stays. An address that is somebody else's, ours, an agency's, a platform's or a form's is refused.

            unalias takes back an alias, and an address that was learnt when somebody attached a message by hand. Its \
            earlier mail is attached by what is known without it; in the account's folders it comes back under new \
            UIDs. Stages stay as they are. Addresses in creators.csv are changed there.

            Both stand in the ledger with who and why; show creator prints what was learnt. Root, the gateway's own \
            user and members of the groups that approve by default may say it. Without a running gateway it is done \
            under the store's lock, and earlier mail is attached when the gateway runs.
            """,
        options: ConfigurationPlace.options + [Option("why", "TEXT", help: "The reason; it stands in the ledger.")],
        operands: 3...3,
        exits: ("It was done.", "It could not be done, or the caller may not do it; the reason is printed."),
        examples: [
            "greenroom creators alias lumi lu@private.example --why \"she wrote so on the phone\"",
            "greenroom creators unalias lumi lu@private.example",
        ],
        answer: answer
    ) { arguments, workplace in
        _ = try Request(arguments)
        return try await ControlClient.askOrDo("creators", arguments, workplace)
    }

    private struct Request {
        enum Verb: String, CaseIterable { case alias, unalias }

        let verb: Verb
        let creator: String
        let address: Campaigns.Address

        init(_ arguments: Arguments) throws(UsageError) {
            let word = arguments.operands[0]
            guard let verb = Verb(rawValue: word) else {
                let verbs = Verb.allCases.map(\.rawValue)
                let near = Suggestion.text(for: word, among: verbs)
                throw UsageError("unknown verb \"\(word)\"\(near); say one of \(verbs.joined(separator: ", "))")
            }
            guard let address = Campaigns.Address(arguments.operands[2]) else {
                throw UsageError("\"\(arguments.operands[2])\" is no address")
            }
            (self.verb, creator, self.address) = (verb, arguments.operands[1], address)
        }
    }

    @Sendable
    private static func answer(
        _ arguments: Arguments,
        _ caller: Caller,
        _ desk: ControlDesk,
        _ console: Console
    ) async throws -> ExitCode {
        let request = try Request(arguments)
        guard ApprovalsCommand.mayLoosen(caller, desk) else {
            throw CommandFailure(
                "only root, the gateway's own user and members of the groups that approve by default may say whose an "
                    + "address is"
            )
        }
        let (house, rulebook, why) = (desk.house, desk.house.rulebook, arguments["why"] ?? "said by hand")
        let creator = try await house.store.read { try CreatorWord.one(request.creator, rulebook, $0) }
        let outcome =
            switch request.verb {
            case .alias: try await house.alias(request.address, of: creator, why: why, by: caller.actor)
            case .unalias: try await house.unalias(request.address, of: creator, why: why, by: caller.actor)
            }
        return ApprovalsCommand.say(outcome, console)
    }
}
