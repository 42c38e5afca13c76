package import Base

extension EventLoop {
    /// Calls `body` on the loop when the time has come, unless it is canceled before.
    ///
    /// May be called on any thread.
    @discardableResult
    package func schedule(at time: Instant, _ body: @escaping @Sendable () -> Void) -> ScheduledCall {
        let call = ScheduledCall(on: self, body)
        perform { call.arm(at: time) }
        return call
    }
}

/// A call that waits for its time.
package final class ScheduledCall: TimerTarget, @unchecked Sendable {
    // Unchecked: the variables are used on the loop's thread alone.

    private let loop: EventLoop
    private var body: (@Sendable () -> Void)?
    private var timer: EventLoop.TimerID?

    fileprivate init(on loop: EventLoop, _ body: @escaping @Sendable () -> Void) {
        self.loop = loop
        self.body = body
    }

    /// Takes the call back, if it is not too late; may be called on any thread.
    package func cancel() {
        loop.perform {
            if let timer = self.timer { self.loop.removeTimer(timer) }
            self.timer = nil
            self.body = nil
        }
    }

    fileprivate func arm(at time: Instant) {
        guard body != nil else { return }
        timer = loop.insertTimer(self, at: time.tickAfter)
    }

    func timerEnded(at now: Instant) {
        timer = nil
        let body = self.body
        self.body = nil
        body?()
    }
}
