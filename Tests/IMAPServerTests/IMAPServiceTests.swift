import Base
import Net
import Reactor
import Synchronization
import Testing

@testable import IMAPServer

/// The driver over connections of a real loop.
@Suite struct IMAPServiceTests {
    /// Plays a client against the service: `body` runs on the loop beside it.
    private func serve(
        _ house: MemoryHouse = MemoryHouse(),
        log: Log = .silent,
        _ body: @escaping @Sendable (Peer) async throws -> Void
    ) async throws {
        let loop = try EventLoop(name: "imap-test", log: .silent)
        let service = IMAPService(backend: house, tls: nil, allowsPlaintextLogIn: true, log: log)
        let outcome = await loop.spawn { () -> Result<Void, any Error> in
            do {
                let (server, client) = try Connection.socketPair(on: loop)
                let serving = loop.spawn {
                    await service.serve(server)
                    server.close()
                }
                let peer = Peer(client)
                do {
                    try await body(peer)
                    client.close()
                    await serving.value
                    return .success(())
                } catch {
                    client.close()
                    await serving.value
                    return .failure(error)
                }
            } catch {
                return .failure(error)
            }
        }.value
        await loop.stop()
        try outcome.get()
    }

    /// A client that reads lines.
    final class Peer {
        let connection: Connection
        private var buffer: [UInt8] = []
        /// Up to where `buffer` holds no line end.
        private var scanned = 0

        init(_ connection: Connection) { self.connection = connection }

        func send(_ text: String) async throws { try await connection.write(Array(text.utf8)) }

        /// The lines up to one that begins with `prefix`.
        func lines(to prefix: String) async throws -> [String] {
            var lines: [String] = []
            while true {
                while let end = buffer.span.firstIndex(of: 0x0A, from: scanned) {
                    let line = String(decoding: buffer[..<end], as: UTF8.self)
                    buffer.removeSubrange(...end)
                    scanned = 0
                    lines.append(String(line.hasSuffix("\r") ? line.dropLast() : line[...]))
                    if line.hasPrefix(prefix) { return lines }
                }
                scanned = buffer.count
                guard try await connection.read(into: &buffer, until: .distantFuture) > 0 else {
                    return lines + ["END"]
                }
            }
        }
    }

    @Test(.timeLimit(.minutes(1))) func servesAConversation() async throws {
        let house = MemoryHouse()
        house.deliver(FetchTests.plain)
        try await serve(house) { peer in
            try await peer.send("a LOGIN anna secret\r\nb SELECT INBOX\r\nc FETCH 1 BODY.PEEK[TEXT]\r\n")
            #expect(try await peer.lines(to: "* OK").count == 1)
            #expect(try await peer.lines(to: "a ").last?.hasPrefix("a OK") == true)
            #expect(try await peer.lines(to: "b ").last == "b OK [READ-WRITE] Mailbox selected")
            #expect(try await peer.lines(to: "c ").last == "c OK FETCH done")
            try await peer.send("d LOGOUT\r\n")
            #expect(try await peer.lines(to: "d ").last == "d OK LOGOUT done")
            #expect(try await peer.lines(to: "x") == ["END"])
        }
        #expect(house.state.withLock { $0.ended } == 1)
        #expect(house.state.withLock { $0.closed } == 1)
    }

    @Test(.timeLimit(.minutes(1))) func idleHearsOfAChangeFromAnotherThread() async throws {
        let house = MemoryHouse()
        try await serve(house) { peer in
            try await peer.send("a LOGIN anna secret\r\nb SELECT INBOX\r\nc IDLE\r\n")
            _ = try await peer.lines(to: "+ idling")
            let other = try EventLoop(name: "other", log: .silent)
            await other.spawn { _ = house.deliver("a: b\n\nc") }.value
            await other.stop()
            #expect(try await peer.lines(to: "* ") == ["* 1 EXISTS"])
            try await peer.send("DONE\r\n")
            #expect(try await peer.lines(to: "c ") == ["c OK IDLE done"])
        }
    }

    @Test("INV-9: a client that does not read holds no more than the high water mark", .timeLimit(.minutes(1)))
    func backPressure() async throws {
        let house = MemoryHouse()
        let size = 8 * 1024 * 1024
        house.deliver([UInt8]("a: b\r\n\r\n") + [UInt8](repeating: UInt8(ascii: "x"), count: size))
        try await serve(house) { peer in
            try await peer.send("a LOGIN anna secret\r\nb SELECT INBOX\r\nc FETCH 1 BODY.PEEK[]\r\n")
            _ = try await peer.lines(to: "* 1 FETCH")
            let loop = peer.connection.loop
            // The slices that were read from the house stay few while nobody reads.
            await loop.sleep(for: .milliseconds(20))
            let early = house.state.withLock { $0.reads }
            #expect(early < size / (256 * 1024) / 2)
            #expect(try await peer.lines(to: "c ").last == "c OK FETCH done")
            #expect(house.state.withLock { $0.reads } > early)
        }
    }

    @Test(.timeLimit(.minutes(1))) func aBrokenConnectionEndsTheSession() async throws {
        let house = MemoryHouse()
        try await serve(house) { peer in
            try await peer.send("a LOGIN anna secret\r\nb SELECT INBOX\r\nc IDLE\r\n")
            _ = try await peer.lines(to: "+ idling")
        }
        #expect(house.state.withLock { $0.ended } == 1)
    }

    @Test(.timeLimit(.minutes(1))) func suspiciousPeersAreLogged() async throws {
        let lines = Mutex<[String]>([])
        let log = Log(threshold: .info) { _, line in lines.withLock { $0.append(line) } }
        try await serve(log: log) { peer in
            _ = try await peer.lines(to: "* OK")
            try await peer.send("GET / HTTP/1.1\r\n\r\n")
            #expect(try await peer.lines(to: "x") == ["END"])
        }
        #expect(lines.withLock { $0.count } == 1)
        #expect(lines.withLock { $0.first?.contains("HTTP spoken on an IMAP port") } == true)
    }
}
