internal import Base
internal import IMAPClient
internal import IMAPWire
internal import Message
internal import Store

/// One pass over an upstream mailbox: flags, new mail, expunges, in that order, by what the server
/// offers.
///
/// Every step is committed by itself, so that a pass that breaks off is taken up by the next.
struct MailboxSync {
    let store: Store
    let house: any MirrorHouse
    let account: AccountID
    let folder: MirroredFolder
    let session: IMAPClientSession
    let log: Log

    /// Flags and UIDs that are asked for at once.
    private static let window: UID = 5000
    /// Messages that one change of the store takes.
    private static let slice = 200
    /// Octets of bodies that are fetched at once, unless one message alone is larger.
    private static let batch: UInt64 = 1024 * 1024
    private static let batchCount = 50

    /// Brings our side up to date; false where it ended early.
    ///
    /// `name` is the mailbox's as on the wire; `wantsFlags` says whether flags are worth asking for
    /// where the server keeps no MODSEQs; `mayGoOn` is asked between slices of new mail.
    func run(_ name: [UInt8], wantsFlags: Bool, mayGoOn: () -> Bool) async throws -> Bool {
        let mailbox = try await session.select(name)
        let row = try await begin(mailbox, name)
        if row.uidNext > 1 { try await syncFlags(mailbox, since: row, wantsFlags: wantsFlags) }
        guard try await takeNewMail(mailbox, from: row.uidNext, mayGoOn: mayGoOn) else { return false }
        try await syncExpunges(mailbox)
        let (modSeq, id) = (mailbox.highestModSeq ?? 0, folder.mailbox)
        if modSeq != row.highestModSeq {
            try await store.write { transaction in
                guard let row = try transaction.upstreamMailbox(of: id) else { return }
                try transaction.saveUpstreamMailbox(row.with(highestModSeq: modSeq))
            }
        }
        return true
    }

    /// The mailbox as it was last seen; a new UIDVALIDITY is mapped first.
    private func begin(_ mailbox: SelectedMailbox, _ name: [UInt8]) async throws -> UpstreamMailboxRow {
        let id = folder.mailbox
        let fresh = UpstreamMailboxRow(
            mailbox: id,
            name: String(decoding: name, as: UTF8.self),
            uidValidity: mailbox.uidValidity,
            uidNext: 1,
            highestModSeq: 0
        )
        if let known = try await store.read({ try $0.upstreamMailbox(of: id) }) {
            if known.uidValidity == mailbox.uidValidity { return known }
            log.warning("upstream UIDVALIDITY of \(folder.name) changed; messages are found again")
            try await remap(from: known.uidValidity, to: mailbox)
        }
        try await store.write { try $0.saveUpstreamMailbox(fresh) }
        return fresh
    }

    // MARK: Flags

    private func syncFlags(
        _ mailbox: SelectedMailbox,
        since row: UpstreamMailboxRow,
        wantsFlags: Bool
    ) async throws {
        if let modSeq = mailbox.highestModSeq, row.highestModSeq > 0 {
            guard modSeq != row.highestModSeq else { return }
            let known = SequenceSet([SequenceSet.Range(1, row.uidNext - 1)])
            let changed = try await session.fetch(known, [.uid, .flags, .modSeq], changedSince: row.highestModSeq)
            try await apply(changed, mailbox)
            return
        }
        guard wantsFlags || mailbox.highestModSeq != nil else { return }
        var first: UID = 1
        while first < row.uidNext {
            let last = min(row.uidNext - 1, first + Self.window - 1)
            let window = SequenceSet([SequenceSet.Range(first, last)])
            try await apply(try await session.fetch(window, [.uid, .flags]), mailbox)
            first = last + 1
        }
    }

    private func apply(_ messages: [FetchedMessage], _ mailbox: SelectedMailbox) async throws {
        let (folder, house, validity) = (folder, house, mailbox.uidValidity)
        for slice in messages.slices(of: Self.slice) {
            try await store.write { transaction in
                for message in slice {
                    guard let names = message.flags,
                        let known = try transaction.upstreamMessage(
                            message.uid,
                            uidValidity: validity,
                            in: folder.mailbox
                        )
                    else { continue }
                    let theirs = Flags(wire: names).shared(with: folder, house)
                    guard theirs != known.flags, let row = try transaction.message(known.message) else { continue }
                    let pending = try transaction.pendingFlags(of: known.message)
                    let merge = FlagMerge(base: known.flags, theirs: theirs, pending: pending)
                    try transaction.setFlags(merge.applied(to: row.flags), of: known.message)
                    try transaction.saveUpstreamMessage(known.with(flags: theirs, modSeq: message.modSeq))
                }
            }
        }
    }

    // MARK: New mail

