package import Base
internal import SQLite

extension ReadTransaction {
    package func accounts() throws(StoreError) -> [AccountRow] {
        try all("SELECT id, name, kind, owner FROM account ORDER BY id") { AccountRow($0) }
    }

    package func account(_ id: AccountID) throws(StoreError) -> AccountRow? {
        try first("SELECT id, name, kind, owner FROM account WHERE id = ?", id) { AccountRow($0) }
    }

    package func account(named name: String) throws(StoreError) -> AccountRow? {
        try first("SELECT id, name, kind, owner FROM account WHERE name = ?", name) { AccountRow($0) }
    }
}

extension Transaction {
    /// Makes an account, or gives the one of that name, with its owner brought up to date.
    package func ensureAccount(
        named name: String,
        kind: AccountRow.Kind,
        owner: String?
    ) throws(StoreError) -> AccountID {
        if let existing = try account(named: name) {
            if existing.kind != kind || existing.owner != owner {
                try run("UPDATE account SET kind = ?, owner = ? WHERE id = ?", kind.rawValue, owner, existing.id)
            }
            return existing.id
        }
        return try insert("INSERT INTO account (name, kind, owner) VALUES (?, ?, ?)", name, kind.rawValue, owner)
    }
}

extension AccountRow {
    init(_ row: borrowing Row) {
        self.init(id: row[0], name: row[1], kind: Kind(rawValue: row[2]) ?? .local, owner: row[3])
    }
}
