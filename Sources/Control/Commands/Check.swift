internal import Base
internal import Config
internal import Policy

/// `greenroom check`: tells every problem of the configuration.
enum Check {
    static let command = Command(
        "check",
        summary: "check the configuration",
        synopsis: ["check [--config DIR] [--json]"],
        description: """
            Reads every file of the configuration, runs the cases in policies/tests, and prints each problem as \
            FILE:LINE:COLUMN: what is wrong, and the cure. Nothing is changed, and a running gateway is not asked.
            """,
        options: [
            ConfigurationPlace.options[0],
            Option("json", help: "Print one JSON object: good, problems, counts."),
        ],
        exits: ("The configuration is good.", "It has problems; they are printed."),
        examples: ["greenroom check --config /etc/greenroom"]
    ) { arguments, workplace in
        let reading = ConfigurationPlace(arguments).load(from: workplace.secrets)
        if arguments.has("json") {
            workplace.console.say(json(reading))
        } else if let configuration = reading.configuration {
            let counts = counts(configuration).map { "\($0.value) \($0.name)" }.joined(separator: ", ")
            workplace.console.say("configuration is good: \(counts)")
        } else {
            for problem in reading.problems { workplace.console.say(problem.description) }
        }
        return reading.configuration == nil ? .failure : .success
    }

    private static func counts(_ configuration: Configuration) -> [(name: String, value: Int)] {
        [
            ("files", configuration.files.count),
            ("listeners", configuration.gateway.listeners.count),
            ("accounts", configuration.gateway.accounts.count),
            ("members", configuration.team.members.count),
            ("creators", configuration.creators.count),
            ("campaigns", configuration.campaigns.count),
            ("permits", configuration.rules.permits.count),
            ("restrictions", configuration.rules.restrictions.count),
        ]
    }

    private static func json(_ reading: ConfigurationReading) -> JSON {
        let problems = reading.problems.map { problem -> JSON in
            [
                "file": .string(problem.path),
                "line": problem.position.map { .number($0.line) } ?? .null,
                "column": problem.position.map { .number($0.column) } ?? .null,
                "text": .string(problem.text),
            ]
        }
        let counts = reading.configuration.map(counts) ?? []
        return [
            "good": .bool(reading.configuration != nil),
            "problems": .array(problems),
            "counts": .object(counts.map { JSON.Member($0.name, .number($0.value)) }),
        ]
    }
}
