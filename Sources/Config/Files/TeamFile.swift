internal import Base
internal import Campaigns
internal import SASL

private enum ScopeName: String, CaseIterable {
    case read
    case send
    case approve

    var scope: Member.Scopes {
        switch self {
        case .read: .read
        case .send: .send
        case .approve: .approve
        }
    }
}

/// `team.toml`.
struct TeamFile<Source: FileInspector> {
    let loader: FileLoader<Source>

    static var name: String { "team.toml" }

    func read() -> Team? {
        guard var reader = loader.table(Self.name, defining: [.member, .group]) else { return nil }
        defer { reader.finish() }
        var team = Team(members: [], groups: [], successors: [:])
        for (id, group) in reader.namedTables("groups") {
            var table = group
            loader.catalogue.define(.group, id.value, at: id.offset, table.reporter)
            team.groups.append(Team.Group(id: id.value, name: table.optional("name", .line, default: id.value)))
            table.finish()
        }
        for (id, member) in reader.namedTables("members") {
            var table = member
            loader.catalogue.define(.member, id.value, at: id.offset, table.reporter)
            if let member = readMember(id.value, &table) { team.members.append(member) }
        }
        if !reader.has("members") {
            reader.report("there are no members; add [members.ID] with name and addresses", at: reader.offset)
        }
        for (former, successor) in reader.dictionary("successors", .identifier) {
            let place = reader.table["successors"]?.node.value
            let offset = place?.offset(of: former.value) ?? former.offset
            loader.catalogue.refer(to: .member, successor, at: offset, reader.reporter)
            if team.member(MemberID(former.value)) != nil {
                reader.report("\"\(former.value)\" is a member and needs no successor; remove one", at: former.offset)
            }
            team.successors[MemberID(former.value)] = MemberID(successor)
        }
        refuseShared(team.members, reader)
        return team
    }

    /// Addresses and uids say who somebody is, so that no two members can have the same.
    private func refuseShared(_ members: [Member], _ reader: TableReader) {
        var addresses: [Address: MemberID] = [:]
        var users: [UInt32: MemberID] = [:]
        for member in members {
            let offset = reader.table["members"]?.node.value.offset(of: member.id.rawValue) ?? reader.offset
            for address in member.addresses {
                guard let other = addresses.updateValue(member.id, forKey: address) else { continue }
                reader.report("\(address) is the address of \"\(other)\" as well; remove one", at: offset)
            }
            if let user = member.unixUser, let other = users.updateValue(member.id, forKey: user) {
                reader.report("\"unix_user\" \(user) is \"\(other)\" as well; remove one", at: offset)
            }
        }
    }

    /// A delegate who cannot decide would leave mail waiting for nobody.
    private func refuseIdleDelegate(_ id: MemberID, of member: String, at offset: Int, _ reporter: ProblemReporter) {
        guard id.rawValue != member else {
            return reporter.report("\"\(member)\" cannot be their own delegate; name a colleague", at: offset)
        }
        loader.afterwards { known in
            guard let delegate = known.team?.member(id) else { return }
            if delegate.absence != nil {
                reporter.report("the delegate \"\(id)\" is away as well; name somebody who is there", at: offset)
            } else if !delegate.devices.contains(where: { $0.scopes.contains(.approve) }) {
                reporter.report(
                    "the delegate \"\(id)\" cannot decide;"
                        + " give them a device with the scope \"approve\" or name somebody else",
                    at: offset
                )
            }
        }
    }

    /// `{ until = 2026-12-01, delegate = "ben" }`.
    private func readAbsence(of member: String, _ table: inout TableReader) -> Member.Absence? {
        guard var reader = table.table("away") else { return nil }
        defer { reader.finish() }
        let until = reader.required("until", .date)
        let delegate = reader.required("delegate", .identifier)
        if let delegate {
            let offset = reader.place(of: "delegate")
            loader.catalogue.refer(to: .member, delegate, at: offset, reader.reporter)
            refuseIdleDelegate(MemberID(delegate), of: member, at: offset, reader.reporter)
        }
        guard let until, let delegate else { return nil }
        return Member.Absence(until: until.timestamp, delegate: MemberID(delegate))
    }

    private func readMember(_ id: String, _ table: inout TableReader) -> Member? {
        defer { table.finish() }
        let name = table.required("name", .line)
        let addresses = table.requiredList("addresses", .address)
        let groups = references(&table, "groups", .group)
        let language = table.optional("language", .language, default: "en")
        let accounts = grants(&table, "accounts", .account)
        let campaigns = grants(&table, "campaigns", .campaign)
        let fields = table.list("fields", .choice) as [Member.FieldGroup]
        let sendsAs = table.locatedList("sends_as", .address).map { address in
            loader.requireOwn(address.value, at: address.offset, table.reporter)
            return address.value
        }
        let follows = references(&table, "follows", .campaign)
        let user = table.optional("unix_user", ValueForm<Int>.integer(in: 0...Int(UInt32.max) - 1))
        let devices = readDevices(&table)
        let absence = readAbsence(of: id, &table)
        guard let name else { return nil }
        return Member(
            id: MemberID(id),
            name: name,
            addresses: addresses,
            groups: groups,
            language: language,
            accounts: accounts.compactMap { grant in
                grant.id.map { Member.AccountGrant(account: $0, access: grant.access) }
            },
            campaigns: campaigns.map {
                Member.CampaignGrant(campaign: $0.id.map { CampaignID($0) }, access: $0.access)
            },
            fields: Set(fields),
            sendsAs: addresses + sendsAs.filter { !addresses.contains($0) },
            follows: follows.map { CampaignID($0) },
            devices: devices,
            unixUser: user.flatMap { UInt32(exactly: $0) },
            absence: absence
        )
    }

