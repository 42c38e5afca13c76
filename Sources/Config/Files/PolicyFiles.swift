internal import Base
internal import Campaigns
internal import Policy

/// `policies/*.toml`: permits and restrictions, joined over all files (INV-7).
struct PolicyFiles<Source: FileInspector> {
    let loader: FileLoader<Source>

    static var folder: String { "policies" }

    func readAll(clauses: [Clause]) -> RuleSet {
        var permits: [Permit] = []
        var restrictions: [Restriction] = []
        var approvals: [String: Int] = [:]
        var authorsApprove: [Set<String>] = []
        var ownMail = OwnMail()
        let files = loader.names(in: Self.folder)
        var isComplete = true
        for file in files {
            guard var reader = loader.table("\(Self.folder)/\(file).toml") else {
                isComplete = false
                continue
            }
            defer { reader.finish() }
            if var table = reader.table("default") {
                approvals.merge(readApprovals(&table, "approvals"), uniquingKeysWith: max)
                if table.has("authors_approve") { authorsApprove.append(readGroups(&table, "authors_approve")) }
                if !table.optional("editors_approve", .flag, default: true) { ownMail.editorsApprove = false }
                table.finish()
            }
            for var table in reader.tables("permits") {
                if let permit = readPermit(&table) { permits.append(permit) }
                claimName(table)
            }
            for var table in reader.tables("restrictions") {
                if let restriction = readRestriction(&table) { restrictions.append(restriction) }
                claimName(table)
            }
        }
        if approvals.isEmpty, isComplete {
            loader.report(
                Self.folder,
                "nobody is named to approve what no permit lets out; add [default] with approvals = { managers = 1 }"
            )
        }
        // Where several files say it, the strictest of them counts (INV-7).
        ownMail.authorsApprove = authorsApprove.dropFirst().reduce(authorsApprove.first ?? []) { $0.intersection($1) }
        if permits.count + restrictions.count > Limits.rules {
            loader.report(Self.folder, "there are more than \(Limits.rules) rules")
        }
        return RuleSet(
            permits: permits,
            restrictions: restrictions,
            defaultApprovals: approvals,
            ownMail: ownMail,
            clauses: clauses
        )
    }

    private func readPermit(_ table: inout TableReader) -> Permit? {
        defer { table.finish() }
        let name = table.required("name", .ruleName)
        let condition = readCondition(&table)
        guard let name, let condition else { return nil }
        return Permit(name: name, condition: condition)
    }

    private func readRestriction(_ table: inout TableReader) -> Restriction? {
        defer { table.finish() }
        let name = table.required("name", .ruleName)
        let condition = readCondition(&table)
        let effect = readEffect(&table)
        guard let name, let condition, let effect else { return nil }
        return Restriction(name: name, condition: condition, effect: effect)
    }

    private func readCondition(_ table: inout TableReader) -> Condition? {
        guard table.has("when") else {
            table.know("when")
            table.report("missing key \"when\"; write when = { always = true } for every message", at: table.offset)
            return nil
        }
        guard var condition = table.table("when") else { return nil }
        return ConditionReader(catalogue: loader.catalogue).read(&condition)
    }

    private func readEffect(_ table: inout TableReader) -> Restriction.Effect? {
        let keys = ["delay", "hold", "cancel", "reject"].filter(table.has)
        let delay = table.optional("delay", .delay)
        let approvals = readApprovals(&table, "hold")
        let cancels = table.optional("cancel", .onlyTrue)
        let text = table.optional("reject", .line)
        guard keys.count == 1, let key = keys.first else {
            let cure = "write delay = \"2h\", hold = { managers = 1 }, cancel = true or reject = \"why\""
            let text = keys.isEmpty ? "the restriction does nothing" : "a restriction does one thing"
            table.report("\(text); \(cure)", at: table.offset)
            return nil
        }
        if key == "hold", approvals.isEmpty, case .table(let hold)? = table.table["hold"]?.node.value, hold.isEmpty {
            table.report("\"hold\" names no group; write hold = { managers = 1 }", at: "hold")
        }
        return delay ?? (approvals.isEmpty ? nil : .hold(approvals: approvals))
            ?? (cancels == true ? .cancel : nil) ?? text.map(Restriction.Effect.reject)
    }

    /// `["managers"]`.
    private func readGroups(_ table: inout TableReader, _ key: String) -> Set<String> {
        let groups = table.locatedList(key, .identifier)
        for group in groups {
            loader.catalogue.refer(to: .group, group.value, at: group.offset, table.reporter)
        }
        return Set(groups.map(\.value))
    }

    /// `{ managers = 1, legal = 1 }`.
    private func readApprovals(_ table: inout TableReader, _ key: String) -> [String: Int] {
        var approvals: [String: Int] = [:]
        for (group, count) in table.dictionary(key, ValueForm<Int>.integer(in: 1...20)) {
            loader.catalogue.refer(to: .group, group.value, at: group.offset, table.reporter)
            refuseTooMany(count, of: group, table.reporter)
            approvals[group.value] = count
        }
        return approvals
    }

    /// A hold that nobody can end would look like a lost mail.
    private func refuseTooMany(_ count: Int, of group: TableReader.Located<String>, _ reporter: ProblemReporter) {
        loader.afterwards { known in
            guard let team = known.team, team.groups.contains(where: { $0.id == group.value }) else { return }
            let approvers = team.members(ofGroup: group.value).filter { id in
                team.member(id)?.devices.contains { $0.scopes.contains(.approve) } == true
            }
            guard approvers.count < count else { return }
            reporter.report(
                "\(count) of \"\(group.value)\" must approve, but \(approvers.count) can;"
                    + " give a member of it a device with the scope \"approve\"",
                at: group.offset
            )
        }
    }

    /// The ledger and every reason name a rule, so that no two can have the same.
    private func claimName(_ table: TableReader) {
        guard let name = table.table["name"]?.node.value.string else { return }
        loader.catalogue.define(.rule, name, at: table.place(of: "name"), table.reporter)
    }
}

extension ValueForm where Value == Restriction.Effect {
    /// How long a restriction delays: a duration, or until something.
    fileprivate static var delay: Self {
        let duration = ValueForm<Duration>.duration(in: .seconds(1) ... .seconds(90 * 86_400))
        return Self(
            expected: "\(duration.expected), \"undo time\" or \"working hours\"",
            example: "\"2h\"",
            candidates: ["undo time", "working hours"]
        ) { value in
            switch value.string {
            case "undo time": .undoTime
            case "working hours": .workingTime
            default: duration.read(value).map(Restriction.Effect.delay)
            }
        }
    }
}

extension ValueForm where Value == String {
    /// A rule's name; those of built-in rules begin with a capital letter.
    static var ruleName: Self {
        line.map("a name that begins with a small letter or a digit") { name in
            guard let first = name.unicodeScalars.first, !first.properties.isUppercase else { return nil }
            return name
        }
    }
}
