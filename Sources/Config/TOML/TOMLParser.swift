internal import Base

/// Reads TOML 1.0.0 (https://toml.io/en/v1.0.0).
///
/// After a fault it goes on with the next line that can begin a statement, so that an admin sees
/// more than one at a time.
package enum TOML {
    /// The document's root table, or everything that is wrong with its syntax.
    static func parse(_ source: SourceText, into reporter: ProblemReporter) -> TOMLTable? {
        guard source.bytes.count <= Limits.configurationFile else {
            reporter.report("the file is larger than \(Limits.configurationFile >> 20) MiB; split it", at: source.start)
            return nil
        }
        if let offset = source.firstInvalidByte {
            reporter.report("the text is not UTF-8 here; save the file as UTF-8", at: offset)
            return nil
        }
        var parser = TOMLParser(source.bytes.span, source, reporter)
        parser.parseDocument()
        return reporter.problems.isEmpty ? parser.tree.finished() : nil
    }
}

/// The statements of a document; values are in TOMLParser+Values.swift, strings in
/// TOMLParser+Strings.swift.
struct TOMLParser: ~Escapable {
    var cursor: ByteCursor
    var tree: TOMLTree
    /// Brackets and braces that are open at the cursor.
    var openContainers = 0
    private let reporter: ProblemReporter
    private var table = TOMLTree.root

    static let bareKey = ByteClass.alphanumerics.union(ByteClass("-_"))

    @_lifetime(copy bytes)
    init(_ bytes: Span<UInt8>, _ source: SourceText, _ reporter: ProblemReporter) {
        cursor = ByteCursor(bytes, at: source.start)
        tree = TOMLTree(source)
        self.reporter = reporter
    }

    @_lifetime(self: copy self)
    mutating func parseDocument() {
        while !cursor.isAtEnd, !reporter.isFull {
            openContainers = 0
            do {
                try parseLine()
            } catch {
                reporter.report(error.fault.description, at: error.offset)
                recover()
            }
        }
    }

    // expression = ws [ comment ] / ws keyval ws [ comment ] / ws table ws [ comment ]
    @_lifetime(self: copy self)
    private mutating func parseLine() throws(TOMLSyntaxError) {
        skipBlanks()
        switch cursor.next {
        case 0x5B: try parseHeader()
        case nil, ASCII.cr, ASCII.lf, 0x23: try expectEndOfLine()
        default: try parseKeyValue()
        }
    }

    @_lifetime(self: copy self)
    private mutating func parseHeader() throws(TOMLSyntaxError) {
        let start = cursor.offset
        // Keys below a header that is not understood must not land in the table before it.
        table = tree.makeTable(at: start, depth: 0)
        let (keys, isArray) = try takeHeader()
        try expectEndOfLine()
        do {
            table = try tree.open(keys, isArray: isArray)
        } catch {
            reporter.report(error.fault.description, at: error.offset)
        }
    }

    // std-table = "[" ws key ws "]"; array-table = "[[" ws key ws "]]"
    @_lifetime(self: copy self)
    private mutating func takeHeader() throws(TOMLSyntaxError) -> ([TOMLTree.Key], isArray: Bool) {
        cursor.offset += 1
        let isArray = cursor.take(0x5B)
        skipBlanks()
        let keys = try expectKeys()
        skipBlanks()
        guard cursor.take(0x5D), !isArray || cursor.take(0x5D) else { throw fault(.expectedHeaderEnd(array: isArray)) }
        return (keys, isArray)
    }

    @_lifetime(self: copy self)
    private mutating func parseKeyValue() throws(TOMLSyntaxError) {
        let keys = try expectKeys()
        let value = try expectAssignment(depth: tree.depth(of: table) + keys.count)
        try expectEndOfLine()
        do {
            try tree.insert(value, for: keys, in: table)
        } catch {
            reporter.report(error.fault.description, at: error.offset)
        }
    }

    // keyval-sep = ws "=" ws
    @_lifetime(self: copy self)
    mutating func expectAssignment(depth: Int) throws(TOMLSyntaxError) -> TOMLTree.Value {
        skipBlanks()
        guard cursor.take(0x3D) else { throw fault(.expectedEquals) }
        skipBlanks()
        return try expectValue(depth: depth)
    }

    // key = simple-key / dotted-key
    @_lifetime(self: copy self)
    mutating func expectKeys() throws(TOMLSyntaxError) -> [TOMLTree.Key] {
        var keys: [TOMLTree.Key] = []
        while true {
            keys.append(try expectKey())
            let end = cursor.offset
            skipBlanks()
            guard cursor.take(0x2E) else {
                cursor.offset = end
                return keys
            }
            skipBlanks()
        }
    }

