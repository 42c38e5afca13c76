import Base
import Synchronization
import TestSupport
import Testing

@testable import Reactor

@Suite(.timeLimit(.minutes(1))) struct EventLoopTests {
    @Test func aTaskStaysOnItsLoopAcrossAwaits() async throws {
        try await withLoop { loop in
            let other = try EventLoop(name: "other", log: .silent)
            #expect(loop.isCurrent)
            await Task.yield()
            #expect(loop.isCurrent)
            let elsewhere = await other.spawn { other.isCurrent && !loop.isCurrent }.value
            #expect(elsewhere)
            #expect(loop.isCurrent)
            _ = await loop.sleep(for: .milliseconds(1))
            #expect(loop.isCurrent)
            await other.stop()
        }
    }

    @Test func anActorWithTheLoopsExecutorIsIsolatedThere() async throws {
        try await withLoop { loop in
            let confined = Confined(loop)
            #expect(await confined.isOnLoop())
            #expect(loop.isCurrent)
            // From the shared pool too, many at a time: the actor's state loses nothing.
            let tasks = (0..<4).map { _ in
                Task.detached { for _ in 0..<500 { await confined.increment() } }
            }
            for task in tasks { await task.value }
            #expect(await confined.count == 2000)
        }
    }

    @Test func aDefaultActorRunsOnTheCallersLoop() async throws {
        try await withLoop { loop in
            let plain = Plain()
            #expect(await plain.isOn(loop))
        }
    }

    @Test func canceledSleepEndsAtOnce() async throws {
        try await withLoop { loop in
            let task = loop.spawn { await loop.sleep(until: .distantFuture) }
            await Task.yield()
            task.cancel()
            #expect(await task.value == .canceled)
        }
    }

    @Test func workApartRunsOnTheLoopAndIsWaitedFor() async throws {
        try await withLoop { loop in
            let values = await loop.spawn {
                var values: [Int] = []
                for number in 0..<3 {
                    let value = await loop.apart {
                        await Task.yield()
                        return loop.isCurrent ? number : -1
                    }
                    values.append(loop.isCurrent ? value : -1)
                }
                return values
            }.value
            #expect(values == [0, 1, 2])
        }
    }

    @Test func cancelingReachesWorkApart() async throws {
        try await withLoop { loop in
            let task = loop.spawn { await loop.apart { await loop.sleep(until: .distantFuture) } }
            await Task.yield()
            task.cancel()
            #expect(await task.value == .canceled)
        }
    }

    @Test func cancelingRacesWithSleepingAndAlwaysWins() async throws {
        let loop = try EventLoop(name: "test", log: .silent)
        for _ in 0..<2000 {
            let task = loop.spawn { await loop.sleep(until: .distantFuture) }
            task.cancel()
            #expect(await task.value == .canceled)
        }
        await loop.stop()
    }

    @Test func callsFromManyThreadsAllArrive() async throws {
        let loop = try EventLoop(name: "test", log: .silent)
        let count = Counter()
        let outside = Counter()
        await withTaskGroup { group in
            for _ in 0..<4 {
                group.addTask {
                    for _ in 0..<1000 {
                        loop.perform {
                            if !loop.isCurrent { outside.add() }
                            count.add()
                        }
                    }
                }
            }
        }
        // Behind all of them.
        await loop.spawn {}.value
        await loop.stop()
        #expect(count.value == 4000)
        #expect(outside.value == 0)
    }

    @Test func busyTasksDoNotShutOutTimers() async throws {
        try await withLoop { loop in
            let stop = Flag()
            let busy = loop.spawn { while !stop.isRaised { await Task.yield() } }
            #expect(await loop.sleep(for: .milliseconds(5)) == .deadline)
            stop.raise()
            await busy.value
        }
    }

    @Test func groupHandsOutItsLoopsInTurn() async throws {
        let group = try EventLoopGroup(count: 2, log: .silent)
        let first = group.next()
        let second = group.next()
        #expect(first !== second)
        #expect(group.next() === first)
        await group.stop()
    }
}

