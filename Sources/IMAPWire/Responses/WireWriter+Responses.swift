internal import Base

// What a server writes.
extension WireWriter {
    package mutating func response(_ response: Response) {
        switch response {
        case .continuation(let text):
            write("+ ")
            write(text)
            endLine()
        case .status(let status): self.status(status)
        case .capability(let names): atoms("* CAPABILITY", names)
        case .enabled(let names): atoms("* ENABLED", names)
        case .flags(let names):
            write("* FLAGS ")
            flags(names)
            endLine()
        case .list(let entry): list("* LIST ", entry)
        case .lsub(let entry): list("* LSUB ", entry)
        case .mailboxStatus(let name, let values): mailboxStatus(name, values)
        case .namespace(let entries): namespace(entries)
        case .search(let numbers, let modSeq): search(numbers, modSeq)
        case .extendedSearch(let result): extendedSearch(result)
        case .exists(let count): numbered(count, "EXISTS")
        case .recent(let count): numbered(count, "RECENT")
        case .expunge(let number): numbered(number, "EXPUNGE")
        case .vanished(let uids, let earlier): vanished(uids, earlier: earlier)
        case .fetch(let number, let values): fetch(number, values)
        case .id(let fields): id(fields)
        case .metadata(let name, let values): metadata(name, values)
        case .metadataChanged(let name, let entries): metadataChanged(name, entries)
        case .acl(let name, let entries): acl(name, entries)
        case .listRights(let name, let entry): listRights(name, entry)
        case .myRights(let name, let rights): myRights(name, rights)
        case .quota(let root): quota(root)
        case .quotaRoot(let name, let roots): quotaRoot(name, roots)
        case .other(let line):
            write(line)
            endLine()
        }
    }

    package mutating func status(_ status: StatusResponse) {
        write(text: status.tag ?? "*")
        space()
        write(text: status.condition.rawValue)
        space()
        if let code = status.code {
            write("[")
            self.code(code)
            write("] ")
        }
        // Text from elsewhere must not end the line; IMAP4rev1 knows ASCII alone in it
        // (RFC 3501 §9 TEXT-CHAR), clients that enabled UTF-8 all of it (RFC 6855 §3).
        for scalar in status.text.unicodeScalars {
            switch scalar.value {
            case 0x20...0x7E: write([UInt8(truncatingIfNeeded: scalar.value)])
            case 0..<0x80: space()
            case _ where quotesUTF8: write(text: String(scalar))
            default: write("?")
            }
        }
        if status.text.isEmpty { write("-") }
        endLine()
    }

    private mutating func atoms(_ keyword: StaticString, _ names: [String]) {
        write(keyword)
        for name in names {
            space()
            write(text: name)
        }
        endLine()
    }

    private mutating func numbered(_ number: UInt32, _ keyword: StaticString) {
        write("* ")
        write(number)
        space()
        write(keyword)
        endLine()
    }

    private mutating func list(_ keyword: StaticString, _ entry: ListEntry) {
        write(keyword)
        flags(entry.attributes)
        space()
        separator(entry.separator)
        space()
        astring(entry.name)
        extendedItems(entry)
        endLine()
    }

    /// mbox-list-extended (RFC 5258 §6), where there is any.
    private mutating func extendedItems(_ entry: ListEntry) {
        guard !entry.childInfo.isEmpty || entry.oldName != nil else { return }
        space()
        open()
        if !entry.childInfo.isEmpty {
            write("\"CHILDINFO\" ")
            open()
            list(entry.childInfo) { $0.string($1) }
            close()
        }
        if let oldName = entry.oldName {
            if !entry.childInfo.isEmpty { space() }
            write("\"OLDNAME\" ")
            open()
            astring(oldName)
            close()
        }
        close()
    }

    private mutating func separator(_ separator: UInt8?) {
        if let separator { string([separator]) } else { write("NIL") }
    }

    private mutating func mailboxStatus(_ name: [UInt8], _ values: [MailboxStatusValue]) {
        write("* STATUS ")
        astring(name)
        space()
        open()
        list(values) { writer, value in
            writer.write(text: value.item.rawValue)
            writer.space()
            if let id = value.objectID {
                writer.write(text: "(\(id))")
            } else if let number = value.value {
                writer.write(number)
            } else {
                writer.write("NIL")
            }
        }
        close()
        endLine()
    }

