internal import Base
internal import Campaigns
internal import Config
internal import SASL

/// `greenroom password`: makes the password of one device.
enum Password {
    static let command = Command(
        "password",
        summary: "make a password for a member's device",
        synopsis: ["password --member MEMBER --label LABEL [--scopes LIST] [--config DIR] [--json]"],
        description: """
            Makes a random password of 100 bits, prints it once, and prints the block to put into team.toml: it holds \
            what is needed to check the password, never the password itself. Nothing is written; put the block into \
            the file and run greenroom reload.

            Every device gets its own password, so that a lost phone costs one line of team.toml. The label stands in \
            the ledger with everything that the device does.
            """,
        options: [
            ConfigurationPlace.options[0],
            Option("member", "MEMBER", help: "The member's id in team.toml."),
            Option("label", "LABEL", help: "What the device is called: Phone."),
            Option(
                "scopes",
                "LIST",
                help: "What the password opens, apart by commas: read (IMAP), send (submission), approve (decide on "
                    + "held mail). Without it: read,send."
            ),
            Option("json", help: "Print one JSON object: member, label, scopes, password, stored."),
        ],
        exits: ("The password was made.", "There is no such member, or they have a device of that name."),
        examples: ["greenroom password --member mia --label Phone --scopes read,send"]
    ) { arguments, workplace in
        let id = MemberID(try arguments.required("member"))
        let label = try arguments.required("label")
        let scopes = try scopes(arguments["scopes"] ?? "read,send")
        guard label.unicodeScalars.allSatisfy({ $0.value >= 0x20 && $0.value != 0x7F }) else {
            throw UsageError("a label holds no control characters")
        }
        let team = try await workplace.configuration(arguments).team
        guard let member = team.member(id) else {
            let near = Suggestion.text(for: id.rawValue, among: team.members.map(\.id.rawValue))
            throw CommandFailure("team.toml has no member \"\(id)\"\(near)")
        }
        guard !member.devices.contains(where: { $0.label == label }) else {
            throw CommandFailure("\(member.name) has a device \"\(label)\" already; remove it first or choose another")
        }
        let password = make(workplace.entropy)
        let stored = ScramCredential.make(Secret(password), parameters(of: member, workplace.entropy)).text
        if arguments.has("json") {
            workplace.console.say([
                "member": .string(id.rawValue),
                "label": .string(label),
                "scopes": .strings(scopes),
                "password": .string(password),
                "stored": .string(stored),
            ])
        } else {
            workplace.console.say(text(member, label, scopes, password, stored))
        }
        return .success
    }

    private static func text(
        _ member: Member,
        _ label: String,
        _ scopes: [String],
        _ password: String,
        _ stored: String
    ) -> String {
        """
        Password of \(member.name)'s \(label), shown this once:

            \(password)

        Put this into team.toml below the other devices of \(member.id), then run greenroom reload:

        [[members.\(member.id).devices]]
        label = \(quoted(label))
        scopes = [\(scopes.map(quoted).joined(separator: ", "))]
        password = \(quoted(stored))
        """
    }

    /// A basic string of TOML; control characters do not come here.
    private static func quoted(_ text: String) -> String {
        "\"" + text.map { $0 == "\"" || $0 == "\\" ? "\\\($0)" : String($0) }.joined() + "\""
    }

    private static func scopes(_ text: String) throws(UsageError) -> [String] {
        let known = ["read", "send", "approve"]
        let given = text.split(separator: ",").map { ASCII.trimmed($0) }
        for scope in given where !known.contains(scope) {
            throw UsageError("unknown scope \"\(scope)\"\(Suggestion.text(for: scope, among: known))")
        }
        let scopes = known.filter(given.contains)
        guard !scopes.isEmpty else { throw UsageError("option --scopes needs at least one of \(known)") }
        return scopes
    }

    /// One salt and count per member, so that one derivation checks all of their devices.
    private static func parameters(of member: Member, _ entropy: any Entropy) -> ScramCredential.Parameters {
        member.devices.lazy.filter { !$0.isSample }.map(\.credential.parameters).first
            ?? member.devices.lazy.map(\.credential.parameters).first
            ?? ScramCredential.Parameters(salt: entropy.bytes(count: 16))
    }

    /// 32 letters and digits that are not taken for each other: five bits each.
    private static let alphabet = Array("abcdefghijkmnpqrstuvwxyz23456789")
    private static let groups = 5
    private static let groupLength = 4

    /// `m5r6-rypn-mxwz-d4yc-w292`: 100 bits, in groups for those who type it on a phone.
    static func make(_ entropy: any Entropy) -> String {
        (0..<groups).map { _ in
            String(entropy.bytes(count: groupLength).map { alphabet[Int($0) % alphabet.count] })
        }.joined(separator: "-")
    }
}
