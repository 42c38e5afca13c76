internal import Base

extension GatewayFile {
    /// `[approvals]`.
    func readApprovals(_ reader: inout TableReader) -> ApprovalSettings {
        var approvals = ApprovalSettings()
        guard var table = reader.table("approvals") else { return approvals }
        defer { table.finish() }
        approvals.creatorWrites = table.optional("creator_writes", .choice, default: approvals.creatorWrites)
        approvals.colleagueWrites = table.optional("colleague_writes", .choice, default: approvals.colleagueWrites)
        approvals.escalation = readEscalation(&table)
        approvals.expiresAfter = table.optional(
            "expire_after",
            .duration(in: .seconds(3600) ... .seconds(365 * 86_400))
        )
        return approvals
    }

    private func readEscalation(_ table: inout TableReader) -> ApprovalSettings.Escalation? {
        let after = table.optional("escalate_after", .duration(in: .seconds(60) ... .seconds(30 * 86_400)))
        let groups = table.locatedList("escalate_to", .identifier)
        for group in groups {
            loader.catalogue.refer(to: .group, group.value, at: group.offset, table.reporter)
            refuseIdle(group, table.reporter)
        }
        switch (after, groups.isEmpty) {
        case (nil, true):
            return nil
        case (let after?, false):
            return ApprovalSettings.Escalation(after: after, groups: groups.map(\.value))
        case (_?, true):
            if !table.has("escalate_to") {
                table.report("nobody is named to escalate to; add escalate_to = [\"managers\"]", at: "escalate_after")
            }
            return nil
        case (nil, false):
            if !table.has("escalate_after") {
                table.report("it is not said when to escalate; add escalate_after = \"8h\"", at: "escalate_to")
            }
            return nil
        }
    }

    /// To escalate to people who cannot decide would leave mail waiting for nobody.
    private func refuseIdle(_ group: TableReader.Located<String>, _ reporter: ProblemReporter) {
        loader.afterwards { known in
            guard let team = known.team, team.groups.contains(where: { $0.id == group.value }) else { return }
            let deciders = team.members(ofGroup: group.value).filter { id in
                team.member(id)?.devices.contains { $0.scopes.contains(.approve) } == true
            }
            guard deciders.isEmpty else { return }
            reporter.report(
                "nobody in \"\(group.value)\" can approve; give a member of it a device with the scope \"approve\"",
                at: group.offset
            )
        }
    }
}
