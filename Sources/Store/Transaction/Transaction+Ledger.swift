package import Base
internal import SQLite

extension ReadTransaction {
    /// The end of the chain; nil before the first event.
    package func ledgerHead() throws(StoreError) -> LedgerHead? {
        try first("SELECT number, link FROM ledger_head WHERE id = 1") { LedgerHead(number: $0[0], link: $0[1]) }
    }

    package func event(_ number: EventNumber) throws(StoreError) -> EventRow? {
        try first(
            """
            SELECT e.number, e.at, e.kind, e.subject, e.commitment, e.link, p.salt, p.payload
            FROM event e LEFT JOIN event_payload p ON p.number = e.number WHERE e.number = ?
            """,
            number
        ) { EventRow($0) }
    }

    /// At most `limit` events from a number on, in order.
    package func events(from first: EventNumber, limit: Int) throws(StoreError) -> [EventRow] {
        try all(
            """
            SELECT e.number, e.at, e.kind, e.subject, e.commitment, e.link, p.salt, p.payload
            FROM event e LEFT JOIN event_payload p ON p.number = e.number
            WHERE e.number >= ? ORDER BY e.number LIMIT ?
            """,
            first,
            limit
        ) { EventRow($0) }
    }

    /// Every event about a subject, in order.
    package func events(about subject: String) throws(StoreError) -> [EventRow] {
        try all(
            """
            SELECT e.number, e.at, e.kind, e.subject, e.commitment, e.link, p.salt, p.payload
            FROM event e LEFT JOIN event_payload p ON p.number = e.number
            WHERE e.subject = ? ORDER BY e.number
            """,
            subject
        ) { EventRow($0) }
    }

    /// The events of one kind about a subject since a time, in order.
    package func events(
        about subject: String,
        kind: String,
        since: Timestamp
    ) throws(StoreError) -> [EventRow] {
        try all(
            """
            SELECT e.number, e.at, e.kind, e.subject, e.commitment, e.link, p.salt, p.payload
            FROM event e LEFT JOIN event_payload p ON p.number = e.number
            WHERE e.subject = ? AND e.kind = ? AND e.at >= ? ORDER BY e.number
            """,
            subject,
            kind,
            since
        ) { EventRow($0) }
    }

    /// Every event in order, one at a time, as long as the closure answers true: for verification
    /// and replay, in constant memory.
    package func scanEvents(
        from first: EventNumber = EventNumber(rawValue: 1),
        _ body: (EventRow) -> Bool
    ) throws(StoreError) {
        try scan(
            """
            SELECT e.number, e.at, e.kind, e.subject, e.commitment, e.link, p.salt, p.payload
            FROM event e LEFT JOIN event_payload p ON p.number = e.number WHERE e.number >= ? ORDER BY e.number
            """,
            first
        ) { body(EventRow($0)) }
    }

    package func configuration(_ hash: String) throws(StoreError) -> ConfigurationRow? {
        try first("SELECT hash, text, accepted_at FROM configuration WHERE hash = ?", hash) {
            ConfigurationRow(hash: $0[0], text: $0[1], acceptedAt: $0[2])
        }
    }

    /// The configuration that was accepted last.
    package func latestConfiguration() throws(StoreError) -> ConfigurationRow? {
        try first("SELECT hash, text, accepted_at FROM configuration ORDER BY accepted_at DESC, hash LIMIT 1") {
            ConfigurationRow(hash: $0[0], text: $0[1], acceptedAt: $0[2])
        }
    }
}

extension Transaction {
    /// Appends a sealed event and makes it the head of the chain (INV-6).
    ///
    /// The projection runs over all events of the change when its closure has returned.
    package func append(_ event: EventRow) throws(StoreError) {
        let last = try chainHead()?.number.rawValue ?? 0
        guard event.number.rawValue == last + 1 else { throw .outOfOrder(event.number) }
        try run(
            "INSERT INTO event (number, at, kind, subject, commitment, link) VALUES (?, ?, ?, ?, ?, ?)",
            event.number,
            event.at,
            event.kind,
            event.subject,
            event.commitment,
            event.link
        )
        if let salt = event.salt, let payload = event.payload {
            try run(
                "INSERT INTO event_payload (number, salt, payload) VALUES (?, ?, ?)",
                event.number,
                salt,
                payload
            )
        }
        try run(
            """
            INSERT INTO ledger_head (id, number, link) VALUES (1, ?, ?)
            ON CONFLICT (id) DO UPDATE SET number = excluded.number, link = excluded.link
            """,
            event.number,
            event.link
        )
        events.append(event)
        known.head = LedgerHead(number: event.number, link: event.link)
    }

    /// The end of the chain as this change has made it: read once, since nobody else writes.
    package func chainHead() throws(StoreError) -> LedgerHead? {
        if let head = known.head { return head }
        known.head = try ledgerHead()
        return known.head
    }

    /// Destroys salt and payload of an event; the event stays, and the chain still verifies (INV-6).
    package func erasePayload(of event: EventNumber) throws(StoreError) {
        try run("DELETE FROM event_payload WHERE number = ?", event)
    }

    package func keepConfiguration(hash: String, text: [UInt8]) throws(StoreError) {
        try run(
            """
            INSERT INTO configuration (hash, text, accepted_at) VALUES (?, ?, ?)
            ON CONFLICT (hash) DO UPDATE SET accepted_at = excluded.accepted_at
            """,
            hash,
            text,
            now
        )
    }
}

extension EventRow {
    init(_ row: borrowing Row) {
        self.init(
            number: row[0],
            at: row[1],
            kind: row[2],
            subject: row[3],
            commitment: row[4],
            link: row[5],
            salt: row[6],
            payload: row[7]
        )
    }
}
