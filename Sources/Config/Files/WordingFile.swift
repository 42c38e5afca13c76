internal import Base
internal import Policy

/// `wording.toml`: approved wording that mail has to use as it stands (C83, D14).
struct WordingFile<Source: FileInspector> {
    let loader: FileLoader<Source>

    static var name: String { "wording.toml" }

    func read() -> [Clause] {
        guard var reader = loader.table(Self.name, defining: [.clause], isOptional: true) else { return [] }
        defer { reader.finish() }
        let tables = reader.namedTables("clauses")
        if tables.count > Limits.wordings {
            reader.report("there are more than \(Limits.wordings) clauses", at: "clauses")
        }
        return tables.prefix(Limits.wordings).compactMap { id, table in
            loader.catalogue.define(.clause, id.value, at: id.offset, table.reporter)
            return clause(id.value, table)
        }
    }

    private func clause(_ id: String, _ table: TableReader) -> Clause? {
        var table = table
        defer { table.finish() }
        let kind = table.required("kind", .choice) as Clause.Kind?
        let version = table.required("version", .line)
        let text = table.required("text", .wording)
        guard let kind, let version, let text else { return nil }
        return Clause(id: id, kind: kind, version: version, text: text)
    }
}

extension ValueForm where Value == String {
    /// A text of at least one word, as long as mail may have to hold it.
    static var wording: Self {
        text.map("a text with words in it, of at most \(Sizes.text(Limits.wordingText))") { text in
            let hasWords = text.unicodeScalars.contains {
                $0.properties.isAlphabetic || $0.properties.numericType != nil
            }
            return hasWords && text.utf8.count <= Limits.wordingText ? text : nil
        }
    }

    /// A word or phrase to be looked for.
    static var phrase: Self {
        line.map("a word or phrase with a letter or digit in it") { text in
            let hasWords = text.unicodeScalars.contains {
                $0.properties.isAlphabetic || $0.properties.numericType != nil
            }
            return hasWords ? text : nil
        }
    }
}
