internal import Base
internal import Campaigns

private enum AccountKind: String, CaseIterable {
    case local
    case mirrored
    case approver
}

extension GatewayFile {
    /// `[accounts.NAME]`.
    func readAccounts(_ reader: inout TableReader) -> [AccountSettings] {
        var accounts: [AccountSettings] = []
        var owners: [Address: String] = [:]
        for (id, account) in reader.namedTables("accounts") {
            var table = account
            loader.catalogue.define(.account, id.value, at: id.offset, table.reporter)
            guard let settings = readAccount(id.value, &table) else { continue }
            for address in settings.addresses {
                guard let other = owners.updateValue(id.value, forKey: address), other != id.value else { continue }
                table.report("\(address) already belongs to the account \"\(other)\"", at: "addresses")
            }
            accounts.append(settings)
        }
        if !reader.has("accounts") {
            reader.report("there are no accounts; add [accounts.NAME] with kind and addresses", at: reader.offset)
        }
        return accounts
    }

    private func readAccount(_ name: String, _ table: inout TableReader) -> AccountSettings? {
        defer { table.finish() }
        let kind = table.required("kind", .choice) as AccountKind?
        let addresses = table.locatedList("addresses", .address).map { address in
            loader.requireOwn(address.value, at: address.offset, table.reporter)
            return address.value
        }
        if kind != .approver, !table.has("addresses") {
            table.report("missing key \"addresses\"; add addresses = [\"hello@brand.example\"]", at: table.offset)
        }
        let ownership = readOwnership(&table)
        let authservID = table.optional("authserv_id", .hostName)
        let since = table.optional("since", .date)
        let seen = table.optional("seen", .choice, default: AccountSettings.SeenState.each)
        let quota = AccountSettings.Quota(
            storage: table.optional("quota", .size(in: 1024 * 1024...Int.max / 2)),
            messages: table.optional("quota_messages", .integer(in: 1...Int(UInt32.max)))
        )
        var server: RemoteServer?
        if var upstream = table.table("upstream") {
            server = readServer(&upstream, isLoginRequired: true, defaultPort: 993)
            if let kind, kind != .mirrored {
                table.report("\"upstream\" is for kind = \"mirrored\"; remove it or change the kind", at: "upstream")
            }
        } else if kind == .mirrored {
            table.report("missing table \"upstream\"; add host, user and secret of the IMAP server", at: table.offset)
        }
        guard let kind, let ownership else { return nil }
        let settled: AccountSettings.Kind
        switch kind {
        case .local: settled = .local
        case .approver: settled = .approver
        case .mirrored:
            guard let server else { return nil }
            settled = .mirrored(server)
        }
        return AccountSettings(
            name: name,
            kind: settled,
            ownership: ownership,
            addresses: addresses,
            authservID: authservID,
            since: since?.timestamp,
            seen: seen,
            quota: quota
        )
    }

    private func readOwnership(_ table: inout TableReader) -> AccountSettings.Ownership? {
        let isShared = table.optional("shared", .flag)
        let owner = table.optional("owner", .identifier)
        if let owner { loader.catalogue.refer(to: .member, owner, at: table.place(of: "owner"), table.reporter) }
        switch (isShared, owner) {
        case (true, nil): return .shared
        case (nil, let owner?), (false, let owner?): return .personal(owner: MemberID(owner))
        case (true, _?):
            table.report("an account is shared or has an owner; remove one of the two keys", at: "owner")
        case (nil, nil), (false, nil):
            table.report("say whose account it is; add shared = true or owner = \"MEMBER\"", at: table.offset)
        }
        return nil
    }
}

extension FileLoader {
    /// Mail from an address outside the brand's domains would be taken for inbound (MATCHING §2).
    func requireOwn(_ address: Address, at offset: Int, _ reporter: ProblemReporter) {
        afterwards { known in
            guard let domains = known.gateway?.domains, !domains.contains(DomainName(address.domain)) else { return }
            reporter.report(
                "\(address) is at none of the brand's domains; add \(address.domain) to \"domains\" in greenroom.toml",
                at: offset
            )
        }
    }
}
