internal import Base
internal import Campaigns

/// `creators.csv`: the roster, as a spreadsheet exports it.
///
/// Beside the fixed columns every platform of `channels.toml` has one with its key as the name,
/// for the creators' handles there.
struct CreatorsFile<Source: FileInspector> {
    let loader: FileLoader<Source>
    /// The platforms' keys, `nil` where `channels.toml` could not be read.
    let platforms: [String]?

    static var name: String { "creators.csv" }

    private static var columns: [String] {
        [
            "id", "name", "other_names", "addresses", "agency", "languages", "country", "time_zone", "do_not_contact",
            "note",
        ]
    }

    func read() -> [Creator] {
        let limit = (Limits.rosterFile, "take out the columns that nobody needs")
        guard let text = loader.text(Self.name, isOptional: false, limit: limit) else {
            loader.catalogue.excuse([.creator])
            return []
        }
        let reporter = loader.reporter(text)
        guard let table = CSVReader.read(text, into: reporter) else {
            loader.catalogue.excuse([.creator])
            return []
        }
        guard checkHeader(table.header, reporter) else {
            loader.catalogue.excuse([.creator])
            return []
        }
        let platforms = handleColumns(table.header)
        var owners = Owners()
        return table.rows.compactMap { row in
            let record = CreatorRecord(row: row, header: table.header, reporter: reporter, catalogue: loader.catalogue)
            let creator = record.creator(platforms: platforms)
            if let creator { owners.take(creator, record) }
            return creator
        }
    }

    private func handleColumns(_ header: [CSVTable.Field]) -> [String] {
        header.map { $0.text.lowercased() }.filter { !Self.columns.contains($0) }
    }

    private func checkHeader(_ header: [CSVTable.Field], _ reporter: ProblemReporter) -> Bool {
        var seen: Set<String> = []
        let known = Self.columns + (platforms ?? [])
        for field in header {
            let name = field.text.lowercased()
            if !seen.insert(name).inserted {
                reporter.report("the column \"\(name)\" is there twice; remove one", at: field.offset)
            } else if platforms != nil, !known.contains(name) {
                let suggestion = Suggestion.text(for: name, among: known)
                let cure = suggestion.isEmpty ? "; known: \(known.joined(separator: ", "))" : suggestion
                reporter.report("unknown column \"\(name)\"\(cure)", at: field.offset)
            }
        }
        let missing = ["id", "name"].filter { !seen.contains($0) }
        for name in missing {
            reporter.report("the column \"\(name)\" is missing; add it", at: header.first?.offset ?? 0)
        }
        return missing.isEmpty
    }

    /// Addresses and handles decide whose a message is, so that no two creators can have the same.
    private struct Owners {
        private var addresses: [AddressKey: CreatorID] = [:]
        private var handles: [Handle: CreatorID] = [:]

        mutating func take(_ creator: Creator, _ record: CreatorRecord) {
            for address in creator.addresses {
                guard let other = addresses.updateValue(creator.id, forKey: address.key) else { continue }
                let text =
                    other == creator.id
                    ? "\(address) stands twice in the record; remove one"
                    : "\(address) is an address of \"\(other)\" as well; an agency's belongs into agencies.toml"
                record.report(text, at: "addresses")
            }
            for handle in creator.handles {
                guard let other = handles.updateValue(creator.id, forKey: handle) else { continue }
                record.report("\(handle) is a handle of \"\(other)\" as well; remove one", at: handle.platform.rawValue)
            }
        }
    }
}

/// One row of the roster.
private struct CreatorRecord {
    let row: CSVTable.Row
    let header: [CSVTable.Field]
    let reporter: ProblemReporter
    let catalogue: Catalogue

