package import Base
internal import IMAPWire
internal import SQLite

extension ReadTransaction {
    /// The messages behind one with their senders, oldest first.
    package func senders(
        after message: MessageID,
        limit: Int
    ) throws(StoreError) -> [(id: MessageID, sender: String)] {
        try all("SELECT id, sender FROM message WHERE id > ? ORDER BY id LIMIT ?", message, limit) {
            (id: $0[0], sender: $0[1])
        }
    }

    /// The messages with a body, oldest first.
    package func messages(withBody hash: [UInt8]) throws(StoreError) -> [MessageID] {
        try all("SELECT id FROM message WHERE body = ? ORDER BY id", hash) { $0[0] }
    }

    package func message(_ id: MessageID) throws(StoreError) -> MessageRow? {
        try first(
            """
            SELECT id, account, message_id, body, size, internal_date, direction, flags, keywords, state_keywords,
                conversation, sender, subject
            FROM message WHERE id = ?
            """,
            id
        ) { MessageRow($0) }
    }

    /// The messages that a Message-ID names, oldest first: several may share one.
    package func messages(withMessageID messageID: String) throws(StoreError) -> [MessageRow] {
        try all(
            """
            SELECT id, account, m.message_id, body, size, internal_date, direction, flags, keywords, state_keywords,
                conversation, sender, subject
            FROM thread t JOIN message m ON m.id = t.message WHERE t.message_id = ? ORDER BY m.id
            """,
            messageID
        ) { MessageRow($0) }
    }

    /// The messages of an account with a body, oldest first.
    package func messages(of account: AccountID, withBody hash: [UInt8]) throws(StoreError) -> [MessageRow] {
        try all(
            """
            SELECT id, account, message_id, body, size, internal_date, direction, flags, keywords, state_keywords,
                conversation, sender, subject
            FROM message WHERE body = ? AND account = ? ORDER BY id
            """,
            hash,
            account
        ) { MessageRow($0) }
    }

    /// The messages of a conversation, in order of INTERNALDATE.
    package func messages(in conversation: ConversationID) throws(StoreError) -> [MessageRow] {
        try all(
            """
            SELECT id, account, message_id, body, size, internal_date, direction, flags, keywords, state_keywords,
                conversation, sender, subject
            FROM message WHERE conversation = ? ORDER BY internal_date, id
            """,
            conversation
        ) { MessageRow($0) }
    }

    /// The newest messages of a conversation, the newest first.
    package func newestMessages(in conversation: ConversationID, limit: Int) throws(StoreError) -> [MessageID] {
        try all(
            "SELECT id FROM message WHERE conversation = ? ORDER BY internal_date DESC, id DESC LIMIT ?",
            conversation,
            limit
        ) { $0[0] }
    }

    /// The newest message of a conversation in a direction.
    package func newestMessage(
        in conversation: ConversationID,
        direction: String
    ) throws(StoreError) -> MessageRow? {
        try first(
            """
            SELECT id, account, message_id, body, size, internal_date, direction, flags, keywords, state_keywords,
                conversation, sender, subject
            FROM message WHERE conversation = ? AND direction = ? ORDER BY internal_date DESC, id DESC LIMIT 1
            """,
            conversation,
            direction
        ) { MessageRow($0) }
    }

    package func edition(_ id: EditionID) throws(StoreError) -> EditionRow? {
        try first(
            """
            SELECT e.id, e.message, e.block, e.size, m.body
            FROM edition e JOIN message m ON m.id = e.message WHERE e.id = ?
            """,
            id
        ) { EditionRow($0) }
    }

    /// The editions of a message, oldest first.
    package func editions(of message: MessageID) throws(StoreError) -> [EditionRow] {
        try all(
            """
            SELECT e.id, e.message, e.block, e.size, m.body
            FROM edition e JOIN message m ON m.id = e.message WHERE e.message = ? ORDER BY e.id
            """,
            message
        ) { EditionRow($0) }
    }

    /// The conversation that the message was in when the edition was made, for ever (RFC 8474 §5.2).
    package func thread(of edition: EditionID) throws(StoreError) -> ConversationID? {
        try first("SELECT thread FROM edition WHERE id = ?", edition) { $0[0] as ConversationID? } ?? nil
    }
}