    /// Takes what has a UID that we have not seen; false where it was told to stop.
    private func takeNewMail(_ mailbox: SelectedMailbox, from next: UID, mayGoOn: () -> Bool) async throws -> Bool {
        var first = next
        while mailbox.uidNext == 0 ? first == next : first < mailbox.uidNext {
            let last = mailbox.uidNext == 0 ? nil : min(mailbox.uidNext - 1, first + Self.window - 1)
            let window = SequenceSet([SequenceSet.Range(first, last)])
            let listed = try await session.fetch(window, [.uid, .size])
                // `*` names the last message even where it is older (RFC 9051 §6.4.8).
                .filter { $0.uid >= first }.sorted { $0.uid < $1.uid }
            let missing = try await unbound(listed, mailbox)
            for batch in Self.batches(missing) {
                try await take(batch, mailbox)
                if !mayGoOn() { return false }
            }
            let end = last ?? listed.last?.uid ?? first - 1
            let next = end + 1
            let id = folder.mailbox
            try await store.write { transaction in
                guard let row = try transaction.upstreamMailbox(of: id), row.uidNext < next else { return }
                try transaction.saveUpstreamMailbox(row.with(uidNext: next))
            }
            first = next
            if last == nil { break }
        }
        return true
    }

    private func unbound(_ listed: [FetchedMessage], _ mailbox: SelectedMailbox) async throws -> [FetchedMessage] {
        let (id, validity) = (folder.mailbox, mailbox.uidValidity)
        return try await store.read { transaction in
            var missing: [FetchedMessage] = []
            for message in listed
            where try transaction.upstreamMessage(message.uid, uidValidity: validity, in: id) == nil {
                missing.append(message)
            }
            return missing
        }
    }

    private func take(_ batch: [FetchedMessage], _ mailbox: SelectedMailbox) async throws {
        let small = batch.filter { $0.size ?? 0 <= UInt64(Limits.message) }
        for message in batch where message.size ?? 0 > UInt64(Limits.message) {
            log.error("UID \(message.uid) of \(folder.name) is over the size limit and stays upstream")
        }
        guard !small.isEmpty else { return }
        var items: [FetchItem] = [.uid, .flags, .internalDate, .section(SectionSpec(), partial: nil, peek: true)]
        if mailbox.highestModSeq != nil { items.append(.modSeq) }
        let uids = NumberSet(small.map(\.uid))
        // Some servers answer in an order of their own.
        let fetched = try await session.fetch(SequenceSet(uids), items).sorted { $0.uid < $1.uid }
        // A change of flags may be told in between, without a body.
        let whole = fetched.filter { $0.body != nil && $0.received != nil && uids.contains($0.uid) }
        if whole.count < small.count {
            log.warning("\(small.count - whole.count) messages of \(folder.name) went before they were here")
        }
        for message in whole {
            guard let bytes = message.body, let received = message.received else { continue }
            let told = Flags(wire: message.flags ?? [])
            try await house.receive(
                UpstreamMail(
                    account: account,
                    folder: folder,
                    bytes: bytes,
                    received: received,
                    flags: told.shared(with: folder, house),
                    isSeen: told.system.contains(.seen),
                    uidValidity: mailbox.uidValidity,
                    uid: message.uid,
                    modSeq: message.modSeq ?? 0
                )
            )
        }
    }

    private static func batches(_ messages: [FetchedMessage]) -> [[FetchedMessage]] {
        var batches: [[FetchedMessage]] = []
        var octets: UInt64 = 0
        for message in messages {
            let size = message.size ?? 0
            if let last = batches.last, octets + size <= batch, last.count < batchCount {
                batches[batches.count - 1].append(message)
                octets += size
            } else {
                batches.append([message])
                octets = size
            }
        }
        return batches
    }

    // MARK: Expunges

    /// Finds what is gone: the count tells whether anything is, one SEARCH what.
    private func syncExpunges(_ mailbox: SelectedMailbox) async throws {
        let (id, validity) = (folder.mailbox, mailbox.uidValidity)
        let next = mailbox.uidNext == 0 ? .max : mailbox.uidNext
        let count = try await store.read { try $0.upstreamCount(in: id, uidValidity: validity, below: next) }
        guard count != mailbox.exists else { return }
        let known = try await store.read { transaction in
            try transaction.upstreamMessages(in: id, uidValidity: validity).map(\.uid).filter { $0 < next }
        }
        guard let last = known.last else { return }
        let all = SequenceSet([SequenceSet.Range(1, last)])
        let there = NumberSet(try await session.search(.uid(all)))
        try await remove(known.filter { !there.contains($0) }, mailbox.uidValidity)
    }

    /// Takes messages out of our folder that left it upstream.
    private func remove(_ uids: [UID], _ validity: UInt32) async throws {
        let id = folder.mailbox
        for slice in uids.slices(of: Self.slice) {
            try await store.write { transaction in
                for uid in slice {
                    guard let row = try transaction.upstreamMessage(uid, uidValidity: validity, in: id) else {
                        continue
                    }
                    try transaction.removeUpstreamMessage(uid, uidValidity: validity, in: id)
                    try transaction.removeSurplus(of: row.message, in: id)
                }
            }
        }
    }

