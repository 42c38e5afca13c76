import Base
import SQLite
import TestSupport
import Testing

/// The file system in Swift below SQLite, and what a cut of its power leaves.
@Suite struct SimulatedDiskTests {
    @Test("two connections share a database with a write-ahead log; the second writer is told to wait")
    func sharing() throws {
        let vfs = try SimulatedDisk().register()
        let writer = try Connection(path: "/db", vfs: vfs)
        try writer.execute("PRAGMA journal_mode = WAL; CREATE TABLE item (id INTEGER)")
        let other = try Connection(path: "/db", vfs: vfs, busyTimeout: 0)
        try writer.begin(.write)
        try writer.run("INSERT INTO item VALUES (1)")
        #expect(try other.all("SELECT id FROM item") { $0[0] as Int } == [])
        let error = #expect(throws: SQLiteError.self) { try other.begin(.write) }
        #expect(error.map { .busy ~= $0.code } == true)
        try writer.commit()
        #expect(try other.all("SELECT id FROM item") { $0[0] as Int } == [1])
    }

    @Test("a reader keeps seeing what it began with")
    func isolation() throws {
        let vfs = try SimulatedDisk().register()
        let writer = try Connection(path: "/db", vfs: vfs)
        try writer.execute("PRAGMA journal_mode = WAL; CREATE TABLE item (id INTEGER)")
        let reader = try Connection(path: "/db", vfs: vfs)
        try reader.begin(.read)
        #expect(try reader.first("SELECT count(*) FROM item") { $0[0] as Int } == 0)
        try writer.run("INSERT INTO item VALUES (1)")
        #expect(try reader.first("SELECT count(*) FROM item") { $0[0] as Int } == 0)
        try reader.commit()
        #expect(try reader.first("SELECT count(*) FROM item") { $0[0] as Int } == 1)
    }

    @Test("a lock is exclusive between connections and free again when its owner is gone")
    func locks() throws {
        let vfs = try SimulatedDisk().register()
        var owner: Connection? = try Connection(path: "/lock", vfs: vfs, busyTimeout: 0)
        try owner?.execute("PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE")
        let other = try Connection(path: "/lock", vfs: vfs, busyTimeout: 0)
        #expect(throws: SQLiteError.self) { try other.execute("BEGIN EXCLUSIVE") }
        owner = nil
        try other.execute("BEGIN EXCLUSIVE")
    }

    @Test("after a cut, what was synced is there and what was not may be gone", arguments: DiskReplay.Loss.allCases)
    func cut(_ loss: DiskReplay.Loss) throws {
        let disk = SimulatedDisk()
        try disk.writeDurably([1, 2, 3], to: "/kept")
        let file = try disk.open("/lost", kind: .temporary, create: true)
        try file.write([4, 5, 6], at: 0)
        var replay = DiskReplay()
        for operation in disk.trace { replay.apply(operation) }
        for seed in 1...20 {
            let after = replay.disk(losing: loss, seed: UInt64(seed))
            #expect(try after.read("/kept") == [1, 2, 3])
            switch loss {
            case .all: #expect(!after.exists("/lost"))
            case .nothing: #expect(try after.read("/lost") == [4, 5, 6])
            case .some:
                guard after.exists("/lost") else { continue }
                #expect([4, 5, 6].starts(with: try after.read("/lost")))
            }
        }
    }

    @Test("calls fail where they are told to, and a full disk says so")
    func faults() throws {
        let disk = SimulatedDisk()
        disk.fail(.sync, after: 2)
        try disk.write([1], to: "/a", failing: nil)
        try disk.write([1], to: "/b", failing: "fsync")
        disk.mend()
        disk.setCapacity(disk.usedBytes + 10)
        let error = #expect(throws: FilesError.self) {
            try disk.writeDurably([UInt8](repeating: 0, count: 11), to: "/c")
        }
        #expect(error?.isDiskFull == true)
    }
}

extension SimulatedDisk {
    /// Writes a file without its directory's sync, so that one sync belongs to it.
    fileprivate func write(_ bytes: [UInt8], to path: String, failing operation: String?) throws {
        let file = try open(path, kind: .temporary, create: true)
        try file.write(bytes, at: 0)
        if operation == nil {
            try file.sync()
        } else {
            #expect(throws: VFSError.self) { try file.sync() }
        }
    }
}