    func creator(platforms: [String]) -> Creator? {
        guard let id = field("id"), !id.isEmpty else {
            report("the creator has no id; give every row one that never changes", at: "id")
            return nil
        }
        guard ValueForm<String>.isIdentifier(id) else {
            report("\"id\" must be \(ValueForm<String>.identifier.expected), not \"\(Log.printable(id))\"", at: "id")
            return nil
        }
        catalogue.define(.creator, id, at: place("id"), reporter)
        guard let name = field("name"), !name.isEmpty else {
            report("the creator has no name", at: "name")
            return nil
        }
        checkMarks("name")
        checkMarks("other_names")
        let agency = field("agency").flatMap { $0.isEmpty ? nil : $0 }
        if let agency { catalogue.refer(to: .agency, agency, at: place("agency"), reporter) }
        return Creator(
            id: CreatorID(id),
            name: name,
            otherNames: values("other_names", separatedBy: ";|"),
            addresses: values("addresses", .address),
            handles: platforms.flatMap { platform in
                handles(platform).map { Handle($0, on: PlatformID(platform)) }
            },
            agency: agency.map { AgencyID($0) },
            languages: values("languages", .language),
            country: country(),
            timeZone: timeZone(),
            preferences: ContactPreferences(isClosed: isClosed(), note: field("note") ?? "")
        )
    }

    func report(_ text: @autoclosure () -> String, at column: String) { reporter.report(text(), at: place(column)) }

    /// A name stands in subjects, folders and cards: it may not look there like another one, or
    /// like a field of its own.
    private func checkMarks(_ column: String) {
        for scalar in (field(column) ?? "").unicodeScalars {
            switch scalar.value {
            case 0x0A, 0x0D, 0x85, 0x2028, 0x2029:
                return report("\"\(column)\" holds a line break; write it on one line", at: column)
            case 0x202A...0x202E, 0x2066...0x2069:
                let mark = "U+" + String(scalar.value, radix: 16).uppercased()
                return report(
                    "\"\(column)\" holds the mark \(mark), which changes the order of letters; remove it",
                    at: column
                )
            default: break
            }
        }
    }

    // MARK: Fields

    private func index(_ column: String) -> Int? {
        header.firstIndex { ASCII.equalsIgnoringCase($0.text, column) }
    }

    private func field(_ column: String) -> String? { index(column).map { row.fields[$0].text } }

    private func place(_ column: String) -> Int { index(column).map { row.fields[$0].offset } ?? row.offset }

    /// Several values in one field, whatever the table's delimiter is.
    private func values(_ column: String, separatedBy separators: String = " ,;|\t\r\n") -> [String] {
        (field(column) ?? "").split { separators.contains($0) }.map { ASCII.trimmed($0) }.filter { !$0.isEmpty }
    }

    private func values<Value>(_ column: String, _ form: ValueForm<Value>) -> [Value] {
        values(column).compactMap { text in
            if let value = form.read(.string(text)) { return value }
            report("\"\(column)\" must hold \(form.expected), not \(TOMLValue.string(text).shown)", at: column)
            return nil
        }
    }

    private func handles(_ platform: String) -> [String] {
        values(platform).compactMap { text in
            let name = text.hasPrefix("@") ? text.dropFirst() : text[...]
            let isPlain = name.unicodeScalars.allSatisfy {
                $0.properties.isAlphabetic || $0.properties.numericType != nil || "._-".unicodeScalars.contains($0)
            }
            if isPlain, !name.isEmpty { return String(name) }
            report(
                "\"\(platform)\" must hold handles such as \"@lumi.skin\", not \(TOMLValue.string(text).shown)",
                at: platform
            )
            return nil
        }
    }

    private func country() -> String? {
        guard let text = field("country"), !text.isEmpty else { return nil }
        guard text.utf8.count == 2, text.utf8.allSatisfy({ ASCII.isLetter($0) }) else {
            report("\"country\" must be two letters such as \"DE\", not \(TOMLValue.string(text).shown)", at: "country")
            return nil
        }
        return ASCII.uppercased(text)
    }

    private func timeZone() -> String? {
        guard let text = field("time_zone"), !text.isEmpty else { return nil }
        let isName = text.utf8.allSatisfy { ASCII.isLetter($0) || ASCII.isDigit($0) || "/_+-".utf8.contains($0) }
        guard isName else {
            report(
                "\"time_zone\" must be a name such as \"Europe/Berlin\", not \(TOMLValue.string(text).shown)",
                at: "time_zone"
            )
            return nil
        }
        return text
    }

    private func isClosed() -> Bool {
        switch (field("do_not_contact") ?? "").lowercased() {
        case "", "no", "false", "0": return false
        case "yes", "true", "1", "x": return true
        default:
            report("\"do_not_contact\" must be yes or no", at: "do_not_contact")
            return true
        }
    }
}
