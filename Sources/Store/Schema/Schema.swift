internal import SQLite

/// The tables, as the steps that made them.
///
/// SQL here and in the transactions keeps to what SQLite and PostgreSQL share, pragmas and the
/// making of numbers aside. Numbers that people or clients keep are never given twice
/// (AUTOINCREMENT): outbound messages, editions, messages, mailboxes.
enum Schema {
    static let migrations = [
        Migration(version: 1, sql: house + mail + records + outbound + mirror),
        Migration(version: 2, sql: structures),
        Migration(version: 3, sql: names),
        Migration(version: 4, sql: versions),
        Migration(version: 5, sql: relay),
        Migration(version: 6, sql: timing),
        Migration(version: 7, sql: contacts),
    ]

    /// The version that this binary reads and writes; it refuses newer ones.
    static var version: Int { migrations.last?.version ?? 0 }
}
