package import Base

/// The place where one task of a loop waits, with a deadline.
///
/// Whoever resumes it gives a hint, not a fact: the task looks again at what it waits for, so
/// that nothing is lost when several things happen in one turn.
@safe package final class Waiter: TimerTarget, @unchecked Sendable {
    // Unchecked: every member is used on the loop's thread alone, as `assertIsCurrent` checks.

    package let loop: EventLoop
    private var continuation: UnsafeContinuation<Wake, Never>?
    private var deadline = Instant.distantFuture
    private var timer: EventLoop.TimerID?
    private var timerTick: UInt64 = 0

    package init(on loop: EventLoop) { self.loop = loop }

    /// Whether a task waits here.
    package var isWaiting: Bool { unsafe continuation != nil }

    /// Parks the calling task, which runs on the loop, until it is resumed or the deadline passes.
    package func wait(until deadline: Instant) async -> Wake {
        await unsafe withUnsafeContinuation { unsafe park($0, until: deadline) }
    }

    /// What `wait` does with its continuation, for callers that save themselves an async call.
    package func park(_ waiting: UnsafeContinuation<Wake, Never>, until deadline: Instant) {
        loop.assertIsCurrent()
        precondition(!isWaiting, "two tasks wait in one place")
        unsafe continuation = waiting
        guard deadline > loop.now else { return resume(.deadline) }
        self.deadline = deadline
        arm()
    }

    /// Lets the waiting task go on in this turn; nothing happens where none waits.
    package func resume(_ wake: Wake) {
        loop.assertIsCurrent()
        guard let waiting = unsafe continuation else { return }
        unsafe continuation = nil
        unsafe waiting.resume(returning: wake)
    }

    /// Gives up the timer, which otherwise keeps this object until it ends.
    package func disarm() {
        loop.assertIsCurrent()
        if let timer { loop.removeTimer(timer) }
        timer = nil
    }

    // A deadline that moves later, as it does with every command of a client, costs one
    // comparison: the timer stays where it is and is set again only when it comes up.
    private func arm() {
        guard deadline != .distantFuture else { return }
        let tick = deadline.tickAfter
        if let timer {
            guard tick < timerTick else { return }
            loop.removeTimer(timer)
        }
        timer = loop.insertTimer(self, at: tick)
        timerTick = tick
    }

    func timerEnded(at now: Instant) {
        timer = nil
        guard isWaiting else { return }
        if deadline <= now { resume(.deadline) } else { arm() }
    }
}
