import Base
import Synchronization
import TestSupport
import Testing

@testable import Reactor

@Suite(.timeLimit(.minutes(1))) struct WorkerPoolTests {
    private struct Refused: Error, Equatable {}

    @Test func workLeavesTheLoopAndTheTaskComesBack() async throws {
        let pool = try WorkerPool(name: "worker", threads: 2, capacity: 10)
        try await withLoop { loop in
            let wasOnLoop = await pool.run { loop.isCurrent }
            #expect(!wasOnLoop)
            #expect(loop.isCurrent)
        }
    }

    @Test func whatTheBodyThrowsIsThrown() async throws {
        let pool = try WorkerPool(name: "worker", threads: 1, capacity: 10)
        await #expect(throws: Refused()) {
            try await pool.run { () throws(Refused) -> Int in throw Refused() }
        }
    }

    @Test func withoutRoomStrangersAreTurnedAway() async throws {
        let pool = try WorkerPool(name: "worker", threads: 1, capacity: 1)
        try await withLoop { loop in
            let began = Signal(on: loop)
            let release = Gate()
            let first = loop.spawn {
                await pool.run {
                    began.raise()
                    release.wait()
                }
            }
            _ = await began.wait()
            let second = loop.spawn { await pool.runIfRoom { 2 } }
            while pool.waitingCount < 1 { await Task.yield() }
            #expect(await pool.runIfRoom { 3 } == nil)
            release.open()
            #expect(await second.value == 2)
            await first.value
            #expect(await pool.runIfRoom { 3 } == 3)
        }
    }

    @Test func workOfOneThreadKeepsItsOrder() async throws {
        let thread = try WorkerThread(name: "writer")
        let seen = Mutex<[Int]>([])
        for number in 0..<100 { thread.enqueue { seen.withLock { $0.append(number) } } }
        await unsafe withUnsafeContinuation { (continuation: UnsafeContinuation<Void, Never>) in
            thread.enqueue { unsafe continuation.resume() }
        }
        #expect(seen.withLock { $0 } == Array(0..<100))
    }

    @Test func anActorOnAWorkerThreadIsIsolatedThere() async throws {
        let writer = Writer(try WorkerThread(name: "writer"))
        try await withLoop { loop in
            #expect(await writer.isElsewhere(than: loop))
            #expect(loop.isCurrent)
        }
    }
}

/// Blocks a worker thread until it is opened: what a slow disk would do.
private final class Gate: Sendable {
    private let isOpen = Atomic<Bool>(false)
    func open() { isOpen.store(true, ordering: .releasing) }
    func wait() { while !isOpen.load(ordering: .acquiring) {} }
}

private actor Writer {
    private let thread: WorkerThread

    init(_ thread: WorkerThread) { self.thread = thread }

    nonisolated var unownedExecutor: UnownedSerialExecutor { unsafe thread.asUnownedSerialExecutor() }

    func isElsewhere(than loop: EventLoop) -> Bool {
        assertIsolated()
        return !loop.isCurrent
    }
}
