package import Base

/// What a server says (RFC 9051 §7).
package enum Response: Hashable, Sendable {
    /// `+`: go on. Text, or a challenge in base 64.
    case continuation([UInt8])
    case status(StatusResponse)
    case capability([String])
    case enabled([String])
    case flags([String])
    case list(ListEntry)
    case lsub(ListEntry)
    case mailboxStatus(name: [UInt8], [MailboxStatusValue])
    case namespace(NamespaceEntries)
    /// MODSEQ is the highest of the messages found, where the search asked for one (RFC 7162 §3.1.6).
    case search([UInt32], modSeq: ModSeq? = nil)
    case extendedSearch(ExtendedSearch)
    case exists(UInt32)
    case recent(UInt32)
    case expunge(UInt32)
    /// UIDs that are gone: since the client last saw the mailbox, or just now (RFC 7162 §3.2.10).
    case vanished(NumberSet, earlier: Bool)
    case fetch(UInt32, [FetchValue])
    case id([IDField])
    /// Annotations of a mailbox; the empty name is the server itself (RFC 5464 §4.4).
    case metadata(name: [UInt8], [MetadataValue])
    /// Annotations that changed, without their values.
    case metadataChanged(name: [UInt8], [MetadataEntry])
    // RFC 4314 §3; of LISTRIGHTS the rights that are always given, since none can be added.
    case acl(name: [UInt8], [AccessEntry])
    case listRights(name: [UInt8], AccessEntry)
    case myRights(name: [UInt8], AccessRights)
    // RFC 9208 §4.2.
    case quota(QuotaRoot)
    case quotaRoot(name: [UInt8], roots: [String])
    /// A line that this program has no use for.
    case other([UInt8])
}

/// OK, NO, BAD, BYE or PREAUTH (RFC 9051 §7.1).
package struct StatusResponse: Hashable, Sendable {
    package enum Condition: String, Hashable, Sendable, CaseIterable {
        case ok = "OK"
        case no = "NO"
        case bad = "BAD"
        case bye = "BYE"
        case preauth = "PREAUTH"
    }

    /// `nil` for an untagged one.
    package var tag: String?
    package var condition: Condition
    package var code: ResponseCode?
    package var text: String

    package init(tag: String?, _ condition: Condition, _ code: ResponseCode?, _ text: String) {
        self.tag = tag
        self.condition = condition
        self.code = code
        self.text = text
    }

    package init(tag: String?, _ condition: Condition, _ text: String) {
        self.init(tag: tag, condition, nil, text)
    }
}

/// A line of LIST or LSUB.
package struct ListEntry: Hashable, Sendable {
    package var attributes: [String]
    /// `nil` where names have no levels.
    package var separator: UInt8?
    /// As it stands on the wire: a client must give it back unchanged.
    package var name: [UInt8]
    /// The criteria that names below it meet (RFC 5258 §3.5).
    package var childInfo: [String]
    /// Its name before it was renamed, as it stands on the wire (RFC 5465 §5.4).
    package var oldName: [UInt8]?

    package init(
        attributes: [String],
        separator: UInt8? = UInt8(ascii: "/"),
        name: [UInt8],
        childInfo: [String] = [],
        oldName: [UInt8]? = nil
    ) {
        self.attributes = attributes
        self.separator = separator
        self.name = name
        self.childInfo = childInfo
        self.oldName = oldName
    }
}

/// One value of STATUS; a number of `nil` is NIL, as APPENDLIMIT may be.
package struct MailboxStatusValue: Hashable, Sendable {
    package var item: StatusItem
    package var value: UInt64?
    /// The value of MAILBOXID.
    package var objectID: ObjectID?

    package init(_ item: StatusItem, _ value: UInt64?) {
        self.item = item
        self.value = value
    }

    package init(_ item: StatusItem, _ objectID: ObjectID) {
        self.item = item
        self.objectID = objectID
    }
}

/// The three lists of NAMESPACE (RFC 2342), as prefix and separator.
package struct NamespaceEntries: Hashable, Sendable {
    package struct Entry: Hashable, Sendable {
        package var prefix: [UInt8]
        package var separator: UInt8?

        package init(prefix: [UInt8], separator: UInt8? = UInt8(ascii: "/")) {
            self.prefix = prefix
            self.separator = separator
        }
    }

    package var personal: [Entry]
    package var others: [Entry]
    package var shared: [Entry]

    package init(personal: [Entry], others: [Entry], shared: [Entry]) {
        self.personal = personal
        self.others = others
        self.shared = shared
    }
}

/// One item of a FETCH response (RFC 9051 §7.5.2).
package enum FetchValue: Hashable, Sendable {
    case flags([String])
    case uid(UID)
    case internalDate(Timestamp)
    case size(UInt64)
    case envelope(Envelope)
    case body(BodyStructure)
    case bodyStructure(BodyStructure)
    case rfc822([UInt8]?)
    case rfc822Header([UInt8]?)
    case rfc822Text([UInt8]?)
    case section(SectionSpec, origin: UInt64?, [UInt8]?)
    case binary([UInt32], origin: UInt64?, [UInt8]?)
    case binarySize([UInt32], UInt64)
    case modSeq(ModSeq)
    /// `nil` where the words would cost more than the client wants to wait (RFC 8970 §3.2).
    case preview([UInt8]?)
    /// `nil` where the mailbox does not know (RFC 8514 §4.2).
    case saveDate(Timestamp?)
    case emailID(ObjectID)
    case threadID(ObjectID?)
}
