package import Base

/// Where a secret is found; it is read when it is used and never kept in the files.
package enum SecretSource: Sendable, Hashable {
    case environment(name: String)
    /// A file that others may neither read nor write; a final line break does not count.
    case file(path: String)
    /// A program with its arguments; its standard output without the final line break.
    case command([String])
}

/// What resolving a secret needs of the machine; it may block, so it is called on a worker thread.
package protocol SecretProvider: FileInspector {
    /// A variable of the process's environment.
    func environment(_ name: String) -> [UInt8]?
    /// Standard output of a program that ended with status 0, `nil` otherwise; no shell between.
    func output(of command: [String]) -> [UInt8]?
}

/// Why a secret is not there; tells where it should be, never what it is.
package enum SecretError: Error, Hashable, Sendable, CustomStringConvertible {
    case noVariable(String)
    case unreadable(FilesError)
    case exposed(path: String)
    case commandFailed(String)
    case empty(SecretSource)
    case tooLarge(SecretSource)

    package var description: String {
        switch self {
        case .noVariable(let name): "the environment has no variable \(name)"
        case .unreadable(let error): "\(error.path) cannot be read: \(error.reason)"
        case .exposed(let path): "others may read or write \(path); run chmod 600 \(path)"
        case .commandFailed(let program): "\(program) did not end with status 0"
        case .empty(let source): "\(source) gives an empty secret"
        case .tooLarge(let source): "\(source) gives more than \(Limits.secret) bytes"
        }
    }
}

extension SecretSource: CustomStringConvertible {
    /// Where the secret is, for messages.
    package var description: String {
        switch self {
        case .environment(let name): "the variable \(name)"
        case .file(let path): path
        case .command(let words): words.first ?? "the command"
        }
    }

    /// The secret as it is now; called again for every use, so that a renewed one is taken.
    package func resolve(with provider: some SecretProvider) throws(SecretError) -> Secret {
        var bytes = try fetch(from: provider)
        if bytes.last == ASCII.lf { bytes.removeLast() }
        if bytes.last == ASCII.cr { bytes.removeLast() }
        guard !bytes.isEmpty else { throw .empty(self) }
        guard bytes.count <= Limits.secret else { throw .tooLarge(self) }
        return Secret(bytes)
    }

    private func fetch(from provider: some SecretProvider) throws(SecretError) -> [UInt8] {
        switch self {
        case .environment(let name):
            guard let bytes = provider.environment(name) else { throw .noVariable(name) }
            return bytes
        case .file(let path):
            let status: FileStatus
            do { status = try provider.status(path) } catch { throw .unreadable(error) }
            guard !status.isExposed else { throw .exposed(path: path) }
            do { return try provider.read(path) } catch { throw .unreadable(error) }
        case .command(let words):
            guard let bytes = provider.output(of: words) else { throw .commandFailed(words.first ?? "") }
            return bytes
        }
    }
}

extension FilesError {
    /// What the system's error number says, for the few an admin meets.
    var reason: String {
        switch errno {
        case 2: "there is no such file"
        case 13: "permission denied"
        case 20: "not a directory"
        case 21: "it is a directory"
        default: "error \(errno)"
        }
    }
}
