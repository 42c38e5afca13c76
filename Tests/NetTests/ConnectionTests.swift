import Base
import Synchronization
import TestSupport
import Testing

@testable import Net
@testable import Reactor

/// Ways to be connected.
enum Link: CaseIterable, Sendable {
    case memory, socketPair, unix, tcp

    func connect(on loop: EventLoop) async throws -> (Connection, Connection) {
        switch self {
        case .memory: return Connection.pair(on: loop)
        case .socketPair: return try Connection.socketPair(on: loop)
        case .unix:
            let directory = try TestDirectory.make()
            defer { TestDirectory.remove(directory) }
            return try await through(Listener(on: loop, at: .unix(directory + "/socket"), log: .silent), on: loop)
        case .tcp: return try await through(Listener(on: loop, at: .anyPort, log: .silent), on: loop)
        }
    }

    private func through(_ listener: Listener, on loop: EventLoop) async throws -> (Connection, Connection) {
        defer { listener.close() }
        let client = try await Connection.connect(to: listener.address, on: loop, until: loop.later)
        let server = try #require(try await listener.accept()).open(on: loop)
        return (client, server)
    }
}

extension SocketAddress {
    /// A port of this machine that the system chooses.
    static let anyPort = SocketAddress.ip(IPAddress(family: .v4, value: 0x7F00_0001), port: 0)
}

extension EventLoop {
    /// Far enough away that a test which needs it has failed.
    var later: Instant { clock.instant.advanced(by: .seconds(30)) }
}

/// Reads until so many bytes are there, or the stream ends.
func read(_ count: Int, from connection: Connection) async throws(NetError) -> [UInt8] {
    var bytes: [UInt8] = []
    while bytes.count < count {
        let limit = count - bytes.count
        if try await connection.read(into: &bytes, atMost: limit, until: connection.loop.later) == 0 { break }
    }
    return bytes
}

/// Sends back what comes, until the stream ends.
func echo(_ connection: Connection) async {
    var buffer: [UInt8] = []
    do throws(NetError) {
        while try await connection.read(into: &buffer, until: connection.loop.later) > 0 {
            try await connection.write(buffer)
            buffer = []
        }
        await connection.finish(until: connection.loop.later)
    } catch {
        // The peer is gone.
    }
}

