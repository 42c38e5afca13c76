package import Base
package import IMAPWire

/// What SELECT tells of a mailbox (RFC 9051 §6.3.2).
package struct SelectedMailbox: Hashable, Sendable {
    /// As on the wire.
    package let name: [UInt8]
    package internal(set) var uidValidity: UInt32 = 0
    /// 0 where the server does not say.
    package internal(set) var uidNext: UID = 0
    package internal(set) var exists = 0
    /// Nil where the server keeps none for this mailbox (RFC 7162 §3.1.2.2).
    package internal(set) var highestModSeq: ModSeq?
    /// Flags as on the wire, `\*` among them; nil where the server does not say.
    package internal(set) var permanentFlags: [String]?

    package init(name: [UInt8]) { self.name = name }
}

/// One message as FETCH told it; what was not asked for is nil.
package struct FetchedMessage: Hashable, Sendable {
    package var uid: UID
    package var flags: [String]?
    package var size: UInt64?
    package var received: Timestamp?
    package var modSeq: ModSeq?
    /// BODY[], or the section that was asked for.
    package var body: [UInt8]?
}

/// The commands that the mirror uses.
extension IMAPClientSession {
    /// Selects a mailbox (RFC 9051 §6.3.2), with CONDSTORE where the server offers it.
    package func select(_ name: [UInt8], readOnly: Bool = false) async throws(IMAPClientFailure) -> SelectedMailbox {
        selected = nil
        var mailbox = SelectedMailbox(name: name)
        let hasModSeqs = offers("CONDSTORE") || offers("QRESYNC")
        let arguments = { (writer: inout WireWriter) in
            writer.space()
            writer.astring(name)
            if hasModSeqs { writer.write(" (CONDSTORE)") }
        }
        func take(_ response: Response) {
            switch response {
            case .exists(let count): mailbox.exists = Int(count)
            case .status(let status): mailbox.take(status.code)
            default: break
            }
        }
        if readOnly {
            try await perform("EXAMINE", arguments, untagged: take)
        } else {
            try await perform("SELECT", arguments, untagged: take)
        }
        guard mailbox.uidValidity != 0 else {
            throw IMAPClientFailure(.command, .protocolViolation("a mailbox without UIDVALIDITY"))
        }
        selected = mailbox
        return mailbox
    }

    /// The names that match a pattern, with their attributes.
    package func list(_ pattern: String) async throws(IMAPClientFailure) -> [ListEntry] {
        var entries: [ListEntry] = []
        try await perform("LIST") { writer in
            writer.write(" \"\" ")
            writer.string(pattern)
        } untagged: { response in
            if case .list(let entry) = response, entries.count < Limits.mailboxes { entries.append(entry) }
        }
        return entries
    }

    /// The personal namespace's prefix and separator (RFC 2342).
    package func namespace() async throws(IMAPClientFailure) -> NamespaceEntries.Entry? {
        var found: NamespaceEntries.Entry?
        try await perform(
            "NAMESPACE",
            untagged: { response in
                if case .namespace(let entries) = response { found = entries.personal.first }
            }
        )
        return found
    }

    /// UIDVALIDITY and UIDNEXT of a mailbox that is not selected.
    package func status(_ name: [UInt8]) async throws(IMAPClientFailure) -> (uidValidity: UInt32, uidNext: UID) {
        var numbers: [StatusItem: UInt64] = [:]
        try await perform("STATUS") { writer in
            writer.space()
            writer.astring(name)
            writer.write(" (UIDNEXT UIDVALIDITY)")
        } untagged: { response in
            guard case .mailboxStatus(_, let values) = response else { return }
            for value in values { numbers[value.item] = value.value }
        }
        guard let validity = numbers[.uidValidity], let next = numbers[.uidNext] else {
            throw IMAPClientFailure(.command, .protocolViolation("STATUS without what was asked for"))
        }
        return (UInt32(clamping: validity), UID(clamping: next))
    }

    package func create(_ name: [UInt8]) async throws(IMAPClientFailure) {
        try await perform(
            "CREATE",
            { writer in
                writer.space()
                writer.astring(name)
            }
        )
    }

    /// Does nothing but let the server tell what changed.
    package func noop() async throws(IMAPClientFailure) -> [Response] {
        var told: [Response] = []
        try await perform("NOOP", untagged: { told.append($0) })
        return told
    }

