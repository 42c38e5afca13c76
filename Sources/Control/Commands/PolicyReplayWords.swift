internal import Base
internal import Campaigns
internal import Config
internal import Flow
internal import Policy
internal import Store

/// What `greenroom policy replay` prints.
enum PolicyReplayWords {
    static func replay(_ arguments: Arguments, _ workplace: Workplace) async throws -> ExitCode {
        let since = try since(arguments["since"] ?? "30d", now: workplace.time.now)
        let configuration = try await workplace.configuration(arguments, looksAtNamedFiles: false)
        let store = try Store.openForReading(configuration.gateway.dataDirectory, in: workplace.storeEnvironment)
        defer { store.close() }
        let isJSON = arguments.has("json")
        let tally = try store.readNow { transaction -> Tally in
            var tally = Tally()
            let replay = PolicyReplay(try Rulebook(configuration, transaction), transaction)
            try replay.mails(since: since) { mail in
                tally.add(mail)
                if isJSON, let mail { workplace.console.say(json(mail)) }
            }
            return tally
        }
        if isJSON {
            workplace.console.say(tally.json(since))
        } else {
            tally.lines(since).forEach(workplace.console.say)
        }
        return .success
    }

    /// `2026-11-01`, at midnight UTC, or `30d` before now.
    static func since(_ text: String, now: Timestamp) throws(UsageError) -> Timestamp {
        if let period = Durations.parse(text) { return now.advanced(by: .zero - period) }
        let parts = text.split(separator: "-", omittingEmptySubsequences: false).map { Int($0) }
        if parts.count == 3, let year = parts[0], let month = parts[1], let day = parts[2] {
            let date = CivilTime(year: year, month: month, day: day)
            if date.isValid, (1970...9999).contains(year) { return date.timestamp }
        }
        throw UsageError("--since takes a day such as 2026-11-01, or a time back such as 30d, not \"\(text)\"")
    }

    private static func json(_ mail: ReplayedMail) -> JSON {
        [
            "mail": .string(mail.name),
            "at": .string(CivilTime(mail.at).iso8601),
            "author": .optional(mail.author?.rawValue),
            "subject": .string(mail.subject),
            "then": .string(mail.then.wasJudged ? mail.then.outcome.name : "sent outside"),
            "thenRules": .strings(mail.then.rules),
            "now": PolicyCommand.json(mail.now),
            "differs": .bool(mail.differs),
        ]
    }

    /// Counts and lines, by rule.
    struct Tally {
        /// Mails of one rule that are listed; all of them are counted.
        static let listed = 10

        private struct Rule {
            var count = 0
            /// How many of them left then without waiting.
            var left = 0
            var lines: [String] = []
        }

        private var judged = 0
        private var missing = 0
        private var outcomes: [Verdict.Outcome: Int] = [:]
        private var rules: [String: Rule] = [:]
        private var permits: [String: Int] = [:]
        private var stricter: [String] = []
        private var milder: [String] = []

        mutating func add(_ mail: ReplayedMail?) {
            guard let mail else {
                missing += 1
                return
            }
            judged += 1
            outcomes[mail.now.outcome, default: 0] += 1
            var seen: Set<String> = []
            for reason in mail.now.reasons where seen.insert(reason.rule).inserted {
                var rule = rules[reason.rule] ?? Rule()
                rule.count += 1
                if mail.then.outcome == .release { rule.left += 1 }
                if rule.lines.count < Self.listed { rule.lines.append("\(Self.head(mail))  \(reason.text)") }
                rules[reason.rule] = rule
            }
            for permit in mail.now.permits { permits[permit, default: 0] += 1 }
            guard mail.differs else { return }
            let then = mail.then.wasJudged ? mail.then.outcome.name : "sent outside"
            let line = "\(Self.head(mail))  then \(then), now \(PolicyCommand.text(mail.now))"
            if mail.now.outcome > mail.then.outcome { stricter.append(line) } else { milder.append(line) }
        }

        private static func head(_ mail: ReplayedMail) -> String {
            "\(mail.name)  \(CivilTime(mail.at).iso8601)  \(mail.author?.rawValue ?? "-")  \(mail.subject)"
        }

        /// Records that have no past: they change in the files.
        private static let ofNow = "agreed rates, ceilings, terms, wording, addresses and groups"

        func lines(_ since: Timestamp) -> [String] {
            var lines = [
                "\(Self.mails(judged)) since \(CivilTime(since).iso8601), judged by the rules as they are now",
                "stages, threads and who wrote are those of then; \(Self.ofNow) are those of the files now",
            ]
            if missing > 0 { lines.append("\(Self.mails(missing)) could not be judged: text or author is not known") }
            guard judged > 0 else { return lines }
            lines.append(
                Verdict.Outcome.allCases.compactMap { one in outcomes[one].map { "\(one.name): \($0)" } }
                    .joined(separator: ", ")
            )
            for (name, rule) in rules.sorted(by: { ($1.value.count, $0.key) < ($0.value.count, $1.key) }) {
                lines += [
                    "", "rule \(name): \(Self.mails(rule.count)), \(rule.left) of which left without waiting then",
                ]
                lines += rule.lines.map { "    \($0)" }
                if rule.count > rule.lines.count { lines.append("    and \(rule.count - rule.lines.count) more") }
            }
            for (name, count) in permits.sorted(by: { ($1.value, $0.key) < ($0.value, $1.key) }) {
                lines += ["", "permit \(name): \(Self.mails(count))"]
            }
            lines += difference("stricter now than then", stricter) + difference("milder now than then", milder)
            return lines
        }

        private func difference(_ title: String, _ mails: [String]) -> [String] {
            ["", "\(title): \(mails.count)"] + mails.map { "    \($0)" }
        }

        private static func mails(_ count: Int) -> String { "\(count) mail\(count == 1 ? "" : "s")" }

        func json(_ since: Timestamp) -> JSON {
            func counts(_ values: [String: Int]) -> JSON {
                .object(values.sorted { $0.key < $1.key }.map { JSON.Member($0.key, .number($0.value)) })
            }
            let outcomes = Dictionary(uniqueKeysWithValues: outcomes.map { ($0.key.name, $0.value) })
            return [
                "since": .string(CivilTime(since).iso8601),
                "recordsOfNow": .string(Self.ofNow),
                "judged": .number(judged),
                "notJudged": .number(missing),
                "outcomes": counts(outcomes),
                "rules": counts(rules.mapValues(\.count)),
                "permits": counts(permits),
                "stricter": .number(stricter.count),
                "milder": .number(milder.count),
            ]
        }
    }
}
