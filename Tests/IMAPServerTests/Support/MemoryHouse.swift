import Base
import IMAPWire
import Message
import SASL
import Synchronization

@testable import IMAPServer

/// A house that lives in memory: accounts, mailboxes, messages, and the faults a test asks for.
final class MemoryHouse: IMAPBackend {
    struct Box {
        var id: MailboxID
        var name: MailboxName
        var use: SpecialUse?
        var isSubscribed = false
        var isSelectable = true
        var exists = true
        var uidValidity: UInt32
        var uidNext: UID = 1
        var modSeq: ModSeq = 1
        var entries: [MailboxSnapshot.Entry] = []
        var saved: [UID: Timestamp] = [:]
        var tombstones: [(uid: UID, modSeq: ModSeq)] = []
        /// Below it, what went when is forgotten.
        var floor: ModSeq = 1

        mutating func remove(where isGone: (MailboxSnapshot.Entry) -> Bool) {
            modSeq += 1
            for entry in entries where isGone(entry) { tombstones.append((entry.uid, modSeq)) }
            entries.removeAll(where: isGone)
        }
        /// The same as `entries`, in chunks that versions share.
        var shared: MessageEntries

        var snapshot: MailboxSnapshot {
            MailboxSnapshot(
                mailbox: id,
                uidValidity: uidValidity,
                uidNext: uidNext,
                highestModSeq: modSeq,
                entries: shared
            )
        }

        /// Brings `shared` up to what `entries` became.
        mutating func publish(since old: [MailboxSnapshot.Entry]) {
            let before = Dictionary(uniqueKeysWithValues: old.map { ($0.uid, $0) })
            let after = Dictionary(uniqueKeysWithValues: entries.map { ($0.uid, $0) })
            let touched = Set(before.keys).union(after.keys).filter { before[$0] != after[$0] }
            shared = shared.applying(touched.sorted().map { EntryChange(uid: $0, entry: after[$0]) })
        }
    }

    struct State {
        var boxes: [Box] = []
        var editions: [EditionID: [UInt8]] = [:]
        var threads: [EditionID: ConversationID] = [:]
        var nextID: Int64 = 1
        var observers: [(mailbox: MailboxID, token: Int64, wake: @Sendable () -> Void)] = []
        /// Who is told of every change, by a number of their own.
        var watchers: [Int64: @Sendable ([MailboxID], Bool) -> Void] = [:]
        /// By mailbox (none for the server) and member (none for everybody).
        var annotations: [MailboxID?: [String: [MetadataEntry: [UInt8]]]] = [:]
        /// Members who may only look.
        var readers: Set<String> = []
        /// Members whose log-in counts no more.
        var endedMembers: Set<String> = []
        var quota: QuotaRoot?
        /// The first UID that no session was told of; nil where nothing is ever \Recent.
        var recent: [MailboxID: UID]?
        /// Keywords that a STORE leaves as they are.
        var computed: [Keyword] = []
        /// Mailboxes whose COPY and APPEND name no UIDs.
        var acting: Set<MailboxName> = []
        var identified: [String] = []
        var refusals = 0
        var reads = 0
        /// The loop's time, and how much of it each read and each changed message takes.
        var instant = Instant(nanoseconds: 0)
        var slowness = Duration.zero
        var ended = 0
        var closed = 0
        /// What the next change answers with instead.
        var failure: IMAPFailure?
        var readOnly: Set<MailboxName> = []
        var now = MemoryHouse.received
        /// What stands in for a search index.
        var index: (@Sendable (SearchQuestion, [EditionID: [UInt8]], Range<Int64>) -> IndexAnswer)?
    }

    let state = Mutex(State())
    static let password = "secret"
    static let objectIDs = ObjectIDs(NumberCloak(key: [7]))
    /// 2026-11-01 12:00:00 UTC.
    static let received = Timestamp(seconds: 1_793_534_400)
    /// 2026-11-02 12:00:00 UTC: when everything was saved.
    static let saved = Timestamp(seconds: 1_793_620_800)

    /// Messages in a chunk of a mailbox.
    private let chunkLimit: Int

    init(chunkLimit: Int = MessageEntries.usualChunk) {
        self.chunkLimit = chunkLimit
        addMailbox("INBOX")
    }

    @discardableResult
    func addMailbox(_ name: String, use: SpecialUse? = nil, subscribed: Bool = false, selectable: Bool = true)
        -> MailboxID
    {
        state.withLock { state in
            let id = MailboxID(rawValue: state.nextID)
            state.nextID += 1
            state.boxes.append(
                Box(
                    id: id,
                    name: MailboxName(unchecked: name),
                    use: use,
                    isSubscribed: subscribed,
                    isSelectable: selectable,
                    uidValidity: 1000 + UInt32(id.rawValue),
                    shared: MessageEntries(chunkLimit: chunkLimit)
                )
            )
            return id
        }
    }

    /// Puts a message into a mailbox, as delivery does.
    @discardableResult
    func deliver(
        _ message: String,
        to name: String = "INBOX",
        flags: Flags = .none,
        received: Timestamp = MemoryHouse.received
    ) -> UID {
        deliver(Array(message.replacingLineFeeds.utf8), to: name, flags: flags, received: received)
    }