@Suite(.timeLimit(.minutes(1))) struct ConnectionTests {
    @Test(arguments: Link.allCases)
    func carriesBytesBothWays(link: Link) async throws {
        try await withLoop { loop in
            let (client, server) = try await link.connect(on: loop)
            let echoing = loop.spawn { await server.use { await echo(server) } }
            try await client.use { () async throws(NetError) in
                for count in [1, 64, 70_000, 1_000_000] {
                    let sent = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31) }
                    let writing = loop.spawn { () async -> NetError? in
                        do throws(NetError) { try await client.write(sent) } catch { return error }
                        return nil
                    }
                    let received = try await read(count, from: client)
                    #expect(received == sent)
                    #expect(await writing.value == nil)
                }
                await client.finish(until: loop.later)
            }
            await echoing.value
            #expect(loop.slotCount == 0)
        }
    }

    @Test(arguments: Link.allCases)
    func theEndOfTheStreamIsZeroAgainAndAgain(link: Link) async throws {
        try await withLoop { loop in
            let (client, server) = try await link.connect(on: loop)
            try await client.write(Array("bye"))
            let finishing = loop.spawn { await client.finish(until: loop.later) }
            #expect(try await read(10, from: server) == Array("bye"))
            #expect(try await read(1, from: server) == [])
            #expect(await server.wait(until: loop.later) == .readable)
            server.close()
            await finishing.value
        }
    }

    @Test(arguments: Link.allCases)
    func aDeadlineEndsAReadAndAWait(link: Link) async throws {
        try await withLoop { loop in
            let (client, server) = try await link.connect(on: loop)
            var buffer: [UInt8] = []
            let soon = loop.clock.instant.advanced(by: .milliseconds(2))
            await #expect(throws: NetError.timeout) { try await client.read(into: &buffer, until: soon) }
            #expect(await client.wait(until: loop.now.advanced(by: .milliseconds(1))) == .deadline)
            // The connection is as good as before.
            try await server.write([1])
            #expect(try await read(1, from: client) == [1])
            client.close()
            server.close()
        }
    }

    @Test func aWaitTellsEveryCauseInItsOrder() async throws {
        try await withLoop { loop in
            let (client, server) = Connection.pair(on: loop)
            var buffer: [UInt8] = []
            #expect(try client.tryRead(into: &buffer) == .wouldBlock)
            client.signal.raise()
            try await server.write([1])
            client.requestShutdown()
            #expect(await client.wait(until: loop.later) == .shutdown)
            #expect(client.isShuttingDown)
            #expect(await client.wait(until: loop.later) == .readable)
            #expect(try client.tryRead(into: &buffer) == .bytes(1))
            #expect(await client.wait(until: loop.later) == .readable, "latched until a read would block")
            #expect(try client.tryRead(into: &buffer) == .wouldBlock)
            #expect(await client.wait(until: loop.later) == .signalled)
            client.cancel()
            #expect(await client.wait(until: loop.later) == .canceled)
            #expect(throws: NetError.canceled) { try client.tryRead(into: &buffer) }
            client.close()
            server.close()
        }
    }

    @Test func aSignalFromAnotherThreadEndsAWait() async throws {
        let other = try EventLoop(name: "other", log: .silent)
        try await withLoop { loop in
            let (client, server) = try Connection.socketPair(on: loop)
            var buffer: [UInt8] = []
            _ = try client.tryRead(into: &buffer)
            for _ in 0..<1000 {
                let signal = client.signal
                other.perform { signal.raise() }
                var wake = await client.wait(until: loop.later)
                // The first event of a new socket says that it is writable.
                while wake == .readable {
                    _ = try client.tryRead(into: &buffer)
                    wake = await client.wait(until: loop.later)
                }
                #expect(wake == .signalled)
            }
            client.close()
            server.close()
        }
        await other.stop()
    }

    @Test func aPeerThatNeverPausesLeavesOthersTheirTurn() async throws {
        try await withLoop { loop in
            let (client, server) = Connection.pair(on: loop)
            let turns = Counter()
            let flooded = loop.spawn {
                var buffer: [UInt8] = []
                while turns.value == 0 {
                    // Always something there, so no read would ever suspend by itself.
                    _ = try? await server.write([1])
                    _ = try? await client.read(into: &buffer, until: loop.later)
                }
            }
            loop.spawn { turns.add() }
            await flooded.value
            #expect(turns.value == 1)
            client.close()
            server.close()
        }
    }

    @Test func repliesWrittenWithMoreLeaveTogether() async throws {
        try await withLoop { loop in
            let (client, server) = try Connection.socketPair(on: loop)
            try await server.write([1], more: true)
            try await server.write([2], more: true)
            var buffer: [UInt8] = []
            #expect(try client.tryRead(into: &buffer) == .wouldBlock)
            #expect(server.queuedCount == 2)
            let waiting = loop.spawn { await server.wait(until: loop.later) }
            #expect(try await read(2, from: client) == [1, 2])
            server.cancel()
            // A new socket reads as ready until a read has been tried.
            #expect([.canceled, .readable].contains(await waiting.value))
            client.close()
            server.close()
        }
    }

    @Test func knowsWhoIsAtTheOtherEndOfAUnixSocket() async throws {
        try await withLoop { loop in
            let (client, server) = try await Link.unix.connect(on: loop)
            let credentials = try #require(server.peerCredentials)
            #expect(credentials.process > 1)
            #expect(credentials.user == client.peerCredentials?.user)
            client.close()
            server.close()
        }
    }
}

@Suite(.timeLimit(.minutes(1))) struct ConnectionRaceTests {
    @Test(arguments: [Link.memory, .socketPair])
    func cancelingRacesWithReadingAndNothingHangs(link: Link) async throws {
        let loop = try EventLoop(name: "test", log: .silent)
        for _ in 0..<2000 {
            let task = loop.spawn { () async -> NetError? in
                do {
                    let (client, server) = try await link.connect(on: loop)
                    defer { server.close() }
                    try await client.use { () async throws(NetError) in
                        var buffer: [UInt8] = []
                        _ = try await client.read(into: &buffer, until: .distantFuture)
                    }
                    return nil
                } catch { return error as? NetError }
            }
            task.cancel()
            #expect(await task.value == .canceled)
        }
        #expect(await loop.spawn { loop.slotCount }.value == 0)
        await loop.stop()
    }

    @Test func aReusedDescriptorNeverReadsForTheOldConnection() async throws {
        try await withLoop { loop in
            for number in 0..<3000 {
                let (client, server) = try Connection.socketPair(on: loop)
                let reading = loop.spawn { await server.use { try? await read(1, from: server) } }
                // Sometimes the byte, sometimes the close, sometimes the cancellation comes first.
                if number % 3 != 0 { try await client.write([UInt8(truncatingIfNeeded: number)]) }
                if number % 2 == 0 { await Task.yield() }
                if number % 5 == 0 { reading.cancel() }
                client.close()
                let bytes = await reading.value
                #expect(bytes == nil || bytes == [] || bytes == [UInt8(truncatingIfNeeded: number)])
            }
            #expect(loop.slotCount == 0)
        }
    }

    @Test func closingResumesWhoeverWaits() async throws {
        try await withLoop { loop in
            let (client, server) = try Connection.socketPair(on: loop)
            let reading = loop.spawn { () async -> NetError? in
                var buffer: [UInt8] = []
                do throws(NetError) { _ = try await client.read(into: &buffer, until: .distantFuture) } catch {
                    return error
                }
                return nil
            }
            while !client.inputWaiter.isWaiting { await Task.yield() }
            client.close()
            #expect(await reading.value == .closed)
            server.close()
        }
    }
}