extension Transaction {
    /// Inserts a message, names its body, and lists it under its Message-ID.
    package func insertMessage(_ new: NewMessage) throws(StoreError) -> MessageID {
        try insertBody(new.body)
        let id: MessageID = try insert(
            """
            INSERT INTO message (account, message_id, body, size, internal_date, direction, flags, keywords,
                state_keywords, conversation, sender, subject)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            new.account,
            new.messageID,
            new.body.hash,
            new.body.size,
            new.internalDate,
            new.direction,
            new.flags.system.storable,
            KeywordText.encode(new.flags.keywords),
            KeywordText.encode(new.stateKeywords),
            new.conversation,
            new.sender,
            new.subject
        )
        made.messages[id] = MadeRows.Message(
            size: new.body.size,
            flags: SharedFlags(flags: new.flags, stateKeywords: new.stateKeywords),
            conversation: new.conversation
        )
        try listMessage(id, underMessageID: new.messageID)
        if let structure = new.body.structure { try keepStructure(structure, of: id) }
        return id
    }

    /// Lists a message under one more Message-ID, such as that of its transmit form.
    package func listMessage(_ message: MessageID, underMessageID messageID: String) throws(StoreError) {
        guard !messageID.isEmpty else { return }
        try run(
            "INSERT INTO thread (message_id, message) VALUES (?, ?) ON CONFLICT DO NOTHING",
            messageID,
            message
        )
    }

    package func setConversation(_ conversation: ConversationID?, of message: MessageID) throws(StoreError) {
        made.messages[message]?.conversation = conversation
        try run("UPDATE message SET conversation = ? WHERE id = ?", conversation, message)
    }

    /// Inserts an edition: its bytes never change (INV-3).
    ///
    /// `block`: What stands before the body; empty for a draft or history.
    package func insertEdition(of message: MessageID, block: [UInt8]) throws(StoreError) -> EditionID {
        let source: (size: Int, thread: ConversationID?)?
        if let made = made.messages[message] {
            source = (made.size, made.conversation)
        } else {
            source = try first("SELECT size, conversation FROM message WHERE id = ?", message) { ($0[0], $0[1]) }
        }
        guard let source else { throw .missing("message \(message)") }
        let size = source.size + block.count
        let id = try insertEdition(of: message, block: block, size: size, thread: source.thread)
        made.editions[id] = MadeRows.Edition(message: message, size: size)
        return id
    }

    /// The newest edition of a message; nothing is read where this change made it.
    package func newestEdition(of message: MessageID) throws(StoreError) -> EditionID? {
        if let made = made.editions.filter({ $0.value.message == message }).keys.max() { return made }
        return try editions(of: message).last?.id
    }

    private func insertEdition(
        of message: MessageID,
        block: [UInt8],
        size: Int,
        thread: ConversationID?
    ) throws(StoreError) -> EditionID {
        try insert(
            "INSERT INTO edition (message, block, size, thread) VALUES (?, ?, ?, ?)",
            message,
            block,
            size,
            thread
        )
    }

    /// Inserts a message with the one edition that has no block, and places it: nothing is read.
    package func insertMessage(
        _ new: NewMessage,
        in mailbox: MailboxID,
        received: Timestamp
    ) throws(StoreError) -> PlacementRow {
        let message = try insertMessage(new)
        let edition = try insertEdition(of: message, block: [], size: new.body.size, thread: new.conversation)
        let shared = SharedFlags(flags: new.flags, stateKeywords: new.stateKeywords)
        return try place(
            edition,
            of: message,
            size: new.body.size,
            flags: shared.shown(isSeen: try hasPrivateSeen(mailbox) ? false : nil),
            in: mailbox,
            received: received
        )
    }

    /// Removes a message that is placed nowhere, with its editions; gives whether it did.
    ///
    /// Its body goes with the next collection, if nothing else names it.
    package func removeMessageIfUnplaced(_ message: MessageID) throws(StoreError) -> Bool {
        let places = try first("SELECT count(*) FROM placement WHERE message = ?", message) { $0[0] as Int }
        guard places == 0 else { return false }
        made.messages[message] = nil
        try run("DELETE FROM message_structure WHERE message = ?", message)
        try run("DELETE FROM edition WHERE message = ?", message)
        try run("DELETE FROM thread WHERE message = ?", message)
        try run("DELETE FROM message WHERE id = ?", message)
        return true
    }
}

extension MessageRow {
    init(_ row: borrowing Row) {
        self.init(
            id: row[0],
            account: row[1],
            messageID: row[2],
            body: row[3],
            size: row[4],
            internalDate: row[5],
            direction: row[6],
            flags: Flags(SystemFlags(stored: row[7]), keywords: KeywordText.decode(row[8])),
            stateKeywords: KeywordText.decode(row[9]),
            conversation: row[10],
            sender: row[11],
            subject: row[12]
        )
    }
}

extension EditionRow {
    init(_ row: borrowing Row) {
        self.init(id: row[0], message: row[1], block: row[2], size: row[3], body: row[4])
    }
}

extension SystemFlags {
    /// As a column holds them; \Recent belongs to a session and is never stored.
    var storable: Int64 { Int64(subtracting(.recent).rawValue) }

    init(stored: Int64) {
        self.init(rawValue: UInt8(truncatingIfNeeded: stored))
    }
}

/// Keywords as one column: atoms, so that a space can stand between them.
enum KeywordText {
    static func encode(_ keywords: [Keyword]) -> String {
        keywords.map(\.name).joined(separator: " ")
    }

    static func decode(_ text: String) -> [Keyword] {
        text.isEmpty ? [] : text.split(separator: " ").map { Keyword(String($0)) }
    }
}
