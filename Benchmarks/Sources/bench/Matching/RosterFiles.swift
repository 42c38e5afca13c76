import Base

/// A configuration in memory with a large roster.
struct RosterFiles: FileInspector {
    let roster: [UInt8]
    private let texts: [String: String]

    init(rows: Int) {
        var text = "id,name,addresses,instagram,tiktok,languages,country,time_zone,note\r\n"
        var random = SeededRandom(seed: 3)
        for number in 0..<rows {
            let name = MatchingNames.name(&random)
            let word = name.lowercased().split(separator: " ").joined(separator: ".")
            text += "c\(number),\(name),\"\(word)\(number)@mail.example; hello@\(word)\(number).example\","
            text += "@\(word)\(number),@tok_\(number),en de,DE,Europe/Berlin,\"likes \"\"slow\"\" mornings, tea\"\r\n"
        }
        roster = Array(text.utf8)
        texts = [
            "config/greenroom.toml": """
            brand = "Glow"
            domains = ["glow.example"]
            data = "data"
            [tls]
            certificate = "server.pem"
            key = "key.pem"
            [[listeners]]
            service = "imaps"
            address = "127.0.0.1:1993"
            [accounts.team]
            kind = "local"
            shared = true
            addresses = ["hello@glow.example"]
            [smarthost]
            sink = true
            """,
            "config/team.toml": """
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
            password = "SCRAM-SHA-256$4096:uE0JioaTWuLgFzmp3jPmgg==$80clOBfnNAjhSN4BmlMMgJtyY4vokrLkEi7YcTvpQ3M=:Cw3MsyGYZ/lExiYT5aEiEochEI6JDJ7eTBTYpwRt8/Q="
            """,
            "config/channels.toml": """
            [platforms.instagram]
            name = "Instagram"
            sender_domains = ["mail.instagram.example"]
            [[platforms.instagram.recognisers]]
            kind = "direct-message"
            subject = "{handle} sent you a message"
            [platforms.tiktok]
            name = "TikTok"
            sender_domains = ["mail.tiktok.example"]
            [[platforms.tiktok.recognisers]]
            kind = "direct-message"
            subject = "{handle} sent you a message"
            """,
            "config/policies/start.toml": "[default]\napprovals = { managers = 1 }\n",
        ]
    }

    func status(_ path: String) throws(FilesError) -> FileStatus {
        if path == "config/policies" { return FileStatus(kind: .directory, size: 0, permissions: 0o755) }
        return FileStatus(kind: .file, size: try read(path).count, permissions: 0o600)
    }

    func read(_ path: String) throws(FilesError) -> [UInt8] {
        if path == "config/creators.csv" { return roster }
        guard let text = texts[path] else { throw FilesError(operation: "open", path: path, errno: 2) }
        return Array(text.utf8)
    }

    func list(_ path: String) throws(FilesError) -> [String] {
        guard path == "config/policies" else { throw FilesError(operation: "open", path: path, errno: 2) }
        return ["start.toml"]
    }
}
