package import Base
package import IMAPClient
internal import IMAPWire
package import Reactor
package import SASL
package import Store
internal import Synchronization

/// Keeps one account and its upstream alike: one connection waits in IDLE, one works.
package struct AccountMirror: Sendable {
    /// The log-in, asked for anew for every session, so that a renewed token is taken.
    package typealias Credentials = @Sendable () async throws -> ClientCredentials?

    private let store: Store
    private let house: any MirrorHouse
    private let driver: IMAPClientDriver
    private let credentials: Credentials
    private let time: any TimeSource
    private let entropy: any Entropy
    private let log: Log

    package init(
        store: Store,
        house: any MirrorHouse,
        driver: IMAPClientDriver,
        credentials: @escaping Credentials,
        time: any TimeSource,
        entropy: any Entropy,
        log: Log
    ) {
        self.store = store
        self.house = house
        self.driver = driver
        self.credentials = credentials
        self.time = time
        self.entropy = entropy
        self.log = log
    }

    /// IDLE is begun again after this long: routers forget silent connections before RFC 2177's
    /// 29 minutes.
    private static let idle = Duration.seconds(9 * 60)
    /// How often a server without IDLE is asked.
    private static let noopPause = Duration.seconds(30)
    /// How often the folders without a connection of their own are looked at.
    private static let pollPause = Duration.seconds(60)

    /// Starts both connections on a loop.
    package func start(on loop: EventLoop) -> [LoopTask<Void>] {
        let news = News(on: loop)
        return [
            loop.spawn { await self.keepGoing(on: loop, "watch") { await self.watch($0, news) } },
            loop.spawn { await self.keepGoing(on: loop, "work") { await self.work($0, news, on: loop) } },
        ]
    }

    /// How a session ended.
    private struct Ending: Sendable {
        /// Whether it did what it was for: the next one need not wait long.
        let wasUseful: Bool
        let why: String
    }

    /// Opens one session after the other until the task is canceled.
    private func keepGoing(
        on loop: EventLoop,
        _ role: String,
        _ body: (IMAPClientSession) async -> Ending
    ) async {
        var backoff = Backoff()
        while !Task.isCancelled {
            let why: String
            do {
                let login = try await credentials()
                let ending = try await driver.withSession(credentials: login, on: loop, body)
                if ending.wasUseful { backoff.reset() }
                why = ending.why
            } catch {
                why = "\(error)"
            }
            if Task.isCancelled { return }
            let pause = backoff.next(entropy)
            log.with("connection", role).warning("upstream: \(why); next try in \(pause.milliseconds) ms")
            if await loop.sleep(for: pause) == .canceled { return }
        }
    }

    // MARK: The connection that waits

    private func watch(_ session: IMAPClientSession, _ news: News) async -> Ending {
        do {
            _ = try await session.select(Array("INBOX".utf8), readOnly: true)
            // Something may have come while nobody watched.
            news.tell(hasFlags: true)
            while true {
                let told: [Response]
                if session.offers("IDLE") {
                    told = try await session.idle(until: time.instant.advanced(by: Self.idle))
                } else {
                    told = try await session.noop()
                    if told.isEmpty {
                        guard await session.pause(until: time.instant.advanced(by: Self.noopPause)) else {
                            return Ending(wasUseful: true, why: "canceled")
                        }
                    }
                }
                let isMailOnly = told.allSatisfy {
                    switch $0 {
                    case .exists, .recent: true
                    default: false
                    }
                }
                if !told.isEmpty { news.tell(hasFlags: !isMailOnly) }
            }
        } catch {
            return Ending(wasUseful: session.selected != nil, why: "\(error)")
        }
    }

    // MARK: The connection that works

    private func work(_ session: IMAPClientSession, _ news: News, on loop: EventLoop) async -> Ending {
        var isSynced = false
        do {
            let (account, folders) = try await house.folders()
            let observation = observe(folders, news)
            defer { observation.cancel() }
            let names = try await UpstreamNames(session, store: store, folders: folders)
            let player = JournalPlayer(
                store: store,
                account: account,
                names: names,
                session: session,
                time: time,
                log: log
            )
            // Before anything is looked at: what was cut off has first to be found again.
            var next = try await player.play()
            var due = Instant(nanoseconds: 0)
            while true {
                let isDue = time.instant >= due
                if let heard = news.take() ?? (isDue ? true : nil) {
                    try await sync(folders, account, names, session, wantsFlags: heard || isDue, player, news)
                    due = time.instant.advanced(by: Self.pollPause)
                    isSynced = true
                }
                next = try await player.play()
                var deadline = due
                if let next {
                    let wait = max(next.duration(since: time.now), .zero)
                    deadline = min(deadline, time.instant.advanced(by: wait))
                }
                if news.isWaiting { continue }
                if await news.signal.wait(until: deadline) == .canceled {
                    return Ending(wasUseful: isSynced, why: "canceled")
                }
            }
        } catch {
            return Ending(wasUseful: isSynced, why: "\(error)")
        }
    }

    /// One pass over the followed folders, INBOX first; mail that comes meanwhile is taken first.
    private func sync(
        _ folders: [MirroredFolder],
        _ account: AccountID,
        _ names: UpstreamNames,
        _ session: IMAPClientSession,
        wantsFlags: Bool,
        _ player: JournalPlayer,
        _ news: News
    ) async throws {
        let followed = folders.filter(\.isFollowed).sorted { $0.isInbox && !$1.isInbox }
        var queue = followed
        while let folder = queue.first {
            let pass = MailboxSync(
                store: store,
                house: house,
                account: account,
                folder: folder,
                session: session,
                log: log
            )
            let isComplete: Bool
            do {
                let name = try await names.name(of: folder.mailbox, session)
                isComplete = try await pass.run(name, wantsFlags: wantsFlags) { folder.isInbox || !news.isWaiting }
            } catch let failure as IMAPClientFailure where failure.refusal != nil {
                // One folder that cannot be read is no reason to leave the others.
                log.warning("upstream: \(folder.name): \(failure)")
                isComplete = true
            }
            if isComplete { queue.removeFirst() }
            // Members' changes do not wait for a long first sync.
            _ = try await player.play()
            if !isComplete, news.take() != nil { queue = followed }
        }
    }

    /// Wakes the working connection when a change touches the account: there may be operations.
    private func observe(_ folders: [MirroredFolder], _ news: News) -> Observation {
        let known = Set(folders.map(\.mailbox))
        let last = known.max() ?? MailboxID(rawValue: 0)
        // A mailbox made since may be one of the account's.
        return store.observe(.everything) { change in
            if change.mailboxes.contains(where: { known.contains($0) || $0 > last }) { news.signal.raise() }
        }
    }
}

/// What the waiting connection tells the working one.
private final class News: Sendable {
    let signal: Signal
    private let state = Mutex<(isWaiting: Bool, hasFlags: Bool)>((false, false))

    init(on loop: EventLoop) { signal = Signal(on: loop) }

    var isWaiting: Bool { state.withLock { $0.isWaiting } }

    func tell(hasFlags: Bool) {
        state.withLock { $0 = (true, $0.hasFlags || hasFlags) }
        signal.raise()
    }

    /// Whether there is news, and whether it is about more than new mail.
    func take() -> Bool? {
        state.withLock { state in
            defer { state = (false, false) }
            return state.isWaiting ? state.hasFlags : nil
        }
    }
}
