internal import Base
internal import Campaigns
internal import Flow
internal import Ledger
internal import Policy

extension ApprovalsCommand {
    /// `greenroom approvals rejudge`: judges what waits by the rules in force, which may loosen it.
    static func rejudge(
        _ ids: [OutboundID]?,
        _ arguments: Arguments,
        _ caller: Caller,
        _ desk: ControlDesk,
        _ console: Console
    ) async throws -> ExitCode {
        guard mayLoosen(caller, desk) else {
            throw CommandFailure(
                "only root, the gateway's own user and members of the groups that approve by default may rejudge"
            )
        }
        let results = try await desk.house.rejudge(ids, by: caller.actor)
        if arguments.has("json") {
            console.say(.array(results.map { json($0, desk.house) }))
        } else if results.isEmpty {
            console.say("nothing waits")
        } else {
            for result in results { console.say(line(result, desk.house)) }
        }
        return results.contains { $0.refusal != nil } ? .failure : .success
    }

    /// Whether somebody may say what lets more out than the rules alone would.
    static func mayLoosen(_ caller: Caller, _ desk: ControlDesk) -> Bool {
        guard let member = caller.member else { return caller.isOperator }
        let rulebook = desk.house.rulebook
        return caller.isOperator
            || !rulebook.groups(of: member).isDisjoint(with: rulebook.rules.defaultApprovals.keys)
    }

    private static func line(_ result: Rejudged, _ house: House) -> String {
        let token = result.before.token
        if let refusal = result.refusal { return "\(token): left as it is; \(refusal)" }
        guard result.isChanged else { return "\(token): nothing changes" }
        return "\(token): \(words(result.before, house)) before, \(words(result.after, house)) now"
    }

    private static func words(_ record: OutboundRecord, _ house: House) -> String {
        let missing = house.rulebook.approvals(of: record).missing(after: record.decisions)
        switch record.state {
        case .held where !missing.isEmpty:
            return "held for \(Words.counts(missing))"
        case .approved:
            return record.effectiveAt.map { "leaves at \(CivilTime($0).iso8601)" } ?? "approved"
        default:
            return record.state.rawValue
        }
    }

    private static func json(_ result: Rejudged, _ house: House) -> JSON {
        [
            "id": .string(result.before.token),
            "changed": .bool(result.isChanged),
            "refused": .optional(result.refusal),
            "before": json(result.before, house),
            "after": json(result.after, house),
        ]
    }
}
