package import Base

/// A command with its tag.
package struct TaggedCommand: Sendable {
    package var tag: String
    package var command: Command

    package init(tag: String, command: Command) {
        self.tag = tag
        self.command = command
    }
}

/// What clients ask (RFC 3501 §6, RFC 9051 §6 and the extensions that are announced).
package enum Command: Sendable {
    // In any state.
    case capability
    case noop
    case logout
    case id([IDField])
    // Before log-in. The response is still in base 64; `=` is an empty one.
    case startTLS
    case authenticate(mechanism: String, initialResponse: [UInt8]?)
    case login(user: String, password: Secret)
    // After log-in.
    case enable([String])
    case select(MailboxName, SelectParameters)
    case examine(MailboxName, SelectParameters)
    /// Uses as they stand on the wire (RFC 6154 §3): what this server cannot give is refused, not misread.
    case create(MailboxName, uses: [String])
    case delete(MailboxName)
    case rename(MailboxName, to: MailboxName)
    case subscribe(MailboxName)
    case unsubscribe(MailboxName)
    case list(ListRequest)
    case lsub(ListRequest)
    case namespace
    case status(MailboxName, [StatusItem])
    // RFC 5464; no name is the server itself.
    case getMetadata(MetadataRequest)
    case setMetadata(MailboxName?, [MetadataValue])
    // RFC 4314.
    case myRights(MailboxName)
    case getACL(MailboxName)
    case listRights(MailboxName, identifier: String)
    case setACL(MailboxName)
    case deleteACL(MailboxName)
    // RFC 9208.
    case getQuota(root: String)
    case getQuotaRoot(MailboxName)
    case setQuota(root: String)
    // RFC 5465.
    case notify(NotifyRequest)
    case append(AppendRequest)
    case idle
    // With a mailbox selected.
    case check
    case close
    case unselect
    case expunge
    case uidExpunge(SequenceSet)
    case search(SearchRequest, byUID: Bool)
    case sort(SortRequest, byUID: Bool)
    case thread(ThreadRequest, byUID: Bool)
    case fetch(FetchRequest, byUID: Bool)
    case store(StoreRequest, byUID: Bool)
    case copy(SequenceSet, MailboxName, byUID: Bool)
    case move(SequenceSet, MailboxName, byUID: Bool)
    case replace(ReplaceRequest, byUID: Bool)
}

/// One pair of ID (RFC 2971); the name in lower case.
package struct IDField: Hashable, Sendable {
    package var name: String
    package var value: String?

    package init(name: String, value: String?) {
        self.name = name
        self.value = value
    }
}

/// The arguments of FETCH.
package struct FetchRequest: Hashable, Sendable {
    package var set: SequenceSet
    package var items: [FetchItem]
    /// Only messages changed after it (RFC 7162 §3.1.4.1).
    package var changedSince: ModSeq?
    /// Whether what went after `changedSince` is told as well (RFC 7162 §3.2.6).
    package var tellsVanished: Bool

    package init(set: SequenceSet, items: [FetchItem], changedSince: ModSeq? = nil, tellsVanished: Bool = false) {
        self.set = set
        self.items = items
        self.changedSince = changedSince
        self.tellsVanished = tellsVanished
    }
}

/// The arguments of STORE.
package struct StoreRequest: Hashable, Sendable {
    package var set: SequenceSet
    package var change: FlagChange
    package var isSilent: Bool
    package var unchangedSince: ModSeq?

    package init(set: SequenceSet, change: FlagChange, isSilent: Bool, unchangedSince: ModSeq? = nil) {
        self.set = set
        self.change = change
        self.isSilent = isSilent
        self.unchangedSince = unchangedSince
    }
}
