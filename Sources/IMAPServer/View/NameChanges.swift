internal import Base
internal import IMAPWire

/// What became of the names that a member sees, as NOTIFY tells it (RFC 5465 §5.4, §5.5).
struct NameChanges {
    struct Line {
        /// What tells it: a name's own change, or its subscription's.
        var event: NotifyEvents
        /// How it is now.
        var listing: MailboxListing
        var hasChildren: Bool
        var oldName: MailboxName?
    }

    /// In order of name, renamed ones first.
    let lines: [Line]

    init(_ before: [MailboxName: MailboxListing], _ now: [MailboxName: MailboxListing]) {
        let namesByID = Dictionary(before.values.compactMap { old in old.id.map { ($0, old.name) } }) { $1 }
        let renamed = now.values.compactMap { new -> (old: MailboxName, new: MailboxName)? in
            guard let id = new.id, let old = namesByID[id], old != new.name else { return nil }
            return (old, new.name)
        }.sorted { $0.new < $1.new }
        let oldNames = Dictionary(renamed.map { ($0.new, $0.old) }) { $1 }
        let parents = Set(now.values.filter(\.exists).compactMap { $0.name.parent })
        func line(_ event: NotifyEvents, _ name: MailboxName, oldName: MailboxName? = nil) -> Line {
            let listing = now[name] ?? MailboxListing(name: name, isSelectable: false, exists: false)
            return Line(event: event, listing: listing, hasChildren: parents.contains(name), oldName: oldName)
        }

        // A child that moved with its parent is not told apart.
        let moved = renamed.filter { pair in
            !renamed.contains { other in
                pair.old.isBelow(other.old) && pair.new.isBelow(other.new)
                    && pair.old.text.dropFirst(other.old.text.count) == pair.new.text.dropFirst(other.new.text.count)
            }
        }
        var lines = moved.map { line(.mailboxName, $0.new, oldName: $0.old) }

        let leftBehind = Set(renamed.map(\.old))
        let there = { (listing: MailboxListing?) in listing?.isSelectable == true && listing?.exists == true }
        var affected: Set<MailboxName> = []
        for name in Set(before.keys).union(now.keys) where there(before[name]) != there(now[name]) {
            guard oldNames[name] == nil, !leftBehind.contains(name) || there(now[name]) else { continue }
            affected.insert(name)
            if let parent = name.parent { affected.insert(parent) }
        }
        lines += affected.sorted().map { line(.mailboxName, $0) }

        for name in Set(before.keys).union(now.keys).sorted() {
            guard (before[name]?.isSubscribed ?? false) != (now[name]?.isSubscribed ?? false) else { continue }
            lines.append(line(.subscriptionChange, name))
        }
        self.lines = lines
    }
}
