internal import Base

/// The document while it is read: tables by number, so that a header far below can add to one.
struct TOMLTree {
    /// A part of a dotted key.
    struct Key {
        var text: String
        var offset: Int
    }

    /// How a table came to be, which decides who may add to it.
    private enum Origin: Equatable {
        /// Named on the way to another one by a header.
        case implied
        case header
        /// Named by dotted keys that stand in the table of this number.
        case keys(owner: Int)
        case inline
    }

    fileprivate enum Content {
        case value(TOMLValue)
        case array([Content], offsets: [Int])
        case table(Int)
        /// An array of tables by its number.
        case tables(Int)
    }

    private struct Entry {
        var key: Key
        var offset: Int
        var content: Content
    }

    private struct Table {
        var origin: Origin
        var depth: Int
        /// Where the table is defined.
        var offset: Int
        var entries: [Entry] = []
        var index: [String: Int] = [:]
    }

    /// A value that has been read and not yet set.
    struct Value {
        fileprivate var content: Content
        fileprivate var offset: Int
    }

    static let root = 0
    private let source: SourceText
    private var tables: [Table]
    private var arrays: [[Int]] = []

    init(_ source: SourceText) {
        self.source = source
        tables = [Table(origin: .header, depth: 0, offset: source.start)]
    }

    // MARK: Values

    static func value(_ value: TOMLValue, at offset: Int) -> Value { Value(content: .value(value), offset: offset) }

    static func array(_ elements: [Value], at offset: Int) -> Value {
        Value(content: .array(elements.map(\.content), offsets: elements.map(\.offset)), offset: offset)
    }

    /// A table without a name, for an inline table or for keys below a faulty header.
    mutating func makeTable(at offset: Int, depth: Int) -> Int {
        add(.header, depth: depth, offset: offset)
    }

    /// Ends an inline table: nothing is ever added to it again.
    mutating func close(_ table: Int, at offset: Int) -> Value {
        tables[table].origin = .inline
        return Value(content: .table(table), offset: offset)
    }

    private mutating func add(_ origin: Origin, depth: Int, offset: Int) -> Int {
        tables.append(Table(origin: origin, depth: depth, offset: offset))
        return tables.count - 1
    }

    // MARK: Headers

    /// The table of a header `[keys]` or `[[keys]]`.
    mutating func open(_ keys: [Key], isArray: Bool) throws(TOMLSyntaxError) -> Int {
        var table = Self.root
        for key in keys.dropLast() { table = try step(to: key, in: table) }
        guard let last = keys.last else { return table }
        guard let position = tables[table].index[last.text] else {
            let opened = add(.header, depth: try depth(below: table, last), offset: last.offset)
            if isArray { arrays.append([opened]) }
            set(isArray ? .tables(arrays.count - 1) : .table(opened), at: last.offset, for: last, in: table)
            return opened
        }
        let entry = tables[table].entries[position]
        switch entry.content {
        case .table(let existing) where !isArray:
            guard tables[existing].origin == .implied else { throw twice(last, existing) }
            tables[existing].origin = .header
            tables[existing].offset = last.offset
            return existing
        case .tables(let number) where isArray:
            let opened = add(.header, depth: try depth(below: table, last), offset: last.offset)
            arrays[number].append(opened)
            return opened
        case .table, .tables:
            throw mixed(last, entry)
        case .array:
            throw isArray ? mixed(last, entry) : notATable(last, entry)
        case .value:
            throw notATable(last, entry)
        }
    }

    private mutating func step(to key: Key, in table: Int) throws(TOMLSyntaxError) -> Int {
        guard let position = tables[table].index[key.text] else {
            let made = add(.implied, depth: try depth(below: table, key), offset: key.offset)
            set(.table(made), at: key.offset, for: key, in: table)
            return made
        }
        let entry = tables[table].entries[position]
        switch entry.content {
        case .table(let existing):
            guard tables[existing].origin != .inline else { throw closed(key, entry) }
            return existing
        case .tables(let number):
            guard let last = arrays[number].last else { throw notATable(key, entry) }
            return last
        case .value, .array:
            throw notATable(key, entry)
        }
    }

    // MARK: Keys

