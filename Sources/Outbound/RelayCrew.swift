internal import Reactor
internal import Synchronization

/// The sessions that run beside the first one, as many as there is work for.
///
/// They end when whoever waits for them is canceled.
final class RelayCrew: Sendable {
    private struct State {
        /// Lines beside the first one that run now.
        var running = 0
        /// Those whose end nobody has waited for yet.
        var lines: [LoopTask<Result<Void, any Error>>] = []
        /// Open sessions, and those of them that wait for something to send.
        var sessions = 0
        var idle = 0
        var isCanceled = false
    }

    private let most: Int
    private let state = Mutex(State())

    /// `most`: How many may run at a time beside the first one.
    init(most: Int) { self.most = most }

    /// Begins anew after the last one ended.
    func begin() { state.withLock { $0.isCanceled = false } }

    /// Starts one more where there is room.
    ///
    /// `ifBusy`: Only while the smarthost is there and every session has something to do. Asked under the same lock, so
    /// that somebody still waits for what is started.
    func grow(on loop: EventLoop, ifBusy: Bool = false, _ line: @escaping @Sendable () async throws -> Void) {
        state.withLock { state in
            guard state.running < most, !state.isCanceled, !ifBusy || (state.sessions > 0 && state.idle == 0) else {
                return
            }
            state.running += 1
            state.lines.append(
                loop.spawn {
                    let result = await Result.of(line)
                    self.state.withLock { $0.running -= 1 }
                    return result
                }
            )
        }
    }

    /// Waits until none runs any more; gives what became of each.
    func results() async -> [Result<Void, any Error>] {
        await withTaskCancellationHandler {
            var results: [Result<Void, any Error>] = []
            while let line = state.withLock({ $0.lines.first }) {
                results.append(await line.value)
                state.withLock { if !$0.lines.isEmpty { $0.lines.removeFirst() } }
            }
            return results
        } onCancel: {
            cancel()
        }
    }

    /// Ends those that run, and lets no more begin.
    func cancel() {
        let lines = state.withLock { state in
            state.isCanceled = true
            return state.lines
        }
        for line in lines { line.cancel() }
    }

    // MARK: Sessions

    func sessionOpened() { state.withLock { $0.sessions += 1 } }

    func sessionEnded() { state.withLock { $0.sessions -= 1 } }

    /// Waits for something to send.
    func idle(_ waiting: () async -> Bool) async -> Bool {
        state.withLock { $0.idle += 1 }
        defer { state.withLock { $0.idle -= 1 } }
        return await waiting()
    }
}
