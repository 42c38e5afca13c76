import Base
import Net
import Reactor

/// Runs the mix for a time with some clients, on one loop.
struct MixLoad: Sendable {
    let server: MailServer
    let tls: TLSClientContext?
    let clients: Int
    let settings: MixSettings

    /// What was done while the time ran.
    struct Figures: Sendable {
        var commands = 0
        var sessions = 0
        var received = 0
        var refusals = 0
        /// Nanoseconds.
        var duration: Int64 = 0
        /// Nanoseconds on a processor, of the server and of the load.
        var serverTime: Int64 = 0
        var ownTime: Int64 = 0

        var perSecond: Double { Double(commands) / (Double(duration) / 1e9) }
        /// Nanoseconds of the server's processor time per command.
        var cost: Double { Double(serverTime) / Double(commands) }
        var ownLoad: Double { Double(ownTime) / Double(duration) }

        static func + (first: Self, second: Self) -> Self {
            Self(
                commands: first.commands + second.commands,
                sessions: first.sessions + second.sessions,
                received: first.received + second.received,
                refusals: first.refusals + second.refusals,
                duration: first.duration + second.duration,
                serverTime: first.serverTime + second.serverTime,
                ownTime: first.ownTime + second.ownTime
            )
        }

        static func - (first: Self, second: Self) -> Self {
            Self(
                commands: first.commands - second.commands,
                sessions: first.sessions - second.sessions,
                received: first.received - second.received,
                refusals: first.refusals - second.refusals,
                duration: first.duration - second.duration,
                serverTime: first.serverTime - second.serverTime,
                ownTime: first.ownTime - second.ownTime
            )
        }
    }

    /// Runs for a time, after as much as `warmUp` that does not count.
    func run(on loop: EventLoop, warmUp: Duration, for duration: Duration) async throws -> Figures {
        try await loop.result { try await self.drive(on: loop, warmUp, duration) }
    }

    private func drive(on loop: EventLoop, _ warmUp: Duration, _ duration: Duration) async throws -> Figures {
        let tally = MixTally()
        let tasks = (0..<clients).map { number in
            loop.spawn {
                var session = MixSession(number: number, settings: settings, tally: tally)
                do {
                    try await session.run { try await LoadClient.use(server, tls: tls, on: loop, $0) }
                } catch {
                    tally.failure = tally.failure ?? "\(server.name): \(error)"
                    tally.isOver = true
                }
            }
        }
        await loop.sleep(for: warmUp)
        let start = figures(tally)
        await loop.sleep(for: duration)
        let end = figures(tally)
        tally.isOver = true
        for task in tasks { await task.value }
        if let failure = tally.failure { throw BenchError(failure) }
        return end - start
    }

    private func figures(_ tally: MixTally) -> Figures {
        Figures(
            commands: tally.commands,
            sessions: tally.sessions,
            received: tally.received,
            refusals: tally.refusals,
            duration: OwnTime.now,
            serverTime: server.process.processorTime,
            ownTime: OwnTime.ofProcess
        )
    }
}

extension EventLoop {
    /// Runs a body on this loop and gives what it returns or throws.
    func result<Value: Sendable>(_ body: @escaping @Sendable () async throws -> Value) async throws -> Value {
        let outcome = await spawn { () async -> Result<Value, any Error> in
            do { return .success(try await body()) } catch { return .failure(error) }
        }.value
        return try outcome.get()
    }
}
