internal import Base
internal import Glibc
package import Net

/// A certificate authority for one test, made by the `openssl` command in a directory of its own.
package final class TestAuthority: Sendable {
    package let directory: String

    package init() throws {
        directory = try TestDirectory.make()
        try openssl(
            ["req", "-x509", "-subj", "/CN=Test authority", "-addext", "keyUsage=critical,keyCertSign"],
            name: "authority",
            days: 2
        )
    }

    deinit { TestDirectory.remove(directory) }

    /// The authority's certificate, for `TLSTrust.file`.
    package var certificateFile: String { directory + "/authority.pem" }

    /// A certificate for these host names or addresses; a second one under the same file name
    /// replaces the first.
    package func issue(_ names: [String], file: String = "server", days: Int = 1) throws -> TLSIdentity {
        let alternatives = names.map { (IPAddress($0) == nil ? "DNS:" : "IP:") + $0 }.joined(separator: ",")
        try openssl(
            [
                "req", "-x509", "-CA", certificateFile, "-CAkey", directory + "/authority.key",
                "-subj", "/CN=\(names.first ?? "")", "-addext", "subjectAltName=\(alternatives)",
                "-addext", "basicConstraints=critical,CA:FALSE",
            ],
            name: file,
            days: days
        )
        return TLSIdentity(certificateFile: "\(directory)/\(file).pem", keyFile: "\(directory)/\(file).key")
    }

    private func openssl(_ arguments: [String], name: String, days: Int) throws {
        try SystemProgram.run(
            ["openssl"] + arguments + [
                "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", String(days),
                "-keyout", "\(directory)/\(name).key", "-out", "\(directory)/\(name).pem",
            ]
        )
    }
}

/// A directory that a test has to itself.
package enum TestDirectory {
    package static func make() throws -> String {
        var template = Array("/tmp/greenroom-test-XXXXXX".utf8CString)
        guard unsafe mkdtemp(&template) != nil else { throw TestFailure("mkdtemp: error \(errno)") }
        return String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    package static func remove(_ directory: String) {
        try? SystemProgram.run(["rm", "-rf", directory])
    }
}

/// What a test needs and cannot get.
package struct TestFailure: Error, Hashable, CustomStringConvertible {
    package let description: String

    package init(_ description: String) { self.description = description }
}

/// A program of the system, run to its end without output.
package enum SystemProgram {
    package static func run(_ arguments: [String]) throws {
        var pointers = unsafe arguments.map { unsafe strdup($0) }
        unsafe pointers.append(nil)
        defer { unsafe pointers.forEach { unsafe free($0) } }
        var actions = unsafe posix_spawn_file_actions_t()
        unsafe posix_spawn_file_actions_init(&actions)
        defer { unsafe posix_spawn_file_actions_destroy(&actions) }
        for descriptor in Int32(0)...2 {
            unsafe posix_spawn_file_actions_addopen(&actions, descriptor, "/dev/null", O_RDWR, 0)
        }
        var process = pid_t()
        let code = unsafe posix_spawnp(&process, arguments[0], &actions, nil, pointers, environ)
        guard code == 0 else { throw TestFailure("\(arguments[0]): error \(code)") }
        var status: Int32 = 0
        while unsafe waitpid(process, &status, 0) < 0 {
            guard errno == EINTR else { throw TestFailure("waitpid: error \(errno)") }
        }
        guard status == 0 else { throw TestFailure("\(arguments.joined(separator: " ")): status \(status)") }
    }
}