    /// Sets `keys = value` in the table.
    mutating func insert(_ value: Value, for keys: [Key], in table: Int) throws(TOMLSyntaxError) {
        var table = table
        let owner = table
        for key in keys.dropLast() { table = try stepByKey(to: key, in: table, owner: owner) }
        guard let last = keys.last else { return }
        if let position = tables[table].index[last.text] {
            let first = place(tables[table].entries[position].key.offset)
            throw error(.duplicate(key: last.text, first: first), last)
        }
        set(value.content, at: value.offset, for: last, in: table)
    }

    private mutating func stepByKey(to key: Key, in table: Int, owner: Int) throws(TOMLSyntaxError) -> Int {
        guard let position = tables[table].index[key.text] else {
            let made = add(.keys(owner: owner), depth: try depth(below: table, key), offset: key.offset)
            set(.table(made), at: key.offset, for: key, in: table)
            return made
        }
        let entry = tables[table].entries[position]
        guard case .table(let existing) = entry.content else { throw notATable(key, entry) }
        switch tables[existing].origin {
        case .implied:
            tables[existing].origin = .keys(owner: owner)
            return existing
        case .keys(owner: owner):
            return existing
        case .keys, .header:
            throw twice(key, existing)
        case .inline:
            throw closed(key, entry)
        }
    }

    private mutating func set(_ content: Content, at offset: Int, for key: Key, in table: Int) {
        tables[table].index[key.text] = tables[table].entries.count
        tables[table].entries.append(Entry(key: key, offset: offset, content: content))
    }

    // MARK: Errors

    private func depth(below table: Int, _ key: Key) throws(TOMLSyntaxError) -> Int {
        let depth = tables[table].depth + 1
        guard depth <= Limits.configurationNesting else { throw error(.tooDeep(Limits.configurationNesting), key) }
        return depth
    }

    func depth(of table: Int) -> Int { tables[table].depth }

    private func place(_ offset: Int) -> String { source.position(at: offset).description }

    private func error(_ fault: TOMLSyntaxError.Fault, _ key: Key) -> TOMLSyntaxError {
        TOMLSyntaxError(fault: fault, offset: key.offset)
    }

    private func twice(_ key: Key, _ table: Int) -> TOMLSyntaxError {
        error(.tableTwice(key: key.text, first: place(tables[table].offset)), key)
    }

    private func closed(_ key: Key, _ entry: Entry) -> TOMLSyntaxError {
        error(.closedTable(key: key.text, first: place(entry.key.offset)), key)
    }

    private func mixed(_ key: Key, _ entry: Entry) -> TOMLSyntaxError {
        let type = entry.content.typeName
        return error(.notAnArrayOfTables(key: key.text, type: type, first: place(entry.key.offset)), key)
    }

    private func notATable(_ key: Key, _ entry: Entry) -> TOMLSyntaxError {
        let type = entry.content.typeName
        return error(.notATable(key: key.text, type: type, first: place(entry.key.offset)), key)
    }

    // MARK: The finished document

    /// The whole document as values.
    func finished() -> TOMLTable { finished(Self.root) }

    private func finished(_ table: Int) -> TOMLTable {
        var result = TOMLTable()
        for entry in tables[table].entries {
            let node = finished(entry.content, at: entry.offset)
            result.append(TOMLTable.Entry(key: entry.key.text, keyOffset: entry.key.offset, node: node))
        }
        return result
    }

    private func finished(_ content: Content, at offset: Int) -> TOMLNode {
        switch content {
        case .value(let value):
            TOMLNode(offset: offset, value: value)
        case .array(let elements, let offsets):
            TOMLNode(
                offset: offset,
                value: .array(zip(elements, offsets).map { finished($0, at: $1) })
            )
        case .table(let number):
            TOMLNode(offset: offset, value: .table(finished(number)))
        case .tables(let number):
            TOMLNode(
                offset: offset,
                value: .array(arrays[number].map { TOMLNode(offset: tables[$0].offset, value: .table(finished($0))) })
            )
        }
    }
}

extension TOMLTree.Content {
    fileprivate var typeName: String {
        switch self {
        case .value(let value): value.typeName
        case .array: "an array"
        case .table: "a table"
        case .tables: "an array of tables"
        }
    }
}
