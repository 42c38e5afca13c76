import Base
import SQLite
import TestSupport
import Testing

/// A connection to a database on a new simulated disk.
func connect() throws -> Connection {
    try Connection(path: "/db", vfs: try SimulatedDisk().register())
}

@Suite struct ConnectionTests {
    @Test("every type comes back as it was bound")
    func types() throws {
        let connection = try connect()
        try connection.execute("CREATE TABLE value (a, b, c, d, e, f, g, h)")
        let bytes: [UInt8] = [0, 1, 0xFF]
        try connection.run(
            "INSERT INTO value VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            Int64.min,
            UInt64.max,
            "naïve 😀",
            bytes,
            String?.none,
            Timestamp(milliseconds: -5),
            true,
            MailboxID(rawValue: 7)
        )
        let isSame = try connection.first("SELECT * FROM value") { row in
            row[0] == Int64.min && row[1] == UInt64.max && row[2] == "naïve 😀" && row[3] == bytes
                && row[4] == String?.none && row[5] == Timestamp(milliseconds: -5) && row[6] == true
                && row[7] == MailboxID(rawValue: 7)
        }
        #expect(isSame == true)
    }

    @Test("empty text and empty bytes are not NULL")
    func empty() throws {
        let connection = try connect()
        let nulls = try connection.first("SELECT ? IS NULL, ? IS NULL", "", [UInt8]()) {
            ($0[0] as Bool, $0[1] as Bool)
        }
        #expect(nulls?.0 == false && nulls?.1 == false)
        #expect(try connection.first("SELECT ?", [UInt8]()) { $0[0] as [UInt8]? } == .some(.some([])))
    }

    @Test("a statement is used again after an error, and inside its own rows")
    func statements() throws {
        let connection = try connect()
        try connection.execute("CREATE TABLE item (id INTEGER PRIMARY KEY)")
        func insert(_ id: Int) throws { try connection.run("INSERT INTO item VALUES (?)", id) }
        try insert(1)
        #expect(throws: SQLiteError.self) { try insert(1) }
        try insert(2)
        func ids() throws -> [Int] { try connection.all("SELECT id FROM item ORDER BY id") { $0[0] } }
        var inner: [[Int]] = []
        try connection.scan("SELECT id FROM item ORDER BY id") { _ in
            inner.append((try? ids()) ?? [])
            return true
        }
        #expect(inner == [[1, 2], [1, 2]])
    }

    @Test("an extended result code is matched by its primary one, not by another")
    func codes() throws {
        let connection = try connect()
        try connection.execute("CREATE TABLE item (id INTEGER PRIMARY KEY); INSERT INTO item VALUES (1)")
        let error = try #require(throws: SQLiteError.self) { try connection.run("INSERT INTO item VALUES (1)") }
        #expect(ResultCode.constraint ~= error.code)
        #expect(error.code != .constraint)
        #expect(!(ResultCode.ioErrorSync ~= error.code))
    }

    @Test("a failed savepoint undoes its own changes only")
    func savepoints() throws {
        struct Refusal: Error {}
        let connection = try connect()
        try connection.execute("CREATE TABLE item (id INTEGER)")
        try connection.transaction(.write) {
            try connection.savepoint { try connection.run("INSERT INTO item VALUES (1)") }
            #expect(throws: Refusal.self) {
                try connection.savepoint {
                    try connection.run("INSERT INTO item VALUES (2)")
                    throw Refusal()
                }
            }
        }
        #expect(try connection.all("SELECT id FROM item") { $0[0] as Int } == [1])
        #expect(throws: Refusal.self) {
            try connection.transaction(.write) {
                try connection.run("INSERT INTO item VALUES (3)")
                throw Refusal()
            }
        }
        #expect(connection.isOutsideTransaction)
        #expect(try connection.all("SELECT id FROM item") { $0[0] as Int } == [1])
    }

    @Test("migrations run once, in order, all or none")
    func migrations() throws {
        let connection = try connect()
        let first = Migration(version: 1, sql: "CREATE TABLE one (id INTEGER)")
        try connection.migrate([first])
        try connection.migrate([first, Migration(version: 2, sql: "ALTER TABLE one ADD COLUMN text TEXT")])
        #expect(try connection.schemaVersion() == 2)
        let broken = [
            Migration(version: 3, sql: "CREATE TABLE three (id)"), Migration(version: 4, sql: "CREATE nothing"),
        ]
        #expect(throws: SQLiteError.self) { try connection.migrate(broken) }
        #expect(try connection.schemaVersion() == 2)
        #expect(throws: SQLiteError.self) { try connection.execute("SELECT * FROM three") }
    }

    @Test("a backup is the database at one moment")
    func backup() throws {
        let disk = SimulatedDisk()
        let vfs = try disk.register()
        let connection = try Connection(path: "/db", vfs: vfs)
        try connection.execute("PRAGMA journal_mode = WAL; CREATE TABLE item (id INTEGER); INSERT INTO item VALUES (1)")
        let copy = try Connection(path: "/copy", vfs: vfs)
        try connection.backup(to: copy)
        try connection.execute("INSERT INTO item VALUES (2)")
        #expect(try copy.all("SELECT id FROM item") { $0[0] as Int } == [1])
    }
}
