package import Base
internal import Config
internal import Reactor
internal import SQLite

/// Where secrets are on this machine: the environment, files, programs.
package struct SystemSecrets: SecretProvider {
    private let files = SystemFiles()

    package init() {}

    package func environment(_ name: String) -> [UInt8]? { ChildProcess.environment(name) }

    package func output(of command: [String]) -> [UInt8]? {
        ChildProcess.output(of: command, limit: Limits.secret + 2)
    }

    package func status(_ path: String) throws(FilesError) -> FileStatus { try files.status(path) }

    package func read(_ path: String) throws(FilesError) -> [UInt8] { try files.read(path) }

    package func list(_ path: String) throws(FilesError) -> [String] { try files.list(path) }
}
