internal import Base

/// Writes commands as a client sends them.
///
/// Names go out as they were received, so that a mailbox of a server that spells names its own way
/// can be named at all. Everything that is not plain goes as a string or a literal: no text from
/// elsewhere can end a line.
package enum CommandEncoder {
    /// Arguments are written by the caller through `arguments`, which begins behind the name.
    package static func encode(
        tag: String,
        _ name: StaticString,
        literals: WireWriter.Literals,
        _ arguments: (inout WireWriter) -> Void = { _ in }
    ) -> WireWriter {
        var writer = WireWriter(literals: literals)
        writer.write(text: tag)
        writer.space()
        writer.write(name)
        arguments(&writer)
        writer.endLine()
        return writer
    }
}

extension WireWriter {
    /// What FETCH asks for, in parentheses.
    package mutating func fetchItems(_ items: [FetchItem]) {
        open()
        list(items) { $0.fetchItem($1) }
        close()
    }

    private mutating func fetchItem(_ item: FetchItem) {
        switch item {
        case .flags: write("FLAGS")
        case .uid: write("UID")
        case .internalDate: write("INTERNALDATE")
        case .size: write("RFC822.SIZE")
        case .envelope: write("ENVELOPE")
        case .body: write("BODY")
        case .bodyStructure: write("BODYSTRUCTURE")
        case .rfc822: write("RFC822")
        case .rfc822Header: write("RFC822.HEADER")
        case .rfc822Text: write("RFC822.TEXT")
        case .modSeq: write("MODSEQ")
        case .preview(let isLazy): write(text: isLazy ? "PREVIEW (LAZY)" : "PREVIEW")
        case .saveDate: write("SAVEDATE")
        case .emailID: write("EMAILID")
        case .threadID: write("THREADID")
        case .section(let section, let partial, let peek): part("BODY", section, partial, peek: peek)
        case .binary(let path, let partial, let peek):
            part("BINARY", SectionSpec(path: path), partial, peek: peek)
        case .binarySize(let path):
            write("BINARY.SIZE")
            section(SectionSpec(path: path))
        }
    }

    private mutating func part(
        _ name: StaticString,
        _ section: SectionSpec,
        _ partial: PartialRange?,
        peek: Bool
    ) {
        write(name)
        if peek { write(".PEEK") }
        self.section(section)
        if let partial { write(text: "<\(partial.offset).\(partial.count)>") }
    }

    package mutating func set(_ set: SequenceSet) { write(text: set.text) }

    /// A search key; texts that are not ASCII need CHARSET UTF-8 before it.
    package mutating func searchKey(_ key: SearchKey) {
        switch key {
        case .all: write("ALL")
        case .and(let keys):
            open()
            list(keys) { $0.searchKey($1) }
            close()
        case .or(let first, let second):
            write("OR ")
            searchKey(first)
            space()
            searchKey(second)
        case .not(let inner):
            write("NOT ")
            searchKey(inner)
        case .flag(let flag, let isSet): searchFlag(flag, isSet)
        case .keyword(let keyword, let isSet): write(text: (isSet ? "KEYWORD " : "UNKEYWORD ") + keyword.name)
        case .header(let field, let text):
            write("HEADER ")
            astring(Array(field.utf8))
            space()
            astring(Array(text.utf8))
        case .address(let field, let text): named(ASCII.uppercased(field), text)
        case .body(let text): named("BODY", text)
        case .text(let text): named("TEXT", text)
        case .received(let comparison, let day): dated("", comparison, day)
        case .sent(let comparison, let day): dated("SENT", comparison, day)
        case .saved(let comparison, let day): dated("SAVED", comparison, day)
        case .older(let seconds): write(text: "OLDER \(seconds)")
        case .younger(let seconds): write(text: "YOUNGER \(seconds)")
        case .larger(let size): write(text: "LARGER \(size)")
        case .smaller(let size): write(text: "SMALLER \(size)")
        case .sequence(let set): self.set(set)
        case .uid(let set):
            write("UID ")
            self.set(set)
        case .modSeq(let modSeq): write(text: "MODSEQ \(modSeq)")
        case .emailID(let id): write(text: "EMAILID \(id)")
        case .threadID(let id): write(text: "THREADID \(id)")
        }
    }

    private mutating func searchFlag(_ flag: SystemFlags, _ isSet: Bool) {
        switch (flag, isSet) {
        case (.recent, true): write("RECENT")
        case (.recent, false): write("OLD")
        default:
            let name = SystemFlags.names.first { $0.flag == flag }?.name.dropFirst() ?? ""
            write(text: (isSet ? "" : "UN") + name.uppercased())
        }
    }

    private mutating func named(_ name: String, _ text: String) {
        write(text: name + " ")
        astring(Array(text.utf8))
    }

    private mutating func dated(_ prefix: String, _ comparison: SearchKey.Comparison, _ day: CalendarDate) {
        let name =
            switch comparison {
            case .before: "BEFORE "
            case .on: "ON "
            case .since: "SINCE "
            }
        write(text: prefix + name)
        date(day)
    }
}
