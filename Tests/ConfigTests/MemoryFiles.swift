import Base

@testable import Config

/// A directory in memory.
struct MemoryFiles: FileInspector {
    struct File {
        var bytes: [UInt8]
        var permissions: UInt16 = 0o644
    }

    var files: [String: File] = [:]

    subscript(path: String) -> String? {
        get { files[path].map { String(decoding: $0.bytes, as: UTF8.self) } }
        set { files[path] = newValue.map { File(bytes: Array($0.utf8)) } }
    }

    func status(_ path: String) throws(FilesError) -> FileStatus {
        if let file = files[path] {
            return FileStatus(kind: .file, size: file.bytes.count, permissions: file.permissions)
        }
        guard files.keys.contains(where: { $0.hasPrefix(path + "/") }) else { throw missing(path) }
        return FileStatus(kind: .directory, size: 0, permissions: 0o755)
    }

    func read(_ path: String) throws(FilesError) -> [UInt8] {
        guard let file = files[path] else { throw missing(path) }
        return file.bytes
    }

    func list(_ path: String) throws(FilesError) -> [String] {
        let below = files.keys.filter { $0.hasPrefix(path + "/") }.map { $0.dropFirst(path.utf8.count + 1) }
        guard !below.isEmpty else { throw missing(path) }
        return Set(below.map { String($0.prefix { $0 != "/" }) }).sorted()
    }

    private func missing(_ path: String) -> FilesError { FilesError(operation: "stat", path: path, errno: 2) }
}

extension MemoryFiles {
    /// The smallest configuration that runs.
    static var minimal: Self {
        var files = Self()
        files["config/greenroom.toml"] = """
            brand = "Glow"
            domains = ["glow.example"]
            data = "../data"
            [tls]
            certificate = "../certs/server.pem"
            key = "../certs/key.pem"
            [[listeners]]
            service = "imaps"
            address = "127.0.0.1:1993"
            [accounts.team]
            kind = "local"
            shared = true
            addresses = ["hello@glow.example"]
            [smarthost]
            sink = true
            """
        files["config/team.toml"] = """
            [groups]
            managers = {}
            [members.ben]
            name = "Ben"
            addresses = ["ben@glow.example"]
            groups = ["managers"]
            accounts = ["team"]
            [[members.ben.devices]]
            label = "Laptop"
            scopes = ["read", "send", "approve"]
            password = "\(scram)"
            """
        files["config/creators.csv"] = "id,name,addresses\nmia,Mia Lind,mia@lind.example\n"
        files["config/policies/start.toml"] = "[default]\napprovals = { managers = 1 }\n"
        files["certs/server.pem"] = "certificate"
        files["certs/key.pem"] = "key"
        files.files["certs/key.pem"]?.permissions = 0o600
        return files
    }

    static let scram =
        "SCRAM-SHA-256$4096:uE0JioaTWuLgFzmp3jPmgg==$80clOBfnNAjhSN4BmlMMgJtyY4vokrLkEi7YcTvpQ3M="
        + ":Cw3MsyGYZ/lExiYT5aEiEochEI6JDJ7eTBTYpwRt8/Q="

    /// The problems of the minimal configuration after a change.
    static func problems(_ change: (inout Self) -> Void) -> [String] {
        var files = minimal
        change(&files)
        return Configuration.load(directory: "config", from: files).problems.map(\.description)
    }

    mutating func replace(_ old: String, by new: String, in path: String) {
        guard let text = self[path], let range = text.firstRange(of: old) else { return }
        self[path] = text.replacingCharacters(in: range, with: new)
    }

    mutating func append(_ text: String, to path: String) { self[path] = (self[path] ?? "") + "\n" + text }
}

extension String {
    fileprivate func replacingCharacters(in range: Range<Index>, with text: String) -> String {
        String(self[..<range.lowerBound]) + text + String(self[range.upperBound...])
    }
}
