internal import Base
internal import Flow
internal import Net
internal import Reactor
internal import Store

/// Clears away what nobody needs any more, from time to time.
struct Housekeeper: Sendable {
    let house: House

    /// How long what is not needed may lie about; longer than a session goes without hearing of an
    /// expunge.
    private static let round = Duration.seconds(3600)

    /// How long the relay's attempts are told after they ended; the ledger keeps what came of them.
    private static let attemptsKept = Duration.seconds(30 * 86_400)

    func start(on loop: EventLoop) -> LoopTask<Void> {
        let signal = Signal(on: loop)
        return loop.spawn {
            var unplaced: Set<MessageID> = []
            while true {
                let next = self.house.time.instant.advanced(by: Self.round)
                if await signal.wait(until: next) == .canceled { return }
                unplaced = await self.work(unplaced)
            }
        }
    }

    /// Gives the messages that are placed nowhere, to be removed in the next round.
    private func work(_ unplaced: Set<MessageID>) async -> Set<MessageID> {
        do {
            let removed = try await house.store.trimTombstones()
            if removed > 0 { house.log.info("\(removed) tombstones forgotten") }
            let before = house.time.now.advanced(by: .zero - Self.attemptsKept)
            let attempts = try await house.store.trimAttempts(endedBefore: before)
            if attempts > 0 { house.log.info("\(attempts) attempts of the relay forgotten") }
            return try await house.store.collectMessages(unplaced)
        } catch {
            house.log.error("what is not needed could not be cleared away: \(error)")
            return []
        }
    }
}