    // MARK: A new UIDVALIDITY

    /// Binds what is there under new UIDs to the messages that we have: by Message-ID, size and date.
    private func remap(from old: UInt32, to mailbox: SelectedMailbox) async throws {
        let id = folder.mailbox
        let field = SectionSpec(.headerFields(["Message-ID"]))
        let items: [FetchItem] = [.uid, .flags, .size, .internalDate, .section(field, partial: nil, peek: true)]
        let there =
            mailbox.exists == 0
            ? [] : try await session.fetch(SequenceSet([SequenceSet.Range(1, nil)]), items).sorted { $0.uid < $1.uid }
        let (folder, house) = (folder, house)
        try await store.write { transaction in
            var known: [Identity: [UpstreamMessageRow]] = [:]
            let rows = try transaction.upstreamMessages(in: id, uidValidity: old)
            for row in rows {
                guard let message = try transaction.message(row.message) else { continue }
                known[Identity(message), default: []].append(row)
                try transaction.removeUpstreamMessage(row.uid, uidValidity: old, in: id)
            }
            for message in there {
                let identity = Identity(message)
                guard let found = known[identity]?.first else { continue }
                known[identity]?.removeFirst()
                let theirs = Flags(wire: message.flags ?? []).shared(with: folder, house)
                try transaction.saveUpstreamMessage(
                    UpstreamMessageRow(
                        mailbox: id,
                        uidValidity: mailbox.uidValidity,
                        uid: message.uid,
                        message: found.message,
                        modSeq: message.modSeq ?? 0,
                        flags: theirs
                    )
                )
                guard let ours = try transaction.message(found.message)?.flags else { continue }
                let pending = try transaction.pendingFlags(of: found.message)
                let merge = FlagMerge(base: found.flags, theirs: theirs, pending: pending)
                try transaction.setFlags(merge.applied(to: ours), of: found.message)
            }
            for gone in known.values.joined().map(\.message).sorted() {
                try transaction.removeSurplus(of: gone, in: id)
            }
        }
    }

    /// What stays the same of a message when its UID changes.
    private struct Identity: Hashable {
        let messageID: String
        let size: Int
        let seconds: Int64

        init(_ message: MessageRow) {
            messageID = String(Likeness.bare(message.messageID))
            size = message.size
            seconds = message.internalDate.seconds
        }

        init(_ message: FetchedMessage) {
            messageID = Header(message.body ?? []).messageID.map { String(Likeness.bare($0)) } ?? ""
            size = Int(clamping: message.size ?? 0)
            seconds = message.received?.seconds ?? 0
        }
    }
}

extension Transaction {
    /// Takes a message out of a folder as often as it stands there more than it should, after a
    /// place upstream went: operations on their way count, so that none of them is undone.
    func removeSurplus(of message: MessageID, in mailbox: MailboxID) throws(StoreError) {
        var expected = try upstreamPlaces(of: message).count { $0.mailbox == mailbox }
        for row in try journal(of: message) {
            guard let operation = Operation(row) else { continue }
            if operation.source == mailbox { expected -= 1 }
        }
        expected = max(0, expected)
        for row in try journal(of: message) where Operation(row)?.target == mailbox { expected += 1 }
        let places = try placements(of: message).filter { $0.mailbox == mailbox }
        for place in places.prefix(max(0, places.count - expected)) {
            try expunge([place.uid], from: mailbox)
        }
    }
}

extension Flags {
    /// Flags from upstream as far as they are ours too: \Seen only where it is one for all, no
    /// \Deleted, and no keyword of state (INV-4).
    func shared(with folder: MirroredFolder, _ house: any MirrorHouse) -> Self {
        Self(
            upstream.system.subtracting(folder.sharesSeen ? [] : .seen),
            keywords: keywords.filter { house.accepts($0) }
        )
    }
}

extension UpstreamMailboxRow {
    func with(uidNext: UID? = nil, highestModSeq: ModSeq? = nil) -> Self {
        Self(
            mailbox: mailbox,
            name: name,
            uidValidity: uidValidity,
            uidNext: uidNext ?? self.uidNext,
            highestModSeq: highestModSeq ?? self.highestModSeq
        )
    }
}

extension UpstreamMessageRow {
    func with(flags: Flags, modSeq: ModSeq?) -> Self {
        Self(
            mailbox: mailbox,
            uidValidity: uidValidity,
            uid: uid,
            message: message,
            modSeq: modSeq ?? self.modSeq,
            flags: flags
        )
    }
}

extension Array {
    func slices(of count: Int) -> [[Element]] {
        stride(from: 0, to: self.count, by: count).map { Array(self[$0..<Swift.min($0 + count, self.count)]) }
    }
}
