internal import Base
package import Reactor

/// Runs a body as a task of a real loop, and ends the loop.
package func withLoop<Value: Sendable>(
    _ body: @escaping @Sendable (EventLoop) async throws -> Value
) async throws -> Value {
    let loop = try EventLoop(name: "test", log: .silent)
    let outcome = await loop.spawn { () async -> Result<Value, any Error> in
        do { return .success(try await body(loop)) } catch { return .failure(error) }
    }.value
    await loop.stop()
    return try outcome.get()
}

extension EventLoop {
    /// Steps a stepped loop until nothing is left to do at this time.
    package func settle() {
        while step() {}
    }

    /// Steps a stepped loop through time: every timer in order, up to `duration` from now.
    package func run(for duration: Duration, _ clock: ManualClock) {
        let end = clock.instant.advanced(by: duration)
        settle()
        while let next = nextTimer, next <= end {
            if next > clock.instant { clock.advance(by: next.duration(since: clock.instant)) }
            settle()
        }
        clock.advance(by: end.duration(since: clock.instant))
        settle()
    }
}