    private mutating func namespace(_ entries: NamespaceEntries) {
        write("* NAMESPACE ")
        list([entries.personal, entries.others, entries.shared]) { writer, entries in
            guard !entries.isEmpty else { return writer.write("NIL") }
            writer.open()
            for entry in entries {
                writer.open()
                writer.string(entry.prefix)
                writer.space()
                writer.separator(entry.separator)
                writer.close()
            }
            writer.close()
        }
        endLine()
    }

    private mutating func id(_ fields: [IDField]) {
        write("* ID ")
        idFields(fields)
        endLine()
    }

    package mutating func idFields(_ fields: [IDField]) {
        guard !fields.isEmpty else { return write("NIL") }
        open()
        list(fields) { writer, field in
            writer.string(field.name)
            writer.space()
            writer.nstring(field.value.map { Array($0.utf8) })
        }
        close()
    }

    // MARK: Response codes

    package mutating func code(_ code: ResponseCode) {
        switch code {
        case .badCharset(let charsets):
            write("BADCHARSET (")
            list(charsets) { $0.astring(Array($1.utf8)) }
            close()
        case .capability(let names): write(text: "CAPABILITY " + names.joined(separator: " "))
        case .permanentFlags(let names):
            write("PERMANENTFLAGS ")
            flags(names)
        case .uidNext(let uid): write(text: "UIDNEXT \(uid)")
        case .uidValidity(let validity): write(text: "UIDVALIDITY \(validity)")
        case .unseen(let number): write(text: "UNSEEN \(number)")
        case .appendUID(let validity, let uids):
            write(text: "APPENDUID \(validity) ")
            orderedNumbers(uids)
        case .copyUID(let validity, let sources, let targets):
            write(text: "COPYUID \(validity) ")
            orderedNumbers(sources)
            space()
            orderedNumbers(targets)
        case .highestModSeq(let modSeq): write(text: "HIGHESTMODSEQ \(modSeq)")
        case .badURL(let url): write(text: "BADURL " + String(decoding: url.utf8.filter(Self.isURLText), as: UTF8.self))
        case .modified(let set): write(text: "MODIFIED \(set.text)")
        case .mailboxID(let id): write(text: "MAILBOXID (\(id))")
        case .metadataLongEntries(let octets): write(text: "METADATA LONGENTRIES \(octets)")
        case .metadataMaxSize(let octets): write(text: "METADATA MAXSIZE \(octets)")
        case .metadataTooMany: write("METADATA TOOMANY")
        case .badEvent(let names): write(text: "BADEVENT (" + names.joined(separator: " ") + ")")
        case .inProgress(let progress):
            write("INPROGRESS")
            if let progress { self.progress(progress) }
        case .other(let name, let rest):
            write(text: name)
            if let rest { write(text: " " + rest) }
        default: write(text: ResponseCode.plainNames.first { $0.code == code }?.name ?? "ALERT")
        }
    }

    private mutating func progress(_ progress: CommandProgress) {
        write(" (")
        nstring(progress.tag.map { Array($0.utf8) })
        for number in [progress.done, progress.goal] { write(text: number.map { " \($0)" } ?? " NIL") }
        close()
    }

    /// RFC 4469 §5 url-resp-text: what neither ends the code nor the line.
    private static func isURLText(_ byte: UInt8) -> Bool {
        byte != 0 && byte != ASCII.cr && byte != ASCII.lf && byte != UInt8(ascii: "]")
    }

    // MARK: FETCH

    private mutating func fetch(_ number: UInt32, _ values: [FetchValue]) {
        fetchHeader(number)
        list(values) { $0.fetchValue($1) }
        close()
        endLine()
    }

    /// `* n FETCH (`; values with spaces between them, `close` and `endLine` follow.
    package mutating func fetchHeader(_ number: UInt32) {
        write("* ")
        write(number)
        write(" FETCH (")
    }