    /// Fetches by UID, everything into memory: the caller bounds the set by sizes it knows.
    package func fetch(
        _ uids: SequenceSet,
        _ items: [FetchItem],
        changedSince: ModSeq? = nil
    ) async throws(IMAPClientFailure) -> [FetchedMessage] {
        var messages: [FetchedMessage] = []
        try await perform("UID FETCH") { writer in
            writer.space()
            writer.set(uids)
            writer.space()
            writer.fetchItems(items)
            if let changedSince { writer.write(text: " (CHANGEDSINCE \(changedSince))") }
        } untagged: { response in
            // Without a UID it is somebody else's change, told by number alone.
            if case .fetch(_, let values) = response, let message = FetchedMessage(values) { messages.append(message) }
        }
        return messages
    }

    /// The UIDs that match.
    package func search(_ key: SearchKey) async throws(IMAPClientFailure) -> [UID] {
        var found: [UID] = []
        try await perform("UID SEARCH") { writer in
            writer.space()
            writer.searchKey(key)
        } untagged: { response in
            if case .search(let numbers, _) = response { found += numbers }
        }
        return found
    }

    /// Adds flags to messages, or takes them away, without being told the result.
    package func store(_ uids: NumberSet, adding: Bool, _ flags: Flags) async throws(IMAPClientFailure) {
        try await perform(
            "UID STORE",
            { writer in
                writer.space()
                writer.set(SequenceSet(uids))
                writer.write(adding ? " +FLAGS.SILENT " : " -FLAGS.SILENT ")
                writer.flags(flags)
            }
        )
    }

    /// Where copies came to lie, if the server says (RFC 4315 §3); the text behind is the code's.
    package func copy(_ uid: UID, to name: [UInt8]) async throws(IMAPClientFailure) -> PlacedCopy? {
        var told: PlacedCopy?
        let status = try await perform("UID COPY") { writer in
            writer.write(text: " \(uid) ")
            writer.astring(name)
        } untagged: { response in
            if case .status(let status) = response { told = PlacedCopy(status.code) ?? told }
        }
        return PlacedCopy(status.code) ?? told
    }

    /// Moves (RFC 6851); only where the server offers MOVE.
    package func move(_ uid: UID, to name: [UInt8]) async throws(IMAPClientFailure) -> PlacedCopy? {
        var told: PlacedCopy?
        let status = try await perform("UID MOVE") { writer in
            writer.write(text: " \(uid) ")
            writer.astring(name)
        } untagged: { response in
            if case .status(let status) = response { told = PlacedCopy(status.code) ?? told }
        }
        return PlacedCopy(status.code) ?? told
    }

    /// Expunges exactly one message (RFC 4315 §2.1); only where the server offers UIDPLUS.
    package func expunge(_ uid: UID) async throws(IMAPClientFailure) {
        try await perform("UID EXPUNGE", { $0.write(text: " \(uid)") })
    }

    /// Files a message.
    package func append(
        _ bytes: [UInt8],
        to name: [UInt8],
        flags: Flags,
        received: Timestamp
    ) async throws(IMAPClientFailure) -> PlacedCopy? {
        let status = try await perform(
            "APPEND",
            { writer in
                writer.space()
                writer.astring(name)
                writer.space()
                writer.flags(flags)
                writer.space()
                writer.dateTime(received)
                writer.space()
                writer.literal(bytes)
            }
        )
        return PlacedCopy(status.code)
    }
}

/// The place of a message that a command made (RFC 4315 §3).
package struct PlacedCopy: Hashable, Sendable {
    package let uidValidity: UInt32
    package let uid: UID

    init?(_ code: ResponseCode?) {
        switch code {
        case .appendUID(let validity, let uids)?:
            guard let uid = uids.first else { return nil }
            (uidValidity, self.uid) = (validity, uid)
        case .copyUID(let validity, _, let targets)?:
            guard let uid = targets.first else { return nil }
            (uidValidity, self.uid) = (validity, uid)
        default:
            return nil
        }
    }
}

extension SelectedMailbox {
    mutating func take(_ code: ResponseCode?) {
        switch code {
        case .uidValidity(let validity)?: uidValidity = validity
        case .uidNext(let next)?: uidNext = next
        case .highestModSeq(let modSeq)?: highestModSeq = modSeq
        case .noModSeq?: highestModSeq = nil
        case .permanentFlags(let names)?: permanentFlags = names
        default: break
        }
    }
}

extension FetchedMessage {
    init?(_ values: [FetchValue]) {
        var uid: UID?
        var message = Self(uid: 0)
        for value in values {
            switch value {
            case .uid(let number): uid = number
            case .flags(let names): message.flags = names
            case .size(let size): message.size = size
            case .internalDate(let date): message.received = date
            case .modSeq(let modSeq): message.modSeq = modSeq
            case .section(_, _, let octets): message.body = octets
            default: break
            }
        }
        guard let uid else { return nil }
        message.uid = uid
        self = message
    }
}
