internal import Base
internal import Flow
internal import Net
internal import Reactor

/// Waits for what is due, decisions to take effect, and does it when it is.
struct Timekeeper: Sendable {
    let house: House

    /// How long it waits where a failed store gives no time to wait for.
    private static let pause = Duration.seconds(5)

    func start(on loop: EventLoop) -> LoopTask<Void> {
        let signal = Signal(on: loop)
        house.onOutboundChange { signal.raise() }
        return loop.spawn {
            while true {
                let deadline = await self.work()
                if await signal.wait(until: deadline) == .canceled { return }
            }
        }
    }

    /// Does what is due; gives when to look again.
    private func work() async -> Instant {
        do {
            try await house.settleDue()
            guard let wait = try await house.timeToNextDue() else { return .distantFuture }
            return house.time.instant.advanced(by: max(wait, .zero))
        } catch {
            house.log.error("what is due could not be done: \(error)")
            return house.time.instant.advanced(by: Self.pause)
        }
    }
}
