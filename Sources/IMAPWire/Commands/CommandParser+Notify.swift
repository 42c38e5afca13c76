internal import Base

// NOTIFY (RFC 5465 §8).
extension WireReader {
    @_lifetime(self: copy self)
    mutating func expectNotify() throws(IMAPSyntaxError) -> NotifyRequest {
        if takeWord("NONE") { return .none }
        guard takeWord("SET") else { throw failure(.parameter) }
        try expectSpace()
        let status = takeWord("STATUS")
        if status { try expectSpace() }
        var groups: [NotifyGroup] = []
        repeat {
            guard groups.count < Limits.notifyGroups else { throw failure(.tooMany) }
            groups.append(try expectNotifyGroup())
        } while takeSpace()
        // RFC 5465 §6.1: one of the two, once.
        guard groups.count(where: { $0.filter.isSelected }) <= 1 else { throw failure(.parameter) }
        return .set(status: status, groups)
    }

    @_lifetime(self: copy self)
    private mutating func expectNotifyGroup() throws(IMAPSyntaxError) -> NotifyGroup {
        try expect(UInt8(ascii: "("), .list)
        let start = offset
        var group = NotifyGroup(filter: try expectNotifyFilter(), events: [])
        try expectSpace()
        if !takeWord("NONE") { try expectNotifyEvents(&group) }
        try expect(UInt8(ascii: ")"), .list)
        let events = group.events
        // RFC 5465 §5: the client must know of a message before its flags, and of its end.
        let isComplete =
            events.contains(.messageNew) == events.contains(.messageExpunge)
            && (!events.contains(.flagChange) || events.contains(.messageNew))
        let fits = !group.filter.isSelected || events.isSubset(of: .messages)
        guard isComplete, fits, group.filter.isSelected || group.fetchItems.isEmpty else {
            throw IMAPSyntaxError(.parameter, at: start)
        }
        return group
    }

    @_lifetime(self: copy self)
    private mutating func expectNotifyFilter() throws(IMAPSyntaxError) -> NotifyGroup.Filter {
        let start = offset
        switch ASCII.uppercased(try expectAtom()) {
        case "SELECTED": return .selected
        case "SELECTED-DELAYED": return .selectedDelayed
        case "INBOXES": return .inboxes
        case "PERSONAL": return .personal
        case "SUBSCRIBED": return .subscribed
        case "SUBTREE": return .subtree(try expectMailboxes())
        case "MAILBOXES": return .mailboxes(try expectMailboxes())
        default: throw IMAPSyntaxError(.parameter, at: start)
        }
    }

    /// one-or-more-mailbox, behind a space; names that no mailbox can have are passed over (§3.1).
    @_lifetime(self: copy self)
    private mutating func expectMailboxes() throws(IMAPSyntaxError) -> [MailboxName] {
        try expectSpace()
        guard take(UInt8(ascii: "(")) else { return try expectMailboxIfAny() }
        var names: [MailboxName] = []
        repeat {
            guard names.count < Limits.notifyNames else { throw failure(.tooMany) }
            names += try expectMailboxIfAny()
        } while takeSpace()
        try expect(UInt8(ascii: ")"), .list)
        return names
    }

    @_lifetime(self: copy self)
    private mutating func expectMailboxIfAny() throws(IMAPSyntaxError) -> [MailboxName] {
        let bytes = try expectString(orRunOf: Self.listBytes)
        return mailboxText(bytes).flatMap { MailboxName($0) }.map { [$0] } ?? []
    }

    @_lifetime(self: copy self)
    private mutating func expectNotifyEvents(_ group: inout NotifyGroup) throws(IMAPSyntaxError) {
        try expect(UInt8(ascii: "("), .list)
        repeat {
            let name = try expectAtom()
            guard let known = NotifyEvents.names.first(where: { ASCII.equalsIgnoringCase($0.name, name) }) else {
                guard group.unknown.count < Limits.notifyGroups else { throw failure(.tooMany) }
                group.unknown.append(name)
                continue
            }
            group.events.insert(known.event)
            if known.event == .messageNew, cursor.next == ASCII.space, cursor.peek(1) == UInt8(ascii: "(") {
                try expectSpace()
                group.fetchItems = try expectFetchItems()
            }
        } while takeSpace()
        try expect(UInt8(ascii: ")"), .list)
    }
}
