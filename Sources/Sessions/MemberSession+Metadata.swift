internal import Base
internal import Campaigns
internal import Config
internal import Flow
internal import IMAPServer
internal import IMAPWire
internal import Store

// Notes on mailboxes (RFC 5464). Who sees a mailbox reads what all wrote on it and has private notes of
// their own there; who may file into it writes what all read (DESIGN §1).
extension MemberSession {
    func metadata(of mailboxes: [MailboxName?]) async throws(IMAPFailure) -> [[MetadataValue]?] {
        let (list, _) = try await folders()
        let rulebook = house.rulebook
        let targets = mailboxes.map { name -> AnnotationTarget? in
            guard let name else { return .server }
            return list.folder(name).map { .mailbox($0.row.id) }
        }
        let member = member
        let server = Self.serverAnnotations(rulebook)
        return try await house.read { transaction in
            try targets.map { target in
                guard let target else { return nil }
                let rows =
                    try transaction.annotations(of: target.mailbox, member: "")
                    + transaction.annotations(of: target.mailbox, member: member)
                let values = rows.compactMap { row in
                    MetadataEntry(row.entry).map { MetadataValue($0, row.value) }
                }
                return target == .server ? server + values : values
            }
        }
    }

    func setMetadata(_ values: [MetadataValue], of mailbox: MailboxName?) async throws(IMAPFailure) {
        let target: AnnotationTarget
        var mayWriteShared = false
        if let mailbox {
            let folder = try await folder(mailbox)
            guard let member = house.rulebook.member(acting.id) else { throw .noPermission }
            target = .mailbox(folder.row.id)
            // A view of the member's own is read by nobody else.
            mayWriteShared = folder.rights(of: member).contains(.insert) || !folder.row.member.isEmpty
        } else {
            target = .server
        }
        guard mayWriteShared || values.allSatisfy(\.entry.isPrivate) else {
            throw .refused(.noPermission, "You may write private notes here, none that others read")
        }
        let member = member
        try await house.write { transaction in
            for value in values {
                try transaction.annotate(
                    target.mailbox,
                    member: value.entry.isPrivate ? member : "",
                    entry: value.entry.name,
                    value: value.value
                )
            }
            for owner in [member, ""]
            where try transaction.annotations(of: target.mailbox, member: owner).count > Limits.metadataEntries {
                throw IMAPFailure.refused(.metadataTooMany, "There are too many annotations")
            }
        }
    }

    /// What the house says of itself: read-only (RFC 5464 §6.2.1).
    private static func serverAnnotations(_ rulebook: Rulebook) -> [MetadataValue] {
        guard let entry = MetadataEntry("/shared/comment") else { return [] }
        return [MetadataValue(entry, Array("Greenroom for \(rulebook.configuration.gateway.brand)".utf8))]
    }
}

/// What an annotation is written on.
private enum AnnotationTarget: Hashable, Sendable {
    case server
    case mailbox(MailboxID)

    var mailbox: MailboxID? {
        switch self {
        case .server: nil
        case .mailbox(let id): id
        }
    }
}