    @_lifetime(self: copy self)
    private mutating func expectKey() throws(TOMLSyntaxError) -> TOMLTree.Key {
        let start = cursor.offset
        switch cursor.next {
        case let quote? where quote == ASCII.quote || quote == 0x27:
            guard cursor.peek(1) != quote || cursor.peek(2) != quote else { throw fault(.multilineKey) }
            return TOMLTree.Key(text: try expectString(), offset: start)
        default:
            let range = cursor.takeAll(in: Self.bareKey)
            guard !range.isEmpty else { throw fault(.expectedKey) }
            return TOMLTree.Key(text: cursor.text(range), offset: start)
        }
    }

    // MARK: Space

    @_lifetime(self: copy self)
    mutating func skipBlanks() { _ = cursor.takeAll(in: .blanks) }

    /// Takes blanks, a comment, and the line break or the end of the file.
    @_lifetime(self: copy self)
    mutating func expectEndOfLine() throws(TOMLSyntaxError) {
        skipBlanks()
        try skipComment()
        guard try takeLineBreak() || cursor.isAtEnd else { throw fault(.expectedEndOfLine) }
    }

    @_lifetime(self: copy self)
    mutating func skipComment() throws(TOMLSyntaxError) {
        guard cursor.take(0x23) else { return }
        while let byte = cursor.next, byte != ASCII.lf {
            if byte == ASCII.cr, cursor.peek(1) == ASCII.lf { return }
            try refuseControl(byte)
            cursor.offset += 1
        }
    }

    // newline = LF / CRLF
    @_lifetime(self: copy self)
    mutating func takeLineBreak() throws(TOMLSyntaxError) -> Bool {
        guard cursor.take(ASCII.cr) else { return cursor.take(ASCII.lf) }
        guard cursor.take(ASCII.lf) else {
            throw TOMLSyntaxError(fault: .loneCarriageReturn, offset: cursor.offset - 1)
        }
        return true
    }

    func refuseControl(_ byte: UInt8) throws(TOMLSyntaxError) {
        guard byte != ASCII.cr else { throw fault(.loneCarriageReturn) }
        guard !ByteClass.controls.contains(byte) || byte == ASCII.tab else { throw fault(.controlCharacter(byte)) }
    }

    func fault(_ fault: TOMLSyntaxError.Fault) -> TOMLSyntaxError {
        TOMLSyntaxError(fault: fault, offset: cursor.offset)
    }

    // MARK: Going on

    /// Moves to where reading can go on: the next line; behind a fault inside brackets the line behind
    /// the one that closes them, or the next that looks like a statement.
    @_lifetime(self: copy self)
    private mutating func recover() {
        guard openContainers > 0 else { return skipLine() }
        let start = cursor.offset
        if skipContainers() { return skipLine() }
        cursor.offset = start
        repeat { skipLine() } while !cursor.isAtEnd && !looksLikeStatement()
    }

    @_lifetime(self: copy self)
    private mutating func skipLine() {
        _ = cursor.takeUntil(ASCII.lf)
        _ = cursor.take(ASCII.lf)
    }

    /// Moves behind the bracket that closes all that are open, if there is one before the next header.
    @_lifetime(self: copy self)
    private mutating func skipContainers() -> Bool {
        var depth = openContainers
        while depth > 0, let byte = cursor.take() {
            switch byte {
            case 0x5B, 0x7B: depth += 1
            case 0x5D, 0x7D: depth -= 1
            case 0x23: _ = cursor.takeUntil(ASCII.lf)
            case ASCII.quote, 0x27:
                // To the quote's other half on the line; an odd one ends there.
                while let next = cursor.next, next != ASCII.lf {
                    cursor.offset += 1
                    if next == byte { break }
                }
            case ASCII.lf where looksLikeHeader(): return false
            default: break
            }
        }
        return depth == 0
    }

    @_lifetime(self: copy self)
    private mutating func looksLikeHeader() -> Bool {
        let start = cursor.offset
        defer { cursor.offset = start }
        guard cursor.next == 0x5B else { return false }
        do {
            _ = try takeHeader()
            try expectEndOfLine()
            return true
        } catch {
            return false
        }
    }

    @_lifetime(self: copy self)
    private mutating func looksLikeStatement() -> Bool {
        let start = cursor.offset
        defer { cursor.offset = start }
        do {
            skipBlanks()
            if cursor.next == 0x5B {
                _ = try takeHeader()
                try expectEndOfLine()
                return true
            }
            _ = try expectKeys()
            skipBlanks()
            return cursor.take(0x3D)
        } catch {
            return false
        }
    }
}
