package import Base
internal import SQLite

extension Store {
    /// Removes messages that clients filed and that are placed nowhere any more, such as drafts that
    /// were saved again, with their bodies.
    ///
    /// Only those of `candidates` go, which an earlier call gave: until every session was told of the
    /// expunge, it may still fetch them. Gives the candidates of the next call.
    package func collectMessages(_ candidates: Set<MessageID>) async throws -> Set<MessageID> {
        let unplaced = try await read { try $0.unplacedMessages(limit: Limits.messagesPerCollection) }
        let removed = unplaced.filter { candidates.contains($0) }
        var rest = removed[...]
        while !rest.isEmpty {
            let slice = Array(rest.prefix(Limits.bodiesPerCollection))
            rest = rest.dropFirst(slice.count)
            let files = try await write { try $0.removeMessages(slice) }
            // Only once the rows are durably gone: a file must not be missing for a row that came back.
            if !files.isEmpty { try await write { try $0.removeFiles(files) } }
        }
        return Set(unplaced).subtracting(removed)
    }
}

extension ReadTransaction {
    /// Messages that clients filed, that belong to no conversation, stand in no mailbox, and that the
    /// upstream is not to be told of any more.
    func unplacedMessages(limit: Int) throws(StoreError) -> [MessageID] {
        try all(
            """
            SELECT m.id FROM message m WHERE m.direction = 'filed' AND m.conversation IS NULL
                AND NOT EXISTS (SELECT 1 FROM placement p WHERE p.message = m.id)
                AND NOT EXISTS (SELECT 1 FROM journal j WHERE j.message = m.id)
                AND NOT EXISTS (SELECT 1 FROM upstream_message u WHERE u.message = m.id)
            ORDER BY m.id LIMIT ?
            """,
            limit
        ) { $0[0] }
    }
}

extension Transaction {
    /// Removes those of the messages that are placed nowhere; gives the files of bodies that went too.
    fileprivate func removeMessages(_ messages: [MessageID]) throws(StoreError) -> [BodyFile] {
        var files: [BodyFile] = []
        for message in messages {
            guard let row = try self.message(message), try removeMessageIfUnplaced(message) else { continue }
            if let file = try removeBodyIfUnused(row.body) { files.append(file) }
        }
        return files
    }
}