@Suite struct SteppedLoopTests {
    @Test func sleepsEndInOrderOfTheirTime() {
        let clock = ManualClock()
        let loop = EventLoop(stepped: clock)
        let order = Mutex<[Int]>([])
        for delay in [30, 10, 20] {
            loop.spawn {
                _ = await loop.sleep(for: .seconds(delay))
                order.withLock { $0.append(delay) }
            }
        }
        loop.run(for: .seconds(9), clock)
        #expect(order.withLock { $0 } == [])
        loop.run(for: .seconds(30), clock)
        #expect(order.withLock { $0 } == [10, 20, 30])
    }

    @Test func aScheduledCallCanBeTakenBack() {
        let clock = ManualClock()
        let loop = EventLoop(stepped: clock)
        let calls = Counter()
        let time = clock.instant.advanced(by: .seconds(1))
        loop.schedule(at: time) { calls.add() }
        let taken = loop.schedule(at: time) { calls.add(100) }
        loop.settle()
        taken.cancel()
        loop.run(for: .seconds(2), clock)
        #expect(calls.value == 1)
    }

    @Test func aDeadlineThatMovesLaterHoldsOnlyThere() {
        let clock = ManualClock()
        let loop = EventLoop(stepped: clock)
        let signal = Signal(on: loop)
        let wakes = Mutex<[Wake]>([])
        let start = clock.instant
        loop.spawn {
            for seconds in [10, 100] {
                let wake = await signal.wait(until: start.advanced(by: .seconds(seconds)))
                wakes.withLock { $0.append(wake) }
            }
        }
        loop.run(for: .seconds(5), clock)
        signal.raise()
        loop.run(for: .seconds(90), clock)
        #expect(wakes.withLock { $0 } == [.signalled])
        loop.run(for: .seconds(6), clock)
        #expect(wakes.withLock { $0 } == [.signalled, .deadline])
    }

    @Test func aDeadlineThatMovesEarlierHolds() {
        let clock = ManualClock()
        let loop = EventLoop(stepped: clock)
        let signal = Signal(on: loop)
        let wakes = Mutex<[Wake]>([])
        let start = clock.instant
        loop.spawn {
            for seconds in [1000, 10] {
                let wake = await signal.wait(until: start.advanced(by: .seconds(seconds)))
                wakes.withLock { $0.append(wake) }
            }
        }
        loop.settle()
        signal.raise()
        loop.run(for: .seconds(11), clock)
        #expect(wakes.withLock { $0 } == [.signalled, .deadline])
    }
}

@Suite(.timeLimit(.minutes(1))) struct SignalTests {
    @Test func raisedBeforeTheWaitIsNotLost() async throws {
        try await withLoop { loop in
            let signal = Signal(on: loop)
            signal.raise()
            signal.raise()
            #expect(await signal.wait() == .signalled)
            #expect(await signal.wait(until: loop.now.advanced(by: .milliseconds(1))) == .deadline)
        }
    }

    @Test func everyRaiseFromAnotherThreadIsSeen() async throws {
        let loop = try EventLoop(name: "test", log: .silent)
        let other = try EventLoop(name: "other", log: .silent)
        let signal = Signal(on: loop)
        let answer = Signal(on: other)
        let seen = loop.spawn {
            for _ in 0..<3000 {
                _ = await signal.wait()
                answer.raise()
            }
        }
        await other.spawn {
            for _ in 0..<3000 {
                signal.raise()
                _ = await answer.wait()
            }
        }.value
        await seen.value
        await loop.stop()
        await other.stop()
    }
}

private actor Confined {
    private let loop: EventLoop
    private let executor: any SerialExecutor
    private(set) var count = 0

    init(_ loop: EventLoop) {
        self.loop = loop
        executor = loop.serialExecutor
    }

    nonisolated var unownedExecutor: UnownedSerialExecutor { unsafe executor.asUnownedSerialExecutor() }

    func isOnLoop() -> Bool {
        assertIsolated()
        return loop.isCurrent
    }

    func increment() { count += 1 }
}

private actor Plain {
    func isOn(_ loop: EventLoop) -> Bool { loop.isCurrent }
}

private final class Flag: Sendable {
    private let raised = Atomic<Bool>(false)
    var isRaised: Bool { raised.load(ordering: .acquiring) }
    func raise() { raised.store(true, ordering: .releasing) }
}
