internal import Base
internal import Flow
internal import Reactor
internal import Search
internal import Store

/// Has the search index take in what is new, a few seconds after it came.
///
/// Messages that come and go meanwhile, drafts above all, cost nothing.
struct IndexService: Sendable {
    let index: any TextIndex
    let house: House

    func start(on loop: EventLoop) -> LoopTask<Void> {
        let signal = Signal(on: loop)
        index.onRebuild { signal.raise() }
        let observation = house.store.observe(.everything) { _ in signal.raise() }
        return loop.spawn {
            defer { observation.cancel() }
            while !Task.isCancelled {
                if await index.advance() { continue }
                guard await signal.wait(until: .distantFuture) != .canceled else { return }
                await loop.sleep(for: Limits.indexDelay)
                _ = signal.take()
            }
        }
    }
}
