import Base
import Glibc
import TestSupport
import Testing

@testable import Reactor

@Suite(.timeLimit(.minutes(1))) struct SlotTests {
    @Test func aStaleTagNamesNobody() {
        let loop = EventLoop(stepped: ManualClock())
        var table = SlotTable()
        let first = table.insert(Slot(on: loop))
        table.remove(first)
        let second = table.insert(Slot(on: loop))
        #expect(first.index == second.index)
        #expect(table[first] == nil)
        #expect(table[second] != nil)
        #expect(SlotTable.ID(tag: second.tag) == second)
        table.remove(first)
        #expect(table[second] != nil)
        #expect(table.count == 1)
    }

    @Test func readinessIsLatchedUntilCleared() async throws {
        try await withLoop { loop in
            let (reader, writer) = try pipe()
            let slot = try Slot(Descriptor(owning: reader), on: loop)
            let watcher = Recorder(on: loop)
            slot.watch(watcher)
            slot.clear([.readable, .writable])
            _ = unsafe write(writer, "x", 1)
            _ = await watcher.signal.wait()
            #expect(slot.readiness.contains(.readable))
            slot.clear(.readable)
            close(writer)
            _ = await watcher.signal.wait()
            #expect(slot.readiness.contains([.readable, .hungUp]))
            slot.close()
            #expect(slot.descriptor == -1)
            #expect(loop.slotCount == 0)
        }
    }

    @Test func aReusedDescriptorGetsNoOldEvents() async throws {
        try await withLoop { loop in
            for _ in 0..<2000 {
                let (reader, writer) = try pipe()
                let slot = try Slot(Descriptor(owning: reader), on: loop)
                let old = Recorder(on: loop)
                slot.watch(old)
                // The event is in the kernel already when the slot closes.
                _ = unsafe write(writer, "x", 1)
                slot.close()
                close(writer)
                let (next, nextWriter) = try pipe()
                let fresh = try Slot(Descriptor(owning: next), on: loop)
                fresh.clear([.readable, .writable])
                await Task.yield()
                #expect(!fresh.readiness.contains(.readable))
                #expect(!old.signal.isRaised)
                fresh.close()
                close(nextWriter)
            }
        }
    }

    private func pipe() throws -> (Int32, Int32) {
        var numbers: [Int32] = [-1, -1]
        try #require(unsafe Glibc.pipe(&numbers) == 0)
        _ = fcntl(numbers[0], F_SETFL, O_NONBLOCK)
        return (numbers[0], numbers[1])
    }
}

@Suite(.timeLimit(.minutes(1)), .serialized) struct ProcessSignalsTests {
    @Test(arguments: ProcessSignal.allCases)
    func aSignalIsAnEventOfTheLoop(signal: ProcessSignal) async throws {
        try await withLoop { loop in
            let signals = try ProcessSignals(on: loop)
            let number =
                switch signal {
                case .terminate: SIGTERM
                case .interrupt: SIGINT
                case .hangUp: SIGHUP
                }
            loop.schedule(at: loop.clock.instant.advanced(by: .milliseconds(1))) {
                // To this thread alone, which blocks it: other threads of a test process do not.
                raise(number)
            }
            #expect(await signals.next() == signal)
            signals.close()
            #expect(await signals.next() == nil)
        }
    }
}

private final class Recorder: Watcher {
    let signal: Signal

    init(on loop: EventLoop) { signal = Signal(on: loop) }

    func slotIsReady(_ readiness: Readiness) { signal.raise() }
}
