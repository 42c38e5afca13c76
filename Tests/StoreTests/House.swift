import Base
import IMAPWire
import Reactor
import SQLite
import Synchronization
import TestSupport

@testable import Store

/// A store on a simulated disk, with the shortest ways to put something into it.
final class House: Sendable {
    let disk: SimulatedDisk
    let clock = ManualClock()
    let store: Store
    let stops = Noted<StoreError>()

    init(
        on disk: SimulatedDisk = SimulatedDisk(),
        writer: any JobQueue = InlineQueue(),
        project: @escaping Projection = { _, _ in }
    ) throws {
        self.disk = disk
        let environment = try Self.environment(on: disk, clock: clock, writer: writer)
        let stops = stops
        store = try Store.open("/data", in: environment, project: project) { stops.note($0) }
    }

    static func environment(
        on disk: SimulatedDisk,
        clock: ManualClock = ManualClock(),
        writer: any JobQueue = InlineQueue()
    ) throws -> StoreEnvironment {
        StoreEnvironment(
            vfs: try disk.register(),
            files: disk,
            entropy: SeededEntropy(),
            time: clock,
            log: .silent,
            writer: writer,
            readers: InlineQueue()
        )
    }

    /// The account's mailbox of a key, made where it is missing.
    func mailbox(_ key: String = "inbox", privateSeen: Bool = true) throws -> MailboxID {
        try store.writeNow { try $0.mailbox(key, privateSeen: privateSeen) }
    }

    /// Puts a new message into a mailbox.
    func deliver(_ text: String, to mailbox: MailboxID, block: String = "") throws -> PlacementRow {
        let body = try store.prepareNow(Array(text.utf8))
        return try store.writeNow { try $0.deliver(body, to: mailbox, block: block) }
    }

    func snapshot(_ mailbox: MailboxID, _ member: String = "ann") async throws -> MailboxSnapshot {
        try await store.snapshot(of: mailbox, member: member)
    }
}

extension Store {
    /// Puts a change into the queue without waiting for its answer.
    func submit<Value: Sendable>(
        _ change: @escaping @Sendable (Transaction) throws -> Value,
        answer: @escaping @Sendable (Result<Value, any Error>) -> Void
    ) {
        writer.submit(Change(change, answer: answer))
    }
}

/// Real threads, ended with the last use.
func threads(_ name: String, count: Int = 1) throws -> WorkerPool {
    try WorkerPool(name: name, threads: count, capacity: 100)
}

extension Transaction {
    func mailbox(_ key: String, privateSeen: Bool = true) throws -> MailboxID {
        let account = try ensureAccount(named: "team", kind: .local, owner: nil)
        return try ensureMailbox(
            NewMailbox(account: account, key: key, name: key, hasPrivateSeen: privateSeen)
        ).id
    }

    func deliver(_ body: StoredBody, to mailbox: MailboxID, block: String = "") throws -> PlacementRow {
        let account = try ensureAccount(named: "team", kind: .local, owner: nil)
        let message = try insertMessage(
            NewMessage(
                account: account,
                messageID: "<\(Hexadecimal.encode(body.hash.prefix(4)))@mail.example>",
                body: body,
                internalDate: now,
                direction: "inbound"
            )
        )
        let edition = try insertEdition(of: message, block: Array(block.utf8))
        return try place(edition, in: mailbox, received: now)
    }

    /// Appends an event with a chain of its own making: the store does not look into it.
    func note(_ kind: String, _ subject: String) throws {
        let number = EventNumber(rawValue: (try ledgerHead()?.number.rawValue ?? 0) + 1)
        try append(
            EventRow(
                number: number,
                at: now,
                kind: kind,
                subject: subject,
                commitment: [1],
                link: [UInt8(truncatingIfNeeded: number.rawValue)],
                salt: [2],
                payload: Array("\(kind) of \(subject)".utf8)
            )
        )
    }
}

/// Collects what is told from anywhere.
final class Noted<Value: Sendable>: Sendable {
    private let values = Mutex<[Value]>([])

    func note(_ value: Value) { values.withLock { $0.append(value) } }

    var all: [Value] { values.withLock { $0 } }
}

struct Refusal: Error {}
