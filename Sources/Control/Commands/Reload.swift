internal import Base
internal import Config
internal import Ledger

/// `greenroom reload`: has the running gateway read its configuration again.
enum Reload {
    static let command = Command(
        "reload",
        summary: "have the running gateway read its configuration again",
        synopsis: ["reload [--config DIR] [--accept-removals] [--json]"],
        description: """
            Has the gateway read all files and its certificates again, prints what changes, and waits until the new \
            configuration is in force and in the ledger. If anything is invalid, the problems are printed and the \
            old configuration stays in force. What only a restart can change (listeners, smarthost, limits, log) \
            is named. SIGHUP does the same into the log; greenroom status keeps the last result.

            Members that are removed cannot do anything more in sessions that are open. Creators that are missing \
            are archived, never deleted; if more than five in a hundred are missing, --accept-removals has to be given.
            """,
        options: ConfigurationPlace.options + [
            Option("accept-removals", help: "Take it even if much of the roster is missing."),
            Option("json", help: "Print one JSON object: accepted, problems, changes, restarts, configuration."),
        ],
        exits: (
            "The configuration is in force.",
            "It is invalid, and the old one stays; or no gateway runs, or the caller may not reload."
        ),
        examples: ["greenroom reload --config /etc/greenroom"],
        answer: { arguments, caller, desk, console in
            guard caller.isOperator || caller.member != nil else {
                throw CommandFailure("only root, the gateway's own user and members may reload")
            }
            guard let reload = desk.reload else { throw CommandFailure(noGateway) }
            let report = await reload(arguments.has("accept-removals"), caller.actor)
            if arguments.has("json") {
                console.say(report.json)
            } else {
                report.lines.forEach(console.say)
            }
            return report.isAccepted ? .success : .failure
        }
    ) { arguments, workplace in
        let place = ConfigurationPlace(arguments)
        let (path, problems) = place.controlSocket(from: workplace.secrets)
        guard let path else {
            throw CommandFailure(
                "the configuration is not good; a running gateway keeps the old one\n"
                    + problems.map(\.description).joined(separator: "\n")
            )
        }
        let words = ["reload"] + arguments.words
        guard let code = try await ControlClient.ask(words, at: path, workplace) else {
            throw CommandFailure(noGateway)
        }
        return code
    }

    private static let noGateway = "no gateway runs on this configuration; greenroom check reads it without one"
}

extension ConfigurationPlace {
    /// Where the gateway listens, even if the other files have problems.
    func controlSocket(from source: any FileInspector) -> (path: String?, problems: [Problem]) {
        if let dataDirectory { return (dataDirectory + "/control/socket", []) }
        let reading = Configuration.loadGateway(directory: directory, from: source)
        return (reading.settings?.controlSocket, reading.problems)
    }
}

extension ReloadReport {
    /// What people read, one thing a line.
    var lines: [String] {
        guard isAccepted else {
            return problems + ["nothing was changed; the old configuration stays in force"]
        }
        let changed = changes.isEmpty ? ["nothing changes"] : changes
        return changed + restarts.map { "restart the gateway: \($0)" } + ["configuration \(version) is in force"]
    }

    var json: JSON {
        [
            "at": .string(CivilTime(at).iso8601),
            "by": .string(by.text),
            "accepted": .bool(isAccepted),
            "problems": .strings(problems),
            "changes": .strings(changes),
            "restarts": .strings(restarts),
            "configuration": .string(version),
        ]
    }
}
