internal import Base
internal import IMAPClient
internal import IMAPWire
internal import Message
internal import Store

/// Plays the journal: what members did goes upstream, in order per message, each operation marked
/// as sent before it goes on the wire, and looked for before it is repeated.
struct JournalPlayer {
    let store: Store
    let account: AccountID
    let names: UpstreamNames
    let session: IMAPClientSession
    let time: any TimeSource
    let log: Log

    /// Operations that are read at once.
    private static let slice = 64
    /// Times that something is tried again that the server refuses without saying why.
    private static let patience = 5

    /// Plays everything that is due; gives when something is due next.
    func play() async throws -> Timestamp? {
        let account = account
        while true {
            let now = time.now
            let due = try await store.read { try $0.dueJournal(of: account, at: now, limit: Self.slice) }
            if due.isEmpty { break }
            for row in due { try await play(row) }
        }
        return try await store.read { try $0.journal(of: account).map(\.notBefore).min() }
    }

    private func play(_ row: JournalRow) async throws {
        guard let operation = Operation(row), let id = row.message,
            let message = try await store.read({ try $0.message(id) })
        else {
            log.error("operation \(row.id) of the journal cannot be read and is dropped")
            return try await finish(row)
        }
        if let target = operation.target, try await store.read({ try $0.mailbox(target) }) == nil {
            // The folder was removed here before its mail went there.
            return try await finish(row)
        }
        do {
            switch operation {
            case .flags(let adding, let removing): try await storeFlags(row, id, adding, removing)
            case .expunge(let source): try await expunge(row, id, from: source)
            case .copy, .move, .append: try await place(row, operation, message)
            }
        } catch let failure as IMAPClientFailure {
            guard let refusal = failure.refusal else { throw failure }
            try await refused(row, operation, refusal)
        }
    }

    // MARK: Flags

    private func storeFlags(_ row: JournalRow, _ message: MessageID, _ adding: Flags, _ removing: Flags) async throws {
        guard try await mark(row, uidNext: nil) else { return }
        for place in try await places(of: message) {
            guard let mailbox = try await select(place) else { continue }
            let (add, remove) = (mailbox.permitted(adding), mailbox.permitted(removing))
            if !add.isEmpty { try await session.store(NumberSet([place.uid]), adding: true, add) }
            if !remove.isEmpty { try await session.store(NumberSet([place.uid]), adding: false, remove) }
            // What the server cannot keep stays here alone.
            try await store.write { transaction in
                guard
                    let now = try transaction.upstreamMessage(
                        place.uid,
                        uidValidity: place.uidValidity,
                        in: place.mailbox
                    )
                else { return }
                let flags = now.flags.union(add).subtracting(remove)
                try transaction.saveUpstreamMessage(now.with(flags: flags, modSeq: nil))
            }
        }
        try await finish(row)
    }

    // MARK: Expunge

    private func expunge(_ row: JournalRow, _ message: MessageID, from source: MailboxID) async throws {
        guard try await mark(row, uidNext: nil) else { return }
        if let place = try await places(of: message).first(where: { $0.mailbox == source }),
            try await select(place) != nil
        {
            try await remove(place)
        }
        try await finish(row)
    }

    /// Removes a message from the selected mailbox; the binding goes with it.
    private func remove(_ place: UpstreamMessageRow) async throws {
        try await session.store(NumberSet([place.uid]), adding: true, Flags(.deleted))
        // Without UIDPLUS a plain EXPUNGE would remove what others have marked: ours stays marked,
        // and bound, until somebody expunges.
        guard session.offers("UIDPLUS") else {
            return log.warning("the upstream has no UIDPLUS: a removed message is only marked as deleted there")
        }
        try await session.expunge(place.uid)
        try await store.write { transaction in
            try transaction.removeUpstreamMessage(place.uid, uidValidity: place.uidValidity, in: place.mailbox)
        }
    }

    // MARK: Copy, move, append

