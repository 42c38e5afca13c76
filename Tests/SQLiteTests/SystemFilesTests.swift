import Base
import Glibc
import SQLite
import Testing

/// The machine's own file system, in a directory that is removed at the end.
@Suite struct SystemFilesTests {
    private let files = SystemFiles()

    private func withDirectory(_ body: (String) throws -> Void) throws {
        let directory = "/tmp/greenroom-files-\(getpid())-\(UInt64.random(in: 0 ... .max))"
        try files.makeDirectory(directory)
        defer { unsafe rmdir(directory) }
        try body(directory)
    }

    @Test("a file is written, replaced, read whole and in part, listed and removed")
    func roundTrip() throws {
        try withDirectory { directory in
            let path = directory + "/a"
            try files.writeDurably([1, 2, 3], to: path)
            try files.writeDurably([4, 5, 6, 7], to: path)
            #expect(try files.read(path) == [4, 5, 6, 7])
            #expect(try files.read(path, at: 1, count: 2) == [5, 6])
            #expect(try files.read(path, at: 3, count: 9) == [7])
            #expect(try files.list(directory) == ["a"])
            try files.remove(path)
            #expect(!files.exists(path))
        }
    }

    @Test("an empty file is a file")
    func empty() throws {
        try withDirectory { directory in
            try files.writeDurably([], to: directory + "/e")
            #expect(try files.read(directory + "/e") == [])
            try files.remove(directory + "/e")
        }
    }

    @Test("what is not there has the system's error number")
    func missing() {
        let error = #expect(throws: FilesError.self) { try files.read("/nowhere/at/all") }
        #expect(error?.errno == ENOENT)
        #expect(error?.operation == "open")
        #expect(throws: FilesError.self) { try files.writeDurably([1], to: "/nowhere/at/all") }
        #expect(throws: FilesError.self) { try files.remove("/nowhere/at/all") }
        #expect(throws: FilesError.self) { try files.list("/nowhere") }
    }

    @Test("a database on the machine's disk")
    func database() throws {
        try withDirectory { directory in
            let path = directory + "/db"
            do {
                let connection = try Connection(path: path)
                try connection.execute("PRAGMA journal_mode = WAL; CREATE TABLE item (id INTEGER)")
                try connection.run("INSERT INTO item VALUES (?)", 1)
                #expect(connection.framesInLog > 0)
                try connection.checkpoint()
            }
            let readOnly = try Connection(path: path, mode: .readOnly)
            #expect(try readOnly.all("SELECT id FROM item") { $0[0] as Int } == [1])
            #expect(throws: SQLiteError.self) { try readOnly.run("INSERT INTO item VALUES (2)") }
            for name in try files.list(directory) { try files.remove("\(directory)/\(name)") }
        }
    }
}