    @discardableResult
    func deliver(
        _ bytes: [UInt8],
        to name: String = "INBOX",
        flags: Flags = .none,
        received: Timestamp = MemoryHouse.received
    ) -> UID {
        change(MailboxName(unchecked: name)) { box, state in
            Self.add(bytes, to: &box, &state, flags: flags, received: received)
        } ?? 0
    }

    /// Removes a message, as another member's client does.
    func remove(_ uid: UID, from name: String = "INBOX") {
        _ = change(MailboxName(unchecked: name)) { box, _ in
            box.remove { $0.uid == uid }
        }
    }

    func setFlags(_ flags: Flags, of uid: UID, in name: String = "INBOX") {
        _ = change(MailboxName(unchecked: name)) { box, _ in
            box.modSeq += 1
            for index in box.entries.indices where box.entries[index].uid == uid {
                box.entries[index].flags = flags
                box.entries[index].modSeq = box.modSeq
            }
        }
    }

    func flags(of uid: UID, in name: String = "INBOX") -> [String]? {
        state.withLock { state in
            state.boxes.first { $0.name.text == name }?.entries.first { $0.uid == uid }?.flags.names
        }
    }

    func dropBytes(of uid: UID, in name: String = "INBOX") {
        state.withLock { state in
            guard
                let entry = state.boxes.first(where: { $0.name.text == name })?.entries.first(where: { $0.uid == uid })
            else { return }
            state.editions[entry.edition] = nil
        }
    }

    /// Changes a mailbox and wakes those who look at it.
    func change<Value>(_ name: MailboxName, _ body: (inout Box, inout State) -> Value) -> Value? {
        let (value, wakes) = state.withLock { state -> (Value?, [@Sendable () -> Void]) in
            guard let index = state.boxes.firstIndex(where: { $0.name == name }) else { return (nil, []) }
            var box = state.boxes[index]
            let value = body(&box, &state)
            box.publish(since: state.boxes[index].entries)
            state.boxes[index] = box
            return (value, state.observers.filter { $0.mailbox == box.id }.map(\.wake))
        }
        for wake in wakes { wake() }
        if let id = state.withLock({ state in state.boxes.first { $0.name == name }?.id }) {
            tellWatchers([id], names: false)
        }
        return value
    }

    /// Tells those who watch everything.
    func tellWatchers(_ mailboxes: [MailboxID] = [], names: Bool = true) {
        for watcher in state.withLock({ $0.watchers.sorted { $0.key < $1.key }.map(\.value) }) {
            watcher(mailboxes, names)
        }
    }

    static func add(
        _ bytes: [UInt8],
        to box: inout Box,
        _ state: inout State,
        flags: Flags,
        received: Timestamp
    ) -> UID {
        let edition = EditionID(rawValue: state.nextID)
        state.nextID += 1
        state.editions[edition] = bytes
        box.modSeq += 1
        let uid = box.uidNext
        box.uidNext += 1
        box.saved[uid] = MemoryHouse.saved
        box.entries.append(
            MailboxSnapshot.Entry(
                uid: uid,
                modSeq: box.modSeq,
                flags: flags,
                edition: edition,
                size: UInt32(bytes.count),
                received: received
            )
        )
        return uid
    }

    /// What is kept of the password.
    static let credential = ScramCredential.make(
        Secret(password),
        ScramCredential.Parameters(salt: Array("salt".utf8), iterations: 4096)
    )

    func logIn(_ attempt: LogInAttempt) async -> LogInOutcome {
        var serverFinal: [UInt8]?
        let isRight: Bool
        switch attempt.credentials {
        case .password(let plain): isRight = plain.password.exposed == Array(Self.password.utf8)
        case .scram(let proof):
            isRight = proof.isProof(of: Self.credential)
            serverFinal = proof.serverFinal(Self.credential)
        }
        guard isRight else {
            let refusals = state.withLock { state in
                state.refusals += 1
                return state.refusals
            }
            return .refused(
                IMAPFailure(.client, .authenticationFailed, "Wrong name or password"),
                delay: .seconds(refusals)
            )
        }
        let session = MemorySession(house: self, member: attempt.credentials.user)
        return .accepted(session, serverFinal: serverFinal)
    }

    func scramChallenge(for user: String) -> ScramChallenge {
        ScramChallenge(parameters: Self.credential.parameters, nonce: "servernonce")
    }
}

extension String {
    /// Line feeds as CRLF, as messages have them.
    var replacingLineFeeds: String {
        split(separator: "\n", omittingEmptySubsequences: false).joined(separator: "\r\n")
    }
}

extension MemoryHouse {
    /// Works on messages one by one, each as slow as the test asks, and says so in between.
    func toil(_ count: Int, _ progress: Progress?) async {
        for done in 0..<count {
            state.withLock { $0.instant = $0.instant.advanced(by: $0.slowness) }
            await progress?.note(done + 1, of: count)
        }
    }
}