    private func place(_ row: JournalRow, _ operation: Operation, _ message: MessageRow) async throws {
        guard let target = operation.target else { return }
        let name = try await names.name(of: target, session)
        if row.state == .sent || row.needsReconciliation || operation.isSentItem {
            let first = row.needsReconciliation ? nil : row.targetUIDNext
            if let found = try await find(message, operation, in: name, target, from: first) {
                return try await bind(row, operation, message, target, found, leaving: nil)
            }
        }
        let status = try await session.status(name)
        guard try await mark(row, uidNext: status.uidNext) else { return }

        let places = try await places(of: message.id)
        var source: UpstreamMessageRow?
        switch operation {
        case .move(let from, _): source = places.first { $0.mailbox == from }
        case .copy: source = places.first
        default: break
        }
        var isMoved = false
        var copy: PlacedCopy?
        if let place = source, try await select(place) != nil {
            if case .move = operation, session.offers("MOVE") {
                copy = try await session.move(place.uid, to: name)
                isMoved = true
            } else {
                copy = try await session.copy(place.uid, to: name)
            }
        } else {
            // It is nowhere there, or somebody removed it meanwhile: the member's will is that it be here.
            let bytes = try await store.read { try $0.bytes(ofBody: message.body) }
            copy = try await session.append(
                bytes,
                to: name,
                flags: message.flags.upstream,
                received: message.internalDate
            )
        }
        let found: Found?
        if let copy {
            found = Found(uidValidity: copy.uidValidity, uid: copy.uid)
        } else {
            found = try await find(message, operation, in: name, target, from: status.uidNext)
        }
        try await bind(row, operation, message, target, found, leaving: isMoved ? source : nil)
    }

    private struct Found: Sendable {
        let uidValidity: UInt32
        let uid: UID
    }

    /// Commits what an operation came to: the new place, the old one gone.
    private func bind(
        _ row: JournalRow,
        _ operation: Operation,
        _ message: MessageRow,
        _ target: MailboxID,
        _ found: Found?,
        leaving source: UpstreamMessageRow?
    ) async throws {
        try await store.write { transaction in
            let old = try transaction.upstreamPlaces(of: message.id).first
            if let source {
                try transaction.removeUpstreamMessage(source.uid, uidValidity: source.uidValidity, in: source.mailbox)
            }
            if let found, let mailbox = try transaction.mailbox(target) {
                let own = message.flags.upstream
                let shared = Flags(own.system.subtracting(mailbox.hasPrivateSeen ? .seen : []), keywords: own.keywords)
                try transaction.saveUpstreamMessage(
                    UpstreamMessageRow(
                        mailbox: target,
                        uidValidity: found.uidValidity,
                        uid: found.uid,
                        message: message.id,
                        modSeq: 0,
                        flags: old?.flags ?? shared
                    )
                )
            }
            try transaction.concludePlacing(row, operation)
        }
    }

    /// Looks for what an operation has made before it was cut off, or what the provider filed.
    private func find(
        _ message: MessageRow,
        _ operation: Operation,
        in name: [UInt8],
        _ target: MailboxID,
        from first: UID?
    ) async throws -> Found? {
        let mailbox = try await session.select(name)
        guard mailbox.exists > 0 else { return nil }
        let known = try await store.read { try $0.upstreamMailbox(of: target)?.uidValidity }
        // Under another UIDVALIDITY the old UIDNEXT says nothing.
        let start = operation.isSentItem || known != mailbox.uidValidity ? 1 : first ?? 1
        let range = SearchKey.uid(SequenceSet([SequenceSet.Range(start, nil)]))
        let id = String(Likeness.bare(message.messageID))
        let hits = try await session.search(id.isEmpty ? range : .and([range, .header("Message-ID", id)]))
        guard !hits.isEmpty else { return nil }
        let likeness = Likeness(operation, message, from: start)
        let candidates = try await session.fetch(SequenceSet(NumberSet(hits)), [.uid, .size, .internalDate])
            .sorted { $0.uid < $1.uid }
        for candidate in candidates {
            guard let received = candidate.received,
                likeness.holds(
                    messageID: id,
                    size: Int(clamping: candidate.size ?? 0),
                    received: received,
                    uid: candidate.uid
                ),
                try await store.read({
                    try $0.upstreamMessage(candidate.uid, uidValidity: mailbox.uidValidity, in: target)
                }) == nil
            else { continue }
            return Found(uidValidity: mailbox.uidValidity, uid: candidate.uid)
        }
        return nil
    }

