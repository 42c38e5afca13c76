internal import Base
internal import Campaigns
internal import Flow
internal import Message
internal import Policy

/// `greenroom explain`: what Greenroom would say of messages, and why.
enum Explain {
    static let command = Command(
        "explain",
        summary: "tell how messages would be matched and judged, and why",
        synopsis: ["explain [--config DIR] [--json] FILE..."],
        description: """
            Reads messages (RFC 5322, one a file) and prints for each: direction, creator, campaign, channel, \
            confidence and the rule that decided; for outbound ones also the verdict, the permits and the rules that \
            fired. Nothing is stored, nothing is sent, and a running gateway is not asked.

            The files are taken in order as one history, so that a reply is recognised by the message before it; \
            outbound ones count as sent. The sender of an outbound message is the member whose address From is. A \
            message is judged at the time of its Date. A file named - does not mean standard input.
            """,
        options: [
            ConfigurationPlace.options[0],
            Option(
                "json",
                help: "Print one JSON object a line: file, direction, creator, campaign, channel, confidence, reason, "
                    + "verdict, and more."
            ),
        ],
        operands: 1...10_000,
        exits: ("Every file was explained.", "The configuration is not good, or a file cannot be read."),
        examples: ["greenroom explain thread/01.eml thread/02.eml", "greenroom explain --json mails/*.eml"]
    ) { arguments, workplace in
        let rulebook = Rulebook(try await workplace.configuration(arguments))
        var explainer = Explainer(rulebook, now: workplace.time.now)
        for path in arguments.operands {
            let bytes = LineEnds.canonical(try workplace.read(path, limit: Limits.explainedFile))
            let explanation = try explainer.explain(bytes)
            if arguments.has("json") {
                workplace.console.say(json(path, explanation))
            } else {
                workplace.console.say(text(path, explanation))
            }
        }
        return .success
    }

    // MARK: For programs

    /// Creator and campaign are those it is filed under; candidates are offered to a person.
    static func json(_ path: String, _ explanation: Explanation) -> JSON {
        let attachment = explanation.attachment
        let verdict = explanation.verdict
        let reasons = verdict?.reasons.map { reason -> JSON in
            ["rule": .string(reason.rule), "text": .string(reason.text)]
        }
        let approvals = verdict?.approvals.sorted { $0.key < $1.key }.map { JSON.Member($0.key, .number($0.value)) }
        return [
            "file": .string(path),
            "direction": .string(attachment.direction.rawValue),
            "creator": .optional(attachment.creators.attached.first?.rawValue),
            "campaign": .optional(attachment.campaign?.rawValue),
            "channel": .string(attachment.channel.rawValue),
            "confidence": .string(attachment.confidence.rawValue),
            "reason": .string(attachment.reason),
            "verdict": .optional(verdict?.outcome.name),
            "creators": .strings(attachment.creators.attached.map(\.rawValue)),
            "creatorCandidates": .strings(attachment.creators.candidates.map(\.rawValue)),
            "campaignCandidates": .strings(attachment.campaigns.candidates.map(\.rawValue)),
            "countsAsReply": .bool(attachment.countsAsReply),
            "suspicious": .bool(attachment.isSuspicious),
            "noise": .bool(attachment.isNoise),
            "author": .optional(explanation.author?.rawValue),
            "rules": reasons.map(JSON.array) ?? .null,
            "permits": verdict.map { .strings($0.permits) } ?? .null,
            "grounds": verdict.map { PolicyCommand.reasons($0.grounds) } ?? .null,
            "approvals": approvals.map(JSON.object) ?? .null,
            "notBefore": .optional(verdict?.notBefore.map { CivilTime($0).iso8601 }),
            "note": .optional(explanation.note),
        ]
    }

    // MARK: For people

    static func text(_ path: String, _ explanation: Explanation) -> String {
        let attachment = explanation.attachment
        var lines = [path]
        func line(_ name: String, _ value: String) {
            lines.append("    \(name)\(String(repeating: " ", count: max(1, 12 - name.count)))\(value)")
        }
        line("direction", attachment.direction.rawValue)
        line("creator", side(attachment.creators))
        line("campaign", side(attachment.campaigns))
        line("channel", attachment.channel.rawValue)
        line("confidence", attachment.confidence.rawValue)
        line("reason", attachment.reason.isEmpty ? "no rule spoke" : attachment.reason)
        if attachment.countsAsReply { line("reply", "counts as one") }
        if attachment.isSuspicious { line("suspicious", "yes") }
        if attachment.isNoise { line("noise", "yes") }
        if let verdict = explanation.verdict {
            line("author", explanation.author?.rawValue ?? "-")
            line("verdict", PolicyCommand.text(verdict))
            for permit in verdict.permits { line("permit", permit) }
            for ground in verdict.grounds { line("ground", "\(ground.rule): \(ground.text)") }
            for reason in verdict.reasons { line("rule", "\(reason.rule): \(reason.text)") }
        }
        if let note = explanation.note { line("verdict", "none: \(note)") }
        return lines.joined(separator: "\n")
    }

    private static func side<Key>(_ finding: Finding<Key>) -> String {
        if !finding.attached.isEmpty {
            return "\(names(finding.attached)) (\(finding.confidence.rawValue))"
        }
        return finding.candidates.isEmpty ? "none" : "open: \(names(finding.candidates))"
    }

    private static func names(_ keys: [some RecordKey]) -> String { keys.map(\.rawValue).joined(separator: ", ") }
}