    package mutating func fetchValue(_ value: FetchValue) {
        switch value {
        case .flags(let names):
            write("FLAGS ")
            flags(names)
        case .uid(let uid):
            write("UID ")
            write(uid)
        case .internalDate(let timestamp):
            write("INTERNALDATE ")
            dateTime(timestamp)
        case .size(let size):
            write("RFC822.SIZE ")
            write(size)
        case .envelope(let envelope):
            write("ENVELOPE ")
            self.envelope(envelope)
        case .body(let structure):
            write("BODY ")
            bodyStructure(structure, extended: false)
        case .bodyStructure(let structure):
            write("BODYSTRUCTURE ")
            bodyStructure(structure, extended: true)
        case .rfc822(let octets): octetsOf("RFC822 ", octets)
        case .rfc822Header(let octets): octetsOf("RFC822.HEADER ", octets)
        case .rfc822Text(let octets): octetsOf("RFC822.TEXT ", octets)
        case .section(let section, let origin, let octets):
            sectionName(section, origin: origin)
            space()
            if let octets { literal(octets) } else { write("NIL") }
        case .preview(let text):
            write("PREVIEW ")
            nstring(text)
        case .saveDate(let date):
            write("SAVEDATE ")
            if let date { dateTime(date) } else { write("NIL") }
        case .emailID(let id): write(text: "EMAILID (\(id))")
        case .threadID(let id): write(text: id.map { "THREADID (\($0))" } ?? "THREADID NIL")
        case .binary(let path, let origin, let octets):
            binaryName(path, origin: origin)
            space()
            if let octets { literal8(octets) } else { write("NIL") }
        case .binarySize(let path, let size):
            write("BINARY.SIZE")
            section(SectionSpec(path: path))
            space()
            write(size)
        case .modSeq(let modSeq):
            write("MODSEQ (")
            write(modSeq)
            close()
        }
    }

    /// `BODY[…]<origin>`.
    package mutating func sectionName(_ section: SectionSpec, origin: UInt64?) {
        write("BODY")
        self.section(section)
        if let origin { write(text: "<\(origin)>") }
    }

    /// `BINARY[…]<origin>`.
    package mutating func binaryName(_ path: [UInt32], origin: UInt64?) {
        write("BINARY")
        section(SectionSpec(path: path))
        if let origin { write(text: "<\(origin)>") }
    }

    private mutating func octetsOf(_ name: StaticString, _ octets: [UInt8]?) {
        write(name)
        if let octets { literal(octets) } else { write("NIL") }
    }
}

extension ResponseCode {
    /// The codes that are a name alone.
    static let plainNames: [(code: Self, name: String)] = [
        (.alert, "ALERT"), (.parse, "PARSE"), (.readOnly, "READ-ONLY"), (.readWrite, "READ-WRITE"),
        (.tryCreate, "TRYCREATE"), (.closed, "CLOSED"), (.uidNotSticky, "UIDNOTSTICKY"), (.noModSeq, "NOMODSEQ"),
        (.unavailable, "UNAVAILABLE"), (.authenticationFailed, "AUTHENTICATIONFAILED"),
        (.authorizationFailed, "AUTHORIZATIONFAILED"), (.expired, "EXPIRED"), (.privacyRequired, "PRIVACYREQUIRED"),
        (.contactAdmin, "CONTACTADMIN"), (.noPermission, "NOPERM"), (.inUse, "INUSE"),
        (.expungeIssued, "EXPUNGEISSUED"), (.corruption, "CORRUPTION"), (.serverBug, "SERVERBUG"),
        (.clientBug, "CLIENTBUG"), (.cannot, "CANNOT"), (.limit, "LIMIT"), (.overQuota, "OVERQUOTA"),
        (.alreadyExists, "ALREADYEXISTS"), (.nonexistent, "NONEXISTENT"), (.tooBig, "TOOBIG"),
        (.useAttribute, "USEATTR"), (.hasChildren, "HASCHILDREN"), (.notificationOverflow, "NOTIFICATIONOVERFLOW"),
        (.unknownEncoding, "UNKNOWN-CTE"),
    ]
}
