internal import Base
internal import Config
internal import Flow
internal import Policy
internal import Reactor

/// `greenroom policy`: tries the rules, on their own cases and on the mail that is there.
enum PolicyCommand {
    static let command = Command(
        "policy",
        summary: "try the rules on their cases and on past mail",
        synopsis: [
            "policy test [--config DIR] [--json]",
            "policy replay [--since DATE] [--config DIR] [--json]",
        ],
        description: """
            test judges the cases in policies/tests and prints each as ok or FAIL, with what was expected and what \
            came.

            replay judges the outbound mail in the store by the rules as they are in the files now, each as of the \
            moment it was handed in, and prints by rule what it would have done, and where that differs from what was \
            done then. Stages, threads and who wrote to whom are those of that moment; agreed rates, ceilings, terms, \
            wording, addresses and groups are those of the files now. --since takes a day (2026-11-01) or a time back (30d); without it, 30d. Mail found in an \
            upstream's Sent was not judged then; unattached mail of personal accounts is not looked at.

            Nothing is stored, nothing is sent, and a running gateway is not asked.
            """,
        options: ConfigurationPlace.options + [
            Option("since", "DATE", help: "replay: begin with mail of this day, or of so long ago."),
            Option("json", help: "test: one JSON object a case; replay: one a mail, and one with the counts at last."),
        ],
        operands: 1...1,
        exits: ("Every case holds; the replay was printed.", "A case fails, or files or store cannot be read."),
        examples: ["greenroom policy test", "greenroom policy replay --since 2026-11-01"]
    ) { arguments, workplace in
        let verb = arguments.operands.first ?? ""
        switch verb {
        case "test":
            guard !arguments.has("since") else { throw UsageError("option --since belongs to policy replay") }
            return await test(arguments, workplace)
        case "replay":
            return try await PolicyReplayWords.replay(arguments, workplace)
        default:
            let near = Suggestion.text(for: verb, among: ["test", "replay"])
            throw UsageError("unknown verb \"\(verb)\"\(near); say test or replay")
        }
    }

    private static func test(_ arguments: Arguments, _ workplace: Workplace) async -> ExitCode {
        let console = workplace.console
        let (place, secrets) = (ConfigurationPlace(arguments), workplace.secrets)
        let reading = await workplace.workers.run { () -> ConfigurationReading in
            place.load(from: secrets, looksAtNamedFiles: false)
        }
        let failed = reading.cases.filter { $0.difference != nil }
        // Cases are judged only where everything else is right.
        guard !reading.cases.isEmpty || reading.configuration != nil else {
            console.complain("the configuration is not good; no case was judged")
            for problem in reading.problems { console.complain(problem.description) }
            return .failure
        }
        for one in reading.cases {
            if arguments.has("json") { console.say(json(one)) } else { console.say(line(one)) }
        }
        if !arguments.has("json") {
            let count = reading.cases.count
            console.say(
                count == 0
                    ? "there are no cases; write some in policies/tests"
                    : "\(count) case\(count == 1 ? "" : "s"), \(failed.count) failed"
            )
        }
        return failed.isEmpty ? .success : .failure
    }

    private static func line(_ one: PolicyCaseResult) -> String {
        guard let difference = one.difference else { return "ok    \(one.name): \(text(one.verdict))" }
        return "FAIL  \(one.name): \(difference)\n      \(one.place)"
    }

    private static func json(_ one: PolicyCaseResult) -> JSON {
        [
            "case": .string(one.name),
            "place": .string(one.place),
            "good": .bool(one.difference == nil),
            "difference": .optional(one.difference),
            "verdict": json(one.verdict),
        ]
    }

    // MARK: Verdicts

    static func text(_ verdict: Verdict) -> String {
        var text = verdict.outcome.name
        if !verdict.approvals.isEmpty { text += ", needs \(Words.counts(verdict.approvals))" }
        if let notBefore = verdict.notBefore { text += ", not before \(CivilTime(notBefore).iso8601)" }
        return text
    }

    static func json(_ verdict: Verdict) -> JSON {
        let approvals = verdict.approvals.sorted { $0.key < $1.key }.map { JSON.Member($0.key, .number($0.value)) }
        return [
            "outcome": .string(verdict.outcome.name),
            "approvals": .object(approvals),
            "notBefore": .optional(verdict.notBefore.map { CivilTime($0).iso8601 }),
            "rules": reasons(verdict.reasons),
            "permits": .strings(verdict.permits),
            "grounds": reasons(verdict.grounds),
        ]
    }

    static func reasons(_ reasons: [Verdict.Reason]) -> JSON {
        .array(reasons.map { ["rule": .string($0.rule), "text": .string($0.text)] })
    }
}
