internal import Base
internal import Campaigns

/// One file of `campaigns/`; its name is the campaign's id.
struct CampaignFile<Source: FileInspector> {
    let loader: FileLoader<Source>
    /// The house's; a campaign may have another.
    let calendar: WorkCalendar

    static var folder: String { "campaigns" }

    func readAll() -> [Campaign] {
        loader.names(in: Self.folder).compactMap { read($0) }
    }

    private func read(_ id: String) -> Campaign? {
        let name = "\(Self.folder)/\(id).toml"
        guard ValueForm<String>.isIdentifier(id) else {
            loader.report(name, "the file's name must be \(ValueForm<String>.identifier.expected)")
            loader.catalogue.excuse([.campaign])
            return nil
        }
        guard var reader = loader.table(name, defining: [.campaign]) else { return nil }
        defer { reader.finish() }
        loader.catalogue.define(.campaign, id, at: reader.offset, reader.reporter)
        let title = reader.required("name", .line)
        let status = reader.required("status", .choice) as CampaignStatus?
        let starts = reader.optional("starts", .date)
        let ends = reader.optional("ends", .date)
        if let starts, let ends, ends.timestamp < starts.timestamp {
            reader.report("\"ends\" is before \"starts\"", at: "ends")
        }
        let guards = reference(&reader, "guarded_by", .group)
        let assignee = reference(&reader, "assignee", .member)
        let followers = reader.locatedList("followers", .identifier)
        for follower in followers {
            loader.catalogue.refer(to: .member, follower.value, at: follower.offset, reader.reporter)
        }
        if let title { claim(.campaignName, title, at: reader.place(of: "name"), reader) }
        var campaign = Campaign(
            id: CampaignID(id),
            name: title ?? id,
            brand: reader.optional("brand", .line, default: ""),
            status: status ?? .paused,
            aliases: signals(&reader, "aliases", .line, .campaignName),
            subjectTags: signals(&reader, "subject_tags", .signal, .subjectTag),
            plusTokens: signals(&reader, "plus_tokens", .signal, .plusToken),
            starts: starts,
            ends: ends,
            ceiling: reader.optional("ceiling", .money),
            usageTerms: reader.optional("usage_terms", .text, default: ""),
            approvedTerms: TermsTable.read(&reader) ?? ApprovedTerms(),
            templates: templates(&reader),
            calendar: CalendarTable(loader: loader).read(&reader, over: calendar),
            languages: reader.list("languages", .language),
            followers: followers.map { MemberID($0.value) },
            guardingGroup: guards,
            assignee: assignee.map { MemberID($0) }
        )
        for (creator, table) in reader.namedTables("creators") {
            campaign.members.append(membership(creator, table))
        }
        return title == nil || status == nil ? nil : campaign
    }

    /// Signals decide which campaign a message belongs to, so that no two campaigns can have the same.
    private func signals(
        _ reader: inout TableReader,
        _ key: String,
        _ form: ValueForm<String>,
        _ kind: Catalogue.Kind
    ) -> [String] {
        reader.locatedList(key, form).map { signal in
            claim(kind, signal.value, at: signal.offset, reader)
            return signal.value
        }
    }

    private func claim(_ kind: Catalogue.Kind, _ text: String, at offset: Int, _ reader: TableReader) {
        loader.catalogue.define(kind, text.lowercased(), at: offset, reader.reporter)
    }

    private func membership(_ creator: TableReader.Located<String>, _ table: TableReader) -> Membership {
        var table = table
        defer { table.finish() }
        loader.catalogue.refer(to: .creator, creator.value, at: creator.offset, table.reporter)
        return Membership(
            creator: CreatorID(creator.value),
            startingStage: table.optional("stage", .choice, default: .contacted),
            agreedRate: table.optional("agreed_rate", .money),
            approvedTerms: TermsTable.read(&table)
        )
    }

    private func templates(_ reader: inout TableReader) -> [MailTemplate] {
        let tables = reader.namedTables("templates")
        if tables.count > Limits.wordings {
            reader.report("there are more than \(Limits.wordings) templates", at: "templates")
        }
        return tables.prefix(Limits.wordings).compactMap { id, table in
            var table = table
            defer { table.finish() }
            loader.catalogue.define(.template, id.value, at: id.offset, table.reporter)
            let subject = table.optional("subject", .line)
            guard let text = table.required("text", .wording) else { return nil }
            if let template = MailTemplate(id: TemplateID(id.value), subject: subject, text: text) { return template }
            let places = MailTemplate.Place.allCases.map { "{\($0.rawValue)}" }.joined(separator: ", ")
            table.report("a template may have the places \(places) and no other braces", at: "text")
            return nil
        }
    }

    private func reference(_ reader: inout TableReader, _ key: String, _ kind: Catalogue.Kind) -> String? {
        guard let id = reader.optional(key, .identifier) else { return nil }
        loader.catalogue.refer(to: kind, id, at: reader.place(of: key), reader.reporter)
        return id
    }
}

extension ValueForm where Value == String {
    /// A plus token or a subject tag: one word.
    static var signal: Self {
        Self(expected: "one word of letters, digits, \"-\", \"_\" and \".\"", example: "\"spring26\"") { value in
            guard let text = value.string, !text.isEmpty, text.utf8.count <= 64 else { return nil }
            let isPlain = text.unicodeScalars.allSatisfy {
                $0.properties.isAlphabetic || $0.properties.numericType != nil || "._-".unicodeScalars.contains($0)
            }
            return isPlain ? text : nil
        }
    }
}
