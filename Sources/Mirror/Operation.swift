package import Base
package import IMAPWire
package import Store

/// One change by a member that is still to be told to the upstream server.
///
/// It names messages and mailboxes of ours: where they lie upstream is looked up when it is played,
/// since an earlier operation may have moved them.
package enum Operation: Hashable, Sendable {
    case flags(adding: Flags, removing: Flags)
    case copy(to: MailboxID)
    case move(from: MailboxID, to: MailboxID)
    case expunge(from: MailboxID)
    /// `isSentItem` where the provider may have filed a copy of its own, which then counts.
    case append(to: MailboxID, isSentItem: Bool)

    /// The mailbox in which the operation makes a message appear.
    var target: MailboxID? {
        switch self {
        case .copy(let target), .move(_, let target), .append(let target, _): target
        case .flags, .expunge: nil
        }
    }

    /// The mailbox that a message leaves by it.
    var source: MailboxID? {
        switch self {
        case .move(let source, _), .expunge(let source): source
        case .flags, .copy, .append: nil
        }
    }

    var isSentItem: Bool { self.filed ?? false }

    private var filed: Bool? {
        guard case .append(_, let isSentItem) = self else { return nil }
        return isSentItem
    }
}

// In the journal: a kind, and arguments as `key=value` lines; flags and numbers hold no line break.
extension Operation {
    var kind: String {
        switch self {
        case .flags: "flags"
        case .copy: "copy"
        case .move: "move"
        case .expunge: "expunge"
        case .append: "append"
        }
    }

    var arguments: [UInt8] {
        let lines =
            switch self {
            case .flags(let adding, let removing):
                ["add=" + adding.names.joined(separator: " "), "remove=" + removing.names.joined(separator: " ")]
            case .copy(let target): ["to=\(target)"]
            case .move(let source, let target): ["from=\(source)", "to=\(target)"]
            case .expunge(let source): ["from=\(source)"]
            case .append(let target, let isSentItem): ["to=\(target)", "sent=\(isSentItem ? 1 : 0)"]
            }
        return Array(lines.joined(separator: "\n").utf8)
    }

    /// Reads a row of the journal; nil where it was written by another version of the program.
    package init?(_ row: JournalRow) {
        var values: [Substring: Substring] = [:]
        for line in String(decoding: row.arguments, as: UTF8.self).split(separator: "\n") {
            let parts = line.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            if parts.count == 2 { values[parts[0]] = parts[1] }
        }
        func mailbox(_ key: Substring) -> MailboxID? {
            values[key].flatMap { Int64($0) }.map(MailboxID.init(rawValue:))
        }
        func flags(_ key: Substring) -> Flags {
            Flags(wire: (values[key] ?? "").split(separator: " ").map(String.init))
        }
        switch row.kind {
        case "flags":
            self = .flags(adding: flags("add"), removing: flags("remove"))
        case "copy":
            guard let target = mailbox("to") else { return nil }
            self = .copy(to: target)
        case "move":
            guard let source = mailbox("from"), let target = mailbox("to") else { return nil }
            self = .move(from: source, to: target)
        case "expunge":
            guard let source = mailbox("from") else { return nil }
            self = .expunge(from: source)
        case "append":
            guard let target = mailbox("to") else { return nil }
            self = .append(to: target, isSentItem: values["sent"] == "1")
        default:
            return nil
        }
    }
}

extension Flags {
    /// Flags from their names on the wire; system flags that are not known are left out.
    package init(wire names: [String]) {
        var system: SystemFlags = []
        var keywords: [Keyword] = []
        for name in names {
            if let flag = SystemFlags(name: name) {
                system.formUnion(flag)
            } else if !name.hasPrefix("\\"), !name.isEmpty, name.utf8.count <= Limits.keyword,
                keywords.count < Limits.keywords
            {
                keywords.append(Keyword(name))
            }
        }
        self.init(system, keywords: keywords)
    }

    var isEmpty: Bool { system.isEmpty && keywords.isEmpty }
}
