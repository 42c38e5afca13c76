import Base
import IMAPClient
import IMAPWire
import Message
import Net
import Reactor
import SASL
import Store
import TestSupport

@testable import Mirror

/// An account here and its upstream, with the shortest ways to change either.
final class World: Sendable {
    let upstream = Upstream()
    let clock = ManualClock()
    let disk: SimulatedDisk
    let store: Store
    let account: AccountID
    let inbox: MailboxRow
    let sent: MailboxRow

    init(sharesSeen: Bool = true) throws {
        disk = SimulatedDisk()
        let environment = StoreEnvironment(
            vfs: try disk.register(),
            files: disk,
            entropy: SeededEntropy(),
            time: clock,
            log: .silent,
            writer: InlineQueue(),
            readers: InlineQueue()
        )
        store = try Store.open("/data", in: environment, project: { _, _ in }, whenStopped: { _ in })
        (account, inbox, sent) = try store.writeNow { transaction in
            let account = try transaction.ensureAccount(named: "team", kind: .mirrored, owner: nil)
            func make(_ key: String, _ name: String, _ role: String) throws -> MailboxRow {
                try transaction.ensureMailbox(
                    NewMailbox(account: account, key: key, name: name, role: role, hasPrivateSeen: !sharesSeen)
                )
            }
            return (account, try make("inbox", "INBOX", ""), try make("sent", "Sent", "\\Sent"))
        }
    }

    var folders: [MirroredFolder] {
        [inbox, sent].map {
            MirroredFolder(
                mailbox: $0.id,
                name: $0.name,
                role: $0.role,
                isFollowed: true,
                sharesSeen: !$0.hasPrivateSeen
            )
        }
    }

    /// One session with the upstream: the journal, a pass over both folders, the journal again.
    ///
    /// - Returns: Whether the session lived to its end.
    @discardableResult
    func run() async throws -> Bool {
        try await withLoop { loop in
            let (near, far) = Connection.pair(on: loop)
            let server = loop.spawn { [upstream = self.upstream] in await upstream.serve(far) }
            let configuration = IMAPClientConfiguration(
                endpoint: Endpoint(host: "imap.example", port: 143),
                security: .plaintext
            )
            let credentials = PlainCredentials(authentication: "team", password: Secret("secret"))
            let isWhole = try await near.use {
                let session = IMAPClientSession(
                    near,
                    configuration: configuration,
                    credentials: .password(credentials),
                    tls: nil,
                    time: loop.clock
                )
                do {
                    try await session.open()
                    try await self.work(session)
                } catch let failure as IMAPClientFailure where failure.refusal == nil {
                    return false
                }
                await session.logOut()
                return true
            }
            await server.value
            return isWhole
        }
    }

    private func work(_ session: IMAPClientSession) async throws {
        let names = try await UpstreamNames(session, store: store, folders: folders)
        let player = JournalPlayer(
            store: store,
            account: account,
            names: names,
            session: session,
            time: clock,
            log: .silent
        )
        _ = try await player.play()
        for folder in folders {
            let pass = MailboxSync(
                store: store,
                house: TestHouse(store: store),
                account: account,
                folder: folder,
                session: session,
                log: .silent
            )
            let name = try await names.name(of: folder.mailbox, session)
            _ = try await pass.run(name, wantsFlags: true) { true }
        }
        _ = try await player.play()
    }

    // MARK: Members

    func member(_ change: @escaping @Sendable (Transaction, JournalWriter) throws -> Void) throws {
        try store.writeNow { try change($0, JournalWriter($0)) }
    }

    /// The place of the message with this subject in a folder of ours.
    func place(_ subject: String, _ mailbox: MailboxRow) throws -> PlacementRow? {
        try store.readNow { transaction in
            try transaction.placements(in: mailbox.id).first { row in
                try transaction.message(row.message)?.subject == subject
            }
        }
    }

