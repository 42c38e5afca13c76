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

/// What an account was asked to be.
struct EnsuredAccount: Hashable {
    let name: String
    let kind: AccountRow.Kind
    let owner: String?
}

extension Transaction {
    /// Makes an account, or gives the one of that name, with its owner brought up to date.
    package func ensureAccount(
        named name: String,
        kind: AccountRow.Kind,
        owner: String?
    ) throws(StoreError) -> AccountID {
        let wanted = EnsuredAccount(name: name, kind: kind, owner: owner)
        if let known = known.accounts[wanted] { return known }
        let id: AccountID
        if let existing = try account(named: name) {
            if existing.kind != kind || existing.owner != owner {
                known.accounts = [:]
                try run("UPDATE account SET kind = ?, owner = ? WHERE id = ?", kind.rawValue, owner, existing.id)
            }
            id = existing.id
        } else {
            id = try insert("INSERT INTO account (name, kind, owner) VALUES (?, ?, ?)", name, kind.rawValue, owner)
        }
        known.accounts[wanted] = id
        return id
    }
}

extension AccountRow {
    init(_ row: borrowing Row) {
        self.init(id: row[0], name: row[1], kind: Kind(rawValue: row[2]) ?? .local, owner: row[3])
    }
}
