internal import Base
internal import Flow
internal import IMAPServer
internal import IMAPWire
internal import Store

// Commands on many messages: in slices, so that nobody else waits for all of it (DESIGN §5).
extension MemberSession {
    /// Makes a change slice by slice; what was done when one fails stays done.
    ///
    /// With `isOne` it is one change: UNCHANGEDSINCE compares with what was before the first of it.
    /// STORE and EXPUNGE may do a part (RFC 9051 §6.4.6), and MOVE message by message (RFC 6851 §3.3).
    func writeInSlices<Value: Sendable>(
        _ uids: [UID],
        isOne: Bool = false,
        _ progress: Progress? = nil,
        _ body: @escaping @Sendable (Transaction, [UID]) throws -> [Value]
    ) async throws(IMAPFailure) -> [Value] {
        var values: [Value] = []
        var rest = uids[...]
        while !rest.isEmpty {
            let slice = Array(rest.prefix(isOne ? rest.count : Limits.placementsPerChange))
            rest = rest.dropFirst(slice.count)
            values += try await house.write { try body($0, slice) }
            await progress?.note(uids.count - rest.count, of: uids.count)
        }
        return values
    }

    /// Copies all of the messages or none (RFC 9051 §6.4.7).
    ///
    /// Among an account's folders large ones go in slices, and the copies made are taken back where a
    /// later one fails; into a folder that acts it is one change, since an act cannot be taken back.
    /// `octets` is what they take in the target's account, where there must be room for all.
    func copy(
        _ uids: [UID],
        octets: Int,
        from source: MailboxRow,
        to target: FolderList.Folder,
        _ progress: Progress
    ) async throws(IMAPFailure) -> [Filing.Result] {
        let (rulebook, acting, row) = (house.rulebook, self.acting, target.row)
        let copy: @Sendable (Transaction, [UID]) throws -> [Filing.Result] = { transaction, slice in
            try Filing(rulebook: rulebook, transaction: transaction, member: acting)
                .copy(slice, from: source, to: row)
        }
        guard let account = target.account else { return try await house.write { try copy($0, uids) } }
        var results: [Filing.Result] = []
        var rest = uids[...]
        while !rest.isEmpty {
            let slice = Array(rest.prefix(Limits.placementsPerChange))
            rest = rest.dropFirst(slice.count)
            let isFirst = results.isEmpty
            do throws(IMAPFailure) {
                results += try await house.write { transaction in
                    if isFirst { try account.expectRoom(messages: uids.count, octets: octets, transaction) }
                    return try copy(transaction, slice)
                }
            } catch {
                let made = results.compactMap(\.target)
                _ = try? await writeInSlices(made) { transaction, slice in
                    try Filing(rulebook: rulebook, transaction: transaction, member: acting).expunge(slice, from: row)
                    return slice
                }
                throw error
            }
            await progress.note(uids.count - rest.count, of: uids.count)
        }
        return results
    }

    /// Refuses keywords that would make too many different ones in a mailbox (INV-9).
    ///
    /// Looked at where the mailbox is in memory, as it is for everybody who has it open.
    func expectRoom(for keywords: [Keyword], in mailbox: MailboxID) throws(IMAPFailure) {
        guard !keywords.isEmpty, let snapshot = house.store.currentSnapshot(of: mailbox, member: member) else { return }
        let used = Set(snapshot.entries.keywords)
        let new = Set(keywords).subtracting(used)
        guard new.isEmpty || used.count + new.count <= Limits.keywords else {
            throw .refused(.limit, "A mailbox takes \(Limits.keywords) different keywords")
        }
    }
}

extension FlagChange {
    /// The keywords that it may bring to a mailbox.
    var added: [Keyword] {
        switch self {
        case .replace(let flags), .add(let flags): flags.keywords
        case .remove: []
        }
    }
}
