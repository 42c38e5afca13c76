import Base
import Testing

@testable import Config

/// Secrets of a machine that exists in memory.
private struct Machine: SecretProvider {
    var files = MemoryFiles()

    func environment(_ name: String) -> [UInt8]? { name == "TOKEN" ? Array("t0k".utf8) : nil }
    func output(of command: [String]) -> [UInt8]? { command == ["pass", "x"] ? Array("from a command\r\n".utf8) : nil }
    func status(_ path: String) throws(FilesError) -> FileStatus { try files.status(path) }
    func read(_ path: String) throws(FilesError) -> [UInt8] { try files.read(path) }
    func list(_ path: String) throws(FilesError) -> [String] { try files.list(path) }
}

@Suite struct SecretSourceTests {
    private func machine(permissions: UInt16 = 0o600, _ text: String = "secret\n") -> Machine {
        var machine = Machine()
        machine.files["s"] = text
        machine.files.files["s"]?.permissions = permissions
        return machine
    }

    @Test func resolvesEveryWay() throws {
        #expect(try SecretSource.environment(name: "TOKEN").resolve(with: machine()).exposed == Array("t0k".utf8))
        #expect(try SecretSource.file(path: "s").resolve(with: machine()).exposed == Array("secret".utf8))
        let command = SecretSource.command(["pass", "x"])
        #expect(try command.resolve(with: machine()).exposed == Array("from a command".utf8))
    }

    @Test(arguments: [0o644, 0o604, 0o602, 0o620, 0o666] as [UInt16])
    func whatOthersMayReadOrWriteIsRefused(_ permissions: UInt16) {
        #expect(throws: SecretError.exposed(path: "s")) {
            try SecretSource.file(path: "s").resolve(with: machine(permissions: permissions))
        }
    }

    @Test func saysWhatIsMissingAndNeverTheSecret() {
        let cases: [(SecretSource, Machine, String)] = [
            (.environment(name: "NO"), machine(), "the environment has no variable NO"),
            (.file(path: "none"), machine(), "none cannot be read: there is no such file"),
            (.file(path: "s"), machine("\n"), "s gives an empty secret"),
            (.file(path: "s"), machine(String(repeating: "x", count: 70_000)), "s gives more than 65536 bytes"),
            (.command(["false", "hunter2"]), machine(), "false did not end with status 0"),
        ]
        for (source, machine, text) in cases {
            do {
                _ = try source.resolve(with: machine)
                Issue.record("\(source) resolved")
            } catch {
                #expect(error.description == text)
            }
        }
    }
}