    // MARK: Refusals

    /// Tries again later what may yet succeed; undoes here what the upstream refuses for good.
    private func refused(_ row: JournalRow, _ operation: Operation, _ refusal: StatusResponse) async throws {
        let attempts = row.attempts + 1
        guard refusal.isFinal || attempts >= Self.patience else {
            let pause = refusal.suggestedPause ?? .seconds(30 << Int64(min(attempts, 4)))
            let later = time.now.advanced(by: pause)
            log.warning("the upstream refuses \(row.kind) for now: \(refusal.text)")
            return try await store.write { try $0.postpone(row.id, until: later) }
        }
        log.error("the upstream refuses \(row.kind) for good, it is undone here: \(refusal.text)")
        try await store.write { try $0.undo(row, operation) }
    }

    // MARK: Steps

    /// Commits that the operation goes on the wire; false where it was dropped meanwhile.
    private func mark(_ row: JournalRow, uidNext: UID?) async throws -> Bool {
        try await store.write { transaction in
            guard let message = row.message, try transaction.journal(of: message).contains(where: { $0.id == row.id })
            else { return false }
            try transaction.markSent(row.id, targetUIDNext: row.state == .sent ? row.targetUIDNext : uidNext)
            if row.needsReconciliation { try transaction.markReconciled(row.id) }
            return true
        }
    }

    private func finish(_ row: JournalRow) async throws {
        try await store.write { try $0.finishOperation(row.id) }
    }

    /// Where a message lies in this account.
    private func places(of message: MessageID) async throws -> [UpstreamMessageRow] {
        let account = account
        return try await store.read { transaction in
            var places: [UpstreamMessageRow] = []
            for place in try transaction.upstreamPlaces(of: message)
            where try transaction.mailbox(place.mailbox)?.account == account { places.append(place) }
            return places
        }
    }

    /// Selects the mailbox of a place; nil where its UIDs mean something else by now.
    private func select(_ place: UpstreamMessageRow) async throws -> SelectedMailbox? {
        let name = try await names.name(of: place.mailbox, session)
        let mailbox: SelectedMailbox
        if let selected = session.selected, selected.name == name {
            mailbox = selected
        } else {
            mailbox = try await session.select(name)
        }
        return mailbox.uidValidity == place.uidValidity ? mailbox : nil
    }
}

extension SelectedMailbox {
    /// The flags that the server keeps (RFC 9051 §7.1 PERMANENTFLAGS).
    func permitted(_ flags: Flags) -> Flags {
        guard let permanentFlags else { return flags }
        let kept = Flags(wire: permanentFlags)
        let takesAny = permanentFlags.contains("\\*")
        return Flags(
            flags.system.intersection(kept.system),
            keywords: flags.keywords.filter { takesAny || kept.contains($0) }
        )
    }
}

extension StatusResponse {
    /// Whether asking again cannot help (RFC 5530).
    var isFinal: Bool {
        switch code {
        case .noPermission, .cannot, .nonexistent, .tooBig, .authorizationFailed, .badCharset: true
        case nil, .other: condition == .bad && suggestedPause == nil && !isThrottle
        default: false
        }
    }

    private var isThrottle: Bool { ASCII.lowercased(text).contains("throttled") }

    /// How long Exchange asks to be left alone: `Suggested Backoff Time: 299961 milliseconds`.
    var suggestedPause: Duration? {
        let marker = "backoff time:"
        let words = ASCII.lowercased(text)
        guard let start = words.firstRange(of: marker)?.upperBound else { return nil }
        let digits = words[start...].drop { $0 == " " }.prefix { $0.isASCII && $0.isNumber }
        return Int64(digits).map { .milliseconds(min($0, 3_600_000)) }
    }
}