    /// Ids of things that are defined elsewhere.
    private func references(_ table: inout TableReader, _ key: String, _ kind: Catalogue.Kind) -> [String] {
        table.locatedList(key, .identifier).map { id in
            loader.catalogue.refer(to: kind, id.value, at: id.offset, table.reporter)
            return id.value
        }
    }

    /// `["team"]` to write in, or `{ team = "read" }`; the campaign `*` is all of them.
    private func grants(
        _ table: inout TableReader,
        _ key: String,
        _ kind: Catalogue.Kind
    ) -> [(id: String?, access: Member.Access)] {
        let form: ValueForm<String> = kind == .campaign ? .identifierOrAll : .identifier
        var granted: [(id: TableReader.Located<String>, access: Member.Access)] = []
        if case .table = table.table[key]?.node.value {
            for (id, access) in table.dictionary(key, .choice) as [(TableReader.Located<String>, Member.Access)] {
                guard form.read(.string(id.value)) != nil else {
                    table.report("\"\(id.value)\" must be \(form.expected)", at: id.offset)
                    continue
                }
                granted.append((id, access))
            }
        } else {
            granted = table.locatedList(key, form).map { ($0, .write) }
        }
        return granted.map { id, access in
            guard id.value != "*" else { return (nil, access) }
            loader.catalogue.refer(to: kind, id.value, at: id.offset, table.reporter)
            return (id.value, access)
        }
    }

    // MARK: Devices

    /// A published password opens what nobody outside this machine can reach, or nothing.
    private func refuseSampleOutside(_ reader: TableReader) {
        loader.afterwards { known in
            guard let listeners = known.gateway?.listeners,
                let open = listeners.first(where: { $0.service.hasLogin && !$0.place.isLocal })
            else { return }
            reader.report(
                "a sample password works on loopback only, but \(open.service.rawValue) listens on \(open.place);"
                    + " make a new one with \"greenroom password\"",
                at: "sample"
            )
        }
    }

    private func readDevices(_ table: inout TableReader) -> [Member.Device] {
        var devices: [Member.Device] = []
        var first: (parameters: ScramCredential.Parameters, offset: Int)?
        for var reader in table.tables("devices") {
            defer { reader.finish() }
            let label = reader.required("label", .line)
            let scopes = reader.requiredList("scopes", .choice) as [ScopeName]
            let credential = reader.required("password", .scram)
            let isSample = reader.optional("sample", .flag, default: false)
            if isSample { refuseSampleOutside(reader) }
            guard let label, let credential else { continue }
            if devices.contains(where: { $0.label == label }) {
                reader.report("there is another device \"\(label)\"; labels tell devices apart", at: "label")
            }
            if let first, first.parameters != credential.parameters {
                let place = reader.reporter.place(first.offset)
                reader.report(
                    "salt and count differ from those at \(place); a member has one for all devices"
                        + " (make the password with \"greenroom password\")",
                    at: "password"
                )
            }
            first = first ?? (credential.parameters, reader.place(of: "password"))
            devices.append(
                Member.Device(
                    label: label,
                    scopes: scopes.reduce(into: []) { $0.insert($1.scope) },
                    credential: credential,
                    isSample: isSample
                )
            )
        }
        return devices
    }
}

extension TOMLValue {
    /// Where the value of a key of a table stands.
    func offset(of key: String) -> Int? {
        guard case .table(let table) = self else { return nil }
        return table[key]?.node.offset
    }
}

extension ValueForm where Value == String {
    static var identifierOrAll: Self {
        Self(expected: "a campaign's id or \"*\" for all", example: "\"*\"") { value in
            value.string == "*" ? "*" : identifier.read(value)
        }
    }
}

extension ValueForm where Value == ScramCredential {
    /// A stored password: `SCRAM-SHA-256$4096:<salt>$<StoredKey>:<ServerKey>` (RFC 5803 §2).
    static var scram: Self {
        Self(
            expected: "what \"greenroom password\" prints (SCRAM-SHA-256$…), never the password itself",
            example: "\"SCRAM-SHA-256$…\"",
            isPrivate: true
        ) { value in
            value.string.flatMap { ScramCredential($0) }.flatMap { isStrong($0) ? $0 : nil }
        }
    }

    /// The least that RFC 7677 §4 allows, and a salt that nobody has tables for.
    private static func isStrong(_ credential: ScramCredential) -> Bool {
        credential.parameters.iterations >= ScramCredential.defaultIterations && credential.parameters.salt.count >= 12
    }
}