    func move(_ subject: String, _ source: MailboxRow, _ target: MailboxRow) throws {
        guard let place = try place(subject, source) else { return }
        try member { transaction, journal in
            _ = try transaction.move(place, to: target.id)
            try journal.moved(place.message, from: source, to: target)
        }
    }

    func copy(_ subject: String, _ source: MailboxRow, _ target: MailboxRow) throws {
        guard let place = try place(subject, source) else { return }
        try member { transaction, journal in
            _ = try transaction.copy(place, to: target.id)
            try journal.copied(place.message, to: target)
        }
    }

    func expunge(_ subject: String, _ mailbox: MailboxRow) throws {
        guard let place = try place(subject, mailbox) else { return }
        try member { transaction, journal in
            try transaction.expunge([place.uid], from: mailbox.id)
            try journal.expunged(place.message, from: mailbox)
        }
    }

    func store(_ change: FlagChange, _ subject: String, _ mailbox: MailboxRow) throws {
        guard let place = try place(subject, mailbox) else { return }
        try member { transaction, journal in
            guard let old = try transaction.message(place.message)?.flags else { return }
            try transaction.setFlags(change.applied(to: old), of: place.message)
            try journal.changedFlags(of: place.message, from: old, to: change.applied(to: old))
        }
    }

    func append(_ text: String, to mailbox: MailboxRow, isSentItem: Bool = false) throws {
        let body = try store.prepareNow(Array(text.utf8))
        try member { transaction, journal in
            let message = try transaction.file(body, Array(text.utf8), .none, transaction.now, mailbox.account)
            let edition = try transaction.insertEdition(of: message, block: Array("Greenroom-Id: x\r\n".utf8))
            _ = try transaction.place(edition, in: mailbox.id, received: transaction.now)
            try journal.appended(message, to: mailbox, isSentItem: isSentItem)
        }
    }

    // MARK: What is where

    func subjects(_ mailbox: MailboxRow) throws -> [String] {
        try store.readNow { transaction in
            try transaction.placements(in: mailbox.id).map { try transaction.message($0.message)?.subject ?? "" }
        }.sorted()
    }

    func flags(_ subject: String, _ mailbox: MailboxRow) throws -> [String] {
        try place(subject, mailbox)?.flags.names ?? ["-"]
    }

    var journal: [JournalRow] { get throws { try store.readNow { try $0.journal(of: self.account) } } }
}

/// A house that files what comes, without matching.
struct TestHouse: MirrorHouse {
    let store: Store

    func folders() async throws -> (account: AccountID, folders: [MirroredFolder]) {
        throw StoreError.missing("folders")
    }

    func receive(_ mail: UpstreamMail) async throws {
        let body = try await store.prepare(mail.bytes)
        try await store.write { transaction in
            if try mail.settle(messageID: Header(mail.bytes).messageID, transaction) { return }
            let message = try transaction.file(body, mail.bytes, mail.flags, mail.received, mail.account)
            let edition = try transaction.insertEdition(of: message, block: [])
            _ = try transaction.place(edition, in: mail.folder.mailbox, received: mail.received)
            try mail.bind(to: message, transaction)
        }
    }

    func accepts(_ keyword: Keyword) -> Bool { keyword != Keyword("$Held") }
}

extension Transaction {
    func file(
        _ body: StoredBody,
        _ bytes: [UInt8],
        _ flags: Flags,
        _ received: Timestamp,
        _ account: AccountID
    ) throws -> MessageID {
        var new = NewMessage(
            account: account,
            messageID: Header(bytes).messageID.map { "<\($0)>" } ?? "",
            body: body,
            internalDate: received,
            direction: "inbound"
        )
        new.flags = flags
        new.subject = subject(bytes)
        return try insertMessage(new)
    }
}

/// A message of this subject, the same each time.
func mail(_ subject: String) -> String {
    "Message-ID: <\(subject)@mail.example>\r\nSubject: \(subject)\r\n\r\nHello\r\n"
}
