internal import Base
internal import Campaigns

/// `channels.toml`: how notification mails of platforms and marketplaces are recognised; the file
/// may be missing.
struct ChannelsFile<Source: FileInspector> {
    let loader: FileLoader<Source>

    static var name: String { "channels.toml" }

    func read() -> ChannelSettings {
        var channels = ChannelSettings()
        guard var reader = loader.table(Self.name, defining: [.platform], isOptional: true) else { return channels }
        defer { reader.finish() }
        var owners: [DomainName: String] = [:]
        for (id, platform) in reader.namedTables("platforms") {
            var table = platform
            loader.catalogue.define(.platform, id.value, at: id.offset, table.reporter)
            if let platform = readPlatform(id.value, &table) { channels.platforms.append(platform) }
            refuseShared(id.value, table, &owners)
        }
        for (id, marketplace) in reader.namedTables("marketplaces") {
            var table = marketplace
            if let marketplace = readMarketplace(id.value, &table) { channels.marketplaces.append(marketplace) }
            refuseShared(id.value, table, &owners)
        }
        channels.formSenders = reader.list("form_senders", .address)
        return channels
    }

    private func readPlatform(_ id: String, _ table: inout TableReader) -> Platform? {
        defer { table.finish() }
        let name = table.required("name", .line)
        let domains = table.requiredList("sender_domains", .domain)
        let platform = Platform(
            id: PlatformID(id),
            name: name ?? id,
            aliases: table.list("aliases", .line),
            senderDomains: domains,
            profileHosts: table.list("profile_hosts", .domain),
            recognisers: readRecognisers(&table),
            needsPass: table.optional("needs_pass", .flag, default: true)
        )
        return name == nil ? nil : platform
    }

    private func readMarketplace(_ id: String, _ table: inout TableReader) -> Marketplace? {
        defer { table.finish() }
        let name = table.required("name", .line)
        let domains = table.requiredList("sender_domains", .domain)
        let marketplace = Marketplace(
            id: id,
            name: name ?? id,
            senderDomains: domains,
            recognisers: readRecognisers(&table),
            needsPass: table.optional("needs_pass", .flag, default: true)
        )
        return name == nil ? nil : marketplace
    }

    private func readRecognisers(_ table: inout TableReader) -> [Recogniser] {
        table.tables("recognisers").compactMap { reader in
            var reader = reader
            defer { reader.finish() }
            let kind = reader.required("kind", .choice) as NotificationKind?
            let subject = pattern(&reader, "subject")
            let body = pattern(&reader, "body")
            if !reader.has("subject"), !reader.has("body") {
                reader.report("the recogniser has no text; add subject = \"…\" or body = \"…\"", at: reader.offset)
            }
            guard let kind, subject != nil || body != nil else { return nil }
            let places = (subject?.places ?? []) + (body?.places ?? [])
            if kind.hasActor, !places.contains("handle") {
                reader.report(
                    "\"\(kind.rawValue)\" needs a place {handle} in subject or body; without it nobody is recognised",
                    at: reader.offset
                )
            }
            return Recogniser(kind: kind, subject: subject, body: body)
        }
    }

    private func pattern(_ reader: inout TableReader, _ key: String) -> TextPattern? {
        guard let text = reader.optional(key, .line) else { return nil }
        do {
            return try TextPattern(text)
        } catch {
            reader.report("\"\(key)\": \(error.explanation)", at: key)
            return nil
        }
    }

    /// A sender's domain names one platform or marketplace.
    private func refuseShared(_ id: String, _ table: TableReader, _ owners: inout [DomainName: String]) {
        guard case .array(let elements)? = table.table["sender_domains"]?.node.value else { return }
        for element in elements {
            guard let domain = ValueForm<DomainName>.domain.read(element.value),
                let other = owners.updateValue(id, forKey: domain), other != id
            else { continue }
            table.report("mail from \(domain) is that of \"\(other)\" as well; remove one", at: element.offset)
        }
    }
}

extension TextPattern.Fault {
    var explanation: String {
        switch self {
        case .openBrace: "a brace without its other half; places are written {handle}"
        case .badPlace(let name): "{\(name)} is no place; write small letters as in {handle}"
        case .placesTouch(let name): "{\(name)} stands right behind another place; put text between them"
        case .twice(let name): "{\(name)} stands there twice; give the second another name"
        case .noText: "a pattern of places alone fits every mail; add text"
        }
    }
}
