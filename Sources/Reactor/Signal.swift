package import Base
internal import Synchronization

/// A latch that any thread may raise and one task of a loop waits for.
///
/// Raising it twice before the task looks is raising it once.
package final class Signal: Sendable {
    private let raised = Atomic<Bool>(false)
    private let waiter: Waiter

    /// A signal whose task waits with `wait(until:)`.
    package init(on loop: EventLoop) { waiter = Waiter(on: loop) }

    /// A signal for a task that waits for other things in the same place.
    package init(waking waiter: Waiter) { self.waiter = waiter }

    /// Raises the signal; may be called on any thread.
    package func raise() {
        guard !raised.exchange(true, ordering: .acquiringAndReleasing) else { return }
        if waiter.loop.isCurrent { wakeTask() } else { waiter.loop.post(self) }
    }

    /// Whether it is raised, leaving it so.
    package var isRaised: Bool { raised.load(ordering: .acquiring) }

    /// Lowers the signal and tells whether it was raised.
    package func take() -> Bool {
        isRaised && raised.exchange(false, ordering: .acquiringAndReleasing)
    }

    /// Waits on the signal's loop until it is raised, and lowers it; ends early when the calling
    /// task is canceled.
    package func wait(until deadline: Instant = .distantFuture) async -> Wake {
        while true {
            if Task.isCancelled { return .canceled }
            if take() { return .signalled }
            let wake = await waiter.waitOrCancel(until: deadline)
            if wake == .deadline { return take() ? .signalled : .deadline }
        }
    }

    /// Resumes the task on the loop's thread, unless it has looked already.
    func wakeTask() {
        if isRaised { waiter.resume(.signalled) }
    }
}

extension Waiter {
    /// Waits, and goes on with `canceled` when the calling task is canceled; leaves no timer behind.
    package func waitOrCancel(until deadline: Instant) async -> Wake {
        defer { disarm() }
        return await withTaskCancellationHandler {
            // A cancellation before this line is seen here, a later one finds the task parked:
            // from another thread it reaches the loop only after this turn.
            if Task.isCancelled { return Wake.canceled }
            return await wait(until: deadline)
        } onCancel: {
            loop.perform { self.resume(.canceled) }
        }
    }
}
