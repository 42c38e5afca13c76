internal import Base
internal import Config
internal import Flow
internal import Ledger
internal import Policy
internal import Search
internal import Store

/// `greenroom status`: how the gateway is.
enum Status {
    static let command = Command(
        "status",
        summary: "tell how the gateway is",
        synopsis: ["status [--config DIR] [--json]"],
        description: """
            Prints uptime, listeners with their connections, how many messages are stored, held, waiting for their \
            time, queued and failed, how old the oldest held one is, the last reload, and when certificates end, \
            with a warning from \(Limits.certificateWarning) days before.

            Without a running gateway it prints what the store says, and ends with 1.
            """,
        options: ConfigurationPlace.options + [Option("json", help: "Print one JSON object.")],
        exits: ("The gateway runs.", "It does not, or it cannot be asked."),
        examples: ["greenroom status --json"],
        answer: { arguments, _, desk, console in
            let counts = try await desk.house.store.read { try $0.counts() }
            let report = await desk.report?()
            let picture = Picture(
                counts: counts,
                search: try await desk.house.index?.progress(),
                report: report,
                version: desk.house.rulebook.version,
                now: desk.house.time.now
            )
            if arguments.has("json") { console.say(picture.json) } else { picture.lines.forEach(console.say) }
            return .success
        }
    ) { arguments, workplace in
        if let code = try await ControlClient.ask(["status"] + arguments.words, arguments, workplace) { return code }
        let configuration = try await workplace.configuration(arguments)
        let store = try Store.openForReading(configuration.gateway.dataDirectory, in: workplace.storeEnvironment)
        defer { store.close() }
        let picture = Picture(
            counts: try store.readNow { try $0.counts() },
            search: nil,
            report: nil,
            version: try store.readNow { try $0.latestConfiguration()?.hash } ?? "",
            now: workplace.time.now
        )
        if arguments.has("json") {
            workplace.console.say(picture.json)
        } else {
            picture.lines.forEach(workplace.console.say)
        }
        return .failure
    }

    /// All that is told.
    struct Picture: Sendable {
        let counts: StoreCounts
        /// How far the search index is; missing where no gateway runs.
        let search: IndexProgress?
        /// Missing where no gateway runs.
        let report: GatewayReport?
        let version: String
        let now: Timestamp

        private func count(_ state: OutboundState) -> Int { counts.outbound[state.rawValue] ?? 0 }

        private var oldestHeld: Timestamp? { counts.oldest[OutboundState.held.rawValue] }

        /// Whole days until a certificate ends; negative where it has ended.
        private func days(_ certificate: GatewayReport.Certificate) -> Int {
            let seconds = certificate.notAfter.seconds - now.seconds
            return Int(seconds >= 0 ? seconds / 86_400 : (seconds - 86_399) / 86_400)
        }

        var lines: [String] {
            var lines: [String] = []
            if let report {
                lines.append("greenroom \(Program.version), up for \(Words.age(report.uptime))")
                for listener in report.listeners {
                    let place = "\(listener.service) \(listener.address)"
                    lines.append("listens: \(place), connections: \(listener.connections)")
                }
            } else {
                lines.append("no gateway runs; this is what the store says")
            }
            lines.append("messages: \(counts.messages)")
            lines.append(
                "outbound: \(count(.held)) held, \(count(.approved)) waiting for their time, "
                    + "\(count(.queued)) queued, \(count(.bounced)) failed, \(count(.sent)) sent"
            )
            if let search { lines.append("search index: \(search.indexed) messages, \(search.pending) pending") }
            if let oldestHeld { lines.append("oldest held: for \(Words.age(now.duration(since: oldestHeld)))") }
            lines.append("configuration: \(version)")
            if let reload = report?.lastReload {
                let result = reload.isAccepted ? "accepted" : "refused: \(reload.problems.joined(separator: "; "))"
                lines.append("last reload: \(CivilTime(reload.at).iso8601) by \(reload.by.text), \(result)")
                lines += reload.restarts.map { "restart needed: \($0)" }
            }
            for certificate in report?.certificates ?? [] {
                let days = days(certificate)
                let end = CivilTime(certificate.notAfter).iso8601
                let text = "certificate: \(certificate.file) ends \(end)"
                if days < 0 {
                    lines.append("WARNING: \(text), it has ended")
                } else {
                    lines.append((days <= Limits.certificateWarning ? "WARNING: " : "") + "\(text), in \(days) days")
                }
            }
            return lines
        }

        var json: JSON {
            let listeners = report?.listeners.map { listener -> JSON in
                [
                    "service": .string(listener.service),
                    "address": .string(listener.address),
                    "connections": .number(listener.connections),
                ]
            }
            let certificates = report?.certificates.map { certificate -> JSON in
                let days = days(certificate)
                return [
                    "file": .string(certificate.file),
                    "notAfter": .string(CivilTime(certificate.notAfter).iso8601),
                    "days": .number(days),
                    "warning": .bool(days <= Limits.certificateWarning),
                ]
            }
            let outbound = counts.outbound.sorted { $0.key < $1.key }.map { JSON.Member($0.key, .number($0.value)) }
            return [
                "running": .bool(report != nil),
                "version": .string(Program.version),
                "uptimeSeconds": report.map { .number($0.uptime.components.seconds) } ?? .null,
                "listeners": .array(listeners ?? []),
                "messages": .number(counts.messages),
                "held": .number(count(.held)),
                "waiting": .number(count(.approved)),
                "queued": .number(count(.queued)),
                "failed": .number(count(.bounced)),
                "outbound": .object(outbound),
                "oldestHeld": .optional(oldestHeld.map { CivilTime($0).iso8601 }),
                "search": search?.json ?? .null,
                "configuration": .string(version),
                "lastReload": report?.lastReload?.json ?? .null,
                "certificates": .array(certificates ?? []),
            ]
        }
    }
}
