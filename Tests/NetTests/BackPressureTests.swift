import Base
import Synchronization
import TestSupport
import Testing

@testable import Net
@testable import Reactor

@Suite(.timeLimit(.minutes(1))) struct BackPressureTests {
    private static let chunk = [UInt8](repeating: 7, count: 50_000)

    @Test func aPeerThatDoesNotReadCostsABoundedQueueAndThenTheConnection() {
        let clock = ManualClock()
        let loop = EventLoop(stepped: clock)
        let outcome = Mutex<(written: Int, largest: Int, error: NetError?)>((0, 0, nil))
        loop.spawn {
            let (client, server) = Connection.pair(on: loop)
            do throws(NetError) {
                while true {
                    try await server.write(Self.chunk)
                    outcome.withLock {
                        $0.written += Self.chunk.count
                        $0.largest = max($0.largest, server.queuedCount)
                    }
                }
            } catch {
                outcome.withLock { $0.error = error }
            }
            // What failed once stays failed.
            do throws(NetError) { try await server.write([1]) } catch { outcome.withLock { $0.error = error } }
            server.close()
            client.close()
        }
        loop.run(for: Limits.outputStall - .seconds(1), clock)
        #expect(outcome.withLock { $0.error } == nil)
        loop.run(for: .seconds(2), clock)
        outcome.withLock {
            #expect($0.error == .timeout)
            #expect($0.largest <= Limits.outputHighWater)
            #expect($0.written <= Limits.outputHighWater + 64 * 1024)
            #expect($0.written > 0)
        }
    }

    @Test func oneHugeWriteIsNotCopiedIntoTheQueue() async throws {
        try await withLoop { loop in
            let (client, server) = try Connection.socketPair(on: loop)
            let huge = [UInt8](repeating: 9, count: 8 * 1024 * 1024)
            let writing = loop.spawn { try? await server.write(huge) }
            var received = 0
            var largest = 0
            var buffer: [UInt8] = []
            while received < huge.count {
                buffer.removeAll(keepingCapacity: true)
                received += try await client.read(into: &buffer, until: loop.later)
                largest = max(largest, server.queuedCount)
            }
            await writing.value
            #expect(received == huge.count)
            #expect(largest <= Limits.outputHighWater)
            client.close()
            server.close()
        }
    }

    @Test func aSlowReaderIsServedToTheEnd() {
        let clock = ManualClock()
        let loop = EventLoop(stepped: clock)
        let received = Counter()
        let wrote = Counter()
        loop.spawn {
            let (client, server) = Connection.pair(on: loop)
            loop.spawn {
                for _ in 0..<40 { _ = try? await server.write(Self.chunk) }
                wrote.add()
                await server.finish(until: clock.instant.advanced(by: .seconds(1000)))
            }
            var buffer: [UInt8] = []
            while let count = try? await client.read(into: &buffer, until: .distantFuture), count > 0 {
                received.add(Int64(count))
                buffer = []
                // 64 KiB every ten seconds: from the high to the low mark within the stall time.
                _ = await loop.sleep(for: .seconds(10))
            }
            client.close()
        }
        loop.run(for: .seconds(600), clock)
        #expect(wrote.value == 1)
        #expect(received.value == 40 * 50_000)
    }

    @Test func aProducerGoesOnWhenThePeerHasGone() async throws {
        try await withLoop { loop in
            let (client, server) = try Connection.socketPair(on: loop)
            let writing = loop.spawn { () async -> NetError? in
                do throws(NetError) { while true { try await server.write(Self.chunk) } } catch { return error }
            }
            while server.outputWaiter?.isWaiting != true { await Task.yield() }
            client.close()
            #expect(await writing.value == .reset)
            server.close()
        }
    }

    @Test func flushReturnsWhenAllIsSent() async throws {
        try await withLoop { loop in
            let (client, server) = try Connection.socketPair(on: loop)
            let reading = loop.spawn { try? await read(200_000, from: client) }
            try await server.write([UInt8](repeating: 1, count: 200_000))
            try await server.flush()
            #expect(server.queuedCount == 0)
            #expect(await reading.value?.count == 200_000)
            client.close()
            server.close()
        }
    }
}
