internal import Base
internal import Campaigns
internal import Views

extension ValueForm where Value == String {
    /// One level of a folder's path as clients show it.
    static var folderName: Self {
        line.map("a folder name without \"/\", \"%\", \"*\" and without space at its ends") { name in
            let bytes = name.utf8
            let isPlain = !bytes.contains(0x2F) && !bytes.contains(0x25) && !bytes.contains(0x2A)
            return isPlain && bytes.count <= 128 && ASCII.trimmed(name) == name ? name : nil
        }
    }
}

/// The keys of `[folders]`: the fixed ids that names are bound to.
enum FolderKey {
    /// A folder's id and where its name is kept; siblings stand in one group.
    private static var groups: [[(key: String, name: WritableKeyPath<FolderNames, String>)]] {
        [
            [
                ("approvals", \.approvals), ("campaigns", \.campaigns), ("queues", \.queues), ("team", \.team),
                ("reports", \.reports),
            ],
            [("waiting", \.waiting), ("approve", \.approve), ("reject", \.reject), ("decided", \.decided)],
            [("past", \.past)],
            [
                ("needs_reply", \.needsReply), ("urgent", \.urgent), ("overdue", \.overdue), ("unmatched", \.unmatched),
                ("sent_outside", \.sentOutside),
            ],
        ]
    }

    static func read(_ table: inout TableReader, into names: inout FolderNames) {
        for group in groups {
            var taken: [String: String] = [:]
            for (key, path) in group {
                names[keyPath: path] = table.optional(key, .folderName, default: names[keyPath: path])
                let folded = names[keyPath: path].lowercased()
                if let first = taken.updateValue(key, forKey: folded) {
                    table.report("\"\(key)\" has the same name as \"\(first)\"; rename one", at: key)
                }
                if folded == "inbox" { table.report("\"\(key)\" cannot be called INBOX (RFC 9051 §5.1)", at: key) }
            }
        }
        readStages(&table, into: &names)
    }

    private static func readStages(_ table: inout TableReader, into names: inout FolderNames) {
        guard var stages = table.table("stages") else { return }
        defer { stages.finish() }
        for stage in Stage.allCases {
            names.stages[stage] = stages.optional(stage.rawValue, .folderName)
        }
    }
}
