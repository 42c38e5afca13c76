/// Reads a table key by key, tells what is wrong, and in the end what was not asked for.
struct TableReader {
    /// A value with the place it was read at.
    struct Located<Value> {
        var value: Value
        var offset: Int
    }

    let table: TOMLTable
    /// Where the table is defined.
    let offset: Int
    let reporter: ProblemReporter
    private var known: [String] = []

    init(_ table: TOMLTable, at offset: Int, _ reporter: ProblemReporter) {
        self.table = table
        self.offset = offset
        self.reporter = reporter
    }

    func report(_ text: String, at offset: Int) { reporter.report(text, at: offset) }

    /// Says something about a key: at its value, or at the table where it is missing.
    func report(_ text: String, at key: String) { reporter.report(text, at: place(of: key)) }

    /// Where the value of a key stands, or the table.
    func place(of key: String) -> Int { table[key]?.node.offset ?? offset }

    func has(_ key: String) -> Bool { table[key] != nil }

    /// Takes a key for known without reading it.
    mutating func know(_ key: String) {
        if !known.contains(key) { known.append(key) }
    }

    private mutating func entry(_ key: String) -> TOMLTable.Entry? {
        know(key)
        return table[key]
    }

    // MARK: Values

    mutating func optional<Value>(_ key: String, _ form: ValueForm<Value>) -> Value? {
        entry(key).flatMap { read($0.node, form, named: key) }
    }

    mutating func optional<Value>(_ key: String, _ form: ValueForm<Value>, default value: Value) -> Value {
        optional(key, form) ?? value
    }

    mutating func required<Value>(_ key: String, _ form: ValueForm<Value>) -> Value? {
        guard let entry = entry(key) else {
            report("missing key \"\(key)\"; add \(key) = \(form.example)", at: offset)
            return nil
        }
        return read(entry.node, form, named: key)
    }

    /// The elements of an array that have the form; each value may stand there once.
    mutating func list<Value: Hashable>(_ key: String, _ form: ValueForm<Value>) -> [Value] {
        locatedList(key, form).map(\.value)
    }

    mutating func locatedList<Value: Hashable>(_ key: String, _ form: ValueForm<Value>) -> [Located<Value>] {
        guard let node = entry(key)?.node else { return [] }
        guard case .array(let elements) = node.value else {
            report("\"\(key)\" must be an array; write \(key) = [\(form.example)]", at: node.offset)
            return []
        }
        var result: [Located<Value>] = []
        var seen: Set<Value> = []
        for element in elements {
            guard let value = read(element, form, named: key, isElement: true) else { continue }
            if seen.insert(value).inserted {
                result.append(Located(value: value, offset: element.offset))
            } else {
                report("\(element.value.shown) stands twice in \"\(key)\"; remove one", at: element.offset)
            }
        }
        return result
    }

    /// As `list`, but at least one element.
    mutating func requiredList<Value: Hashable>(_ key: String, _ form: ValueForm<Value>) -> [Value] {
        guard let node = entry(key)?.node else {
            report("missing key \"\(key)\"; add \(key) = [\(form.example)]", at: offset)
            return []
        }
        if case .array(let elements) = node.value, elements.isEmpty {
            report("\"\(key)\" is empty; write \(key) = [\(form.example)]", at: node.offset)
        }
        return list(key, form)
    }

    /// A program with its arguments, in which a word may come again.
    mutating func command(_ key: String) -> [String]? {
        guard let node = entry(key)?.node else { return nil }
        guard case .array(let elements) = node.value, !elements.isEmpty else {
            report(
                "\"\(key)\" must be a program with its arguments; write \(key) = [\"PROGRAM\", \"ARGUMENT\"]",
                at: node.offset
            )
            return nil
        }
        let words = elements.compactMap { read($0, .line, named: key, isElement: true) }
        return words.count == elements.count ? words : nil
    }

    private func read<Value>(
        _ node: TOMLNode,
        _ form: ValueForm<Value>,
        named key: String,
        isElement: Bool = false
    ) -> Value? {
        if let value = form.read(node.value) { return value }
        report("\(isElement ? "an element of " : "")\"\(key)\" \(form.complaint(node.value))", at: node.offset)
        return nil
    }

    // MARK: Tables

    /// The table below a key.
    mutating func table(_ key: String) -> TableReader? {
        guard let node = entry(key)?.node else { return nil }
        return reader(node, named: key)
    }

    /// The elements of an array of tables.
    mutating func tables(_ key: String) -> [TableReader] {
        guard let node = entry(key)?.node else { return [] }
        guard case .array(let elements) = node.value else {
            report("\"\(key)\" must be an array of tables; write [[\(key)]]", at: node.offset)
            return []
        }
        return elements.compactMap { reader($0, named: key) }
    }

    /// The tables below a key by their ids, in the order of the file.
    mutating func namedTables(_ key: String) -> [(id: Located<String>, reader: TableReader)] {
        guard let outer = table(key) else { return [] }
        return outer.table.entries.compactMap { entry in
            guard ValueForm<String>.isIdentifier(entry.key) else {
                let form = ValueForm<String>.identifier
                report("\"\(entry.key)\" must be \(form.expected)", at: entry.keyOffset)
                return nil
            }
            guard let reader = reader(entry.node, named: entry.key) else { return nil }
            return (Located(value: entry.key, offset: entry.keyOffset), reader)
        }
    }

    /// All keys with values of one form: `{ managers = 1, legal = 2 }`.
    mutating func dictionary<Value>(_ key: String, _ form: ValueForm<Value>) -> [(key: Located<String>, value: Value)] {
        guard let outer = table(key) else { return [] }
        return outer.table.entries.compactMap { entry in
            read(entry.node, form, named: entry.key).map {
                (Located(value: entry.key, offset: entry.keyOffset), $0)
            }
        }
    }

    private func reader(_ node: TOMLNode, named key: String) -> TableReader? {
        guard case .table(let table) = node.value else {
            report("\"\(key)\" must be a table, not \(node.value.shown)", at: node.offset)
            return nil
        }
        return TableReader(table, at: node.offset, reporter)
    }

    // MARK: The end

    /// Tells of every key that was not asked for.
    func finish() {
        for entry in table.entries where !known.contains(entry.key) {
            let suggestion = Suggestion.text(for: entry.key, among: known.filter { !has($0) })
            let cure = suggestion.isEmpty ? "; known here: \(known.sorted().joined(separator: ", "))" : suggestion
            report("unknown key \"\(entry.key)\"\(cure)", at: entry.keyOffset)
        }
    }
}
