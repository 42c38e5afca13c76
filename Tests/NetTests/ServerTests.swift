import Base
import Glibc
import Synchronization
import TestSupport
import Testing

@testable import Net
@testable import Reactor

@Suite(.timeLimit(.minutes(1))) struct ServerTests {
    /// Runs a server on two loops and a client task on the first of them.
    private func withServer(
        _ settings: Server.Settings = Server.Settings(),
        handler: @escaping Server.Handler,
        _ body: @escaping @Sendable (Server, EventLoop) async throws -> Void
    ) async throws {
        let group = try EventLoopGroup(count: 2, log: .silent)
        let loop = group.loops[0]
        let outcome = await loop.spawn { () async -> Result<Void, any Error> in
            do {
                let listener = try Listener(on: loop, at: .anyPort, log: .silent)
                let server = Server(listener, loops: group, settings: settings, log: .silent, handler: handler)
                server.start()
                try await body(server, loop)
                await server.shutDown(until: loop.now)
                #expect(server.connectionCount == 0)
                return .success(())
            } catch { return .failure(error) }
        }.value
        await group.stop()
        try outcome.get()
    }

    private func connect(_ server: Server, on loop: EventLoop) async throws(NetError) -> Connection {
        try await Connection.connect(to: server.address, on: loop, until: loop.later)
    }

    @Test func servesManyAtOnce() async throws {
        try await withServer(handler: { await echo($0) }) { server, loop in
            let clients = (0..<100).map { number in
                loop.spawn {
                    guard let client = try? await connect(server, on: loop) else { return false }
                    return await client.use {
                        let sent = [UInt8](repeating: UInt8(number), count: 1000)
                        guard (try? await client.write(sent)) != nil else { return false }
                        return (try? await read(1000, from: client)) == sent
                    }
                }
            }
            for client in clients { #expect(await client.value) }
        }
    }

    @Test func shakesHandsBeforeTheHandlerSeesTheConnection() async throws {
        let authority = try TestAuthority()
        var settings = Server.Settings()
        settings.tls = try TLSServerContext(identities: [authority.issue(["mail.example"])])
        let trusting = try TLSClientContext(trust: .file(authority.certificateFile))
        try await withServer(settings, handler: { await echo($0) }) { server, loop in
            let client = try await connect(server, on: loop)
            try await client.startTLS(client: trusting, host: "mail.example")
            try await client.write([5])
            #expect(try await read(1, from: client) == [5])
            client.close()
        }
    }

    @Test func oneTooManyFromAnAddressIsTurnedAwayWithAWord() async throws {
        var settings = Server.Settings()
        settings.connectionsPerAddress = 2
        let refusal = Array("421 too many connections\r\n".utf8)
        settings.refusal = refusal
        try await withServer(settings, handler: { await echo($0) }) { server, loop in
            let first = try await connect(server, on: loop)
            let second = try await connect(server, on: loop)
            for client in [first, second] {
                try await client.write([1])
                #expect(try await read(1, from: client) == [1])
            }
            let third = try await connect(server, on: loop)
            #expect(try await read(100, from: third) == refusal)
            third.close()
            // Room comes back when one ends.
            first.close()
            while server.connectionCount > 1 { _ = await loop.sleep(for: .milliseconds(1)) }
            let fourth = try await connect(server, on: loop)
            try await fourth.write([4])
            #expect(try await read(1, from: fourth) == [4])
            second.close()
            fourth.close()
        }
    }

    @Test func theLimitOfTheListenerHolds() async throws {
        var settings = Server.Settings()
        settings.connections = 1
        try await withServer(settings, handler: { await echo($0) }) { server, loop in
            let first = try await connect(server, on: loop)
            try await first.write([1])
            #expect(try await read(1, from: first) == [1])
            let second = try await connect(server, on: loop)
            #expect(try await read(1, from: second) == [])
            first.close()
            second.close()
        }
    }

    @Test func shuttingDownLetsConnectionsSayGoodbye() async throws {
        let handler: Server.Handler = { connection in
            var buffer: [UInt8] = []
            while true {
                switch await connection.wait(until: connection.loop.later) {
                case .readable:
                    guard case .bytes? = try? connection.tryRead(into: &buffer) else { continue }
                    try? await connection.write(buffer)
                    buffer = []
                case .shutdown:
                    try? await connection.write(Array("* BYE\r\n"))
                    return await connection.finish(until: connection.loop.later)
                default: return
                }
            }
        }
        try await withServer(handler: handler) { server, loop in
            var clients: [Connection] = []
            for number in 0..<10 {
                let client = try await connect(server, on: loop)
                try await client.write([UInt8(number)])
                #expect(try await read(1, from: client) == [UInt8(number)])
                clients.append(client)
            }
            let stopping = loop.spawn { await server.shutDown(until: loop.later) }
            for client in clients {
                #expect(try await read(100, from: client) == Array("* BYE\r\n"))
                client.close()
            }
            await stopping.value
            #expect(server.connectionCount == 0)
            await #expect(throws: NetError.refused) { try await connect(server, on: loop) }
        }
    }

    @Test func whoeverDoesNotEndIsCanceledAtTheDeadline() async throws {
        let canceled = Counter()
        let handler: Server.Handler = { connection in
            var buffer: [UInt8] = []
            do throws(NetError) {
                // Reads on, whatever it is asked.
                while true { _ = try await connection.read(into: &buffer, until: .distantFuture) }
            } catch {
                if error == .canceled { canceled.add() }
            }
        }
        try await withServer(handler: handler) { server, loop in
            let client = try await connect(server, on: loop)
            while server.connectionCount == 0 { _ = await loop.sleep(for: .milliseconds(1)) }
            await server.shutDown(until: loop.now.advanced(by: .milliseconds(5)))
            #expect(server.connectionCount == 0)
            #expect(canceled.value == 1)
            client.close()
        }
    }

    /// In a process of its own, so that no other test's memory is in the figure.
    @Test(.enabled(if: !Memory.isInstrumented, "a sanitizer's memory would be in the figure"))
    func idleConnectionsAreSmall() async {
        await #expect(processExitsWith: .success) {
            let authority = try TestAuthority()
            let context = try TLSServerContext(identities: [authority.issue(["mail.example"])])
            let trusting = try TLSClientContext(trust: .anyone)
            // Both ends are in this process, so the client's plain end counts too; of its TLS it is freed.
            try await withLoop { loop in
                for (isEncrypted, bound) in [(false, 2 * 4096), (true, 20_480 + 4096)] {
                    let count = 300
                    var sides: [Connection] = []
                    var tasks: [LoopTask<Void>] = []
                    for number in 0..<(count + 20) {
                        // The first ones make the allocator and the loop what they will be.
                        if number == 20 { Memory.mark() }
                        let (client, server) = try Connection.socketPair(on: loop)
                        sides += [client, server]
                        tasks.append(
                            loop.spawn {
                                if isEncrypted { try? await server.startTLS(server: context) }
                                await echo(server)
                            }
                        )
                        if isEncrypted { try await client.startTLS(client: trusting, host: "mail.example") }
                        try await client.write([1])
                        guard try await read(1, from: client) == [1] else { throw TestFailure("no echo") }
                        var buffer: [UInt8] = []
                        guard try client.tryRead(into: &buffer) == .wouldBlock else { throw TestFailure("input") }
                        client.transport = .socket
                    }
                    let bytes = Memory.sinceMark / count
                    guard bytes <= bound else { throw TestFailure("\(bytes) bytes for each pair") }
                    for side in sides { side.close() }
                    for task in tasks { await task.value }
                }
            }
        }
    }
}

/// The process's resident memory.
private enum Memory {
    private static let start = Atomic<Int>(0)

    static var isInstrumented: Bool {
        unsafe dlsym(nil, "__asan_init") != nil || dlsym(nil, "__tsan_init") != nil
    }

    static func mark() { start.store(resident, ordering: .relaxed) }
    static var sinceMark: Int { resident - start.load(ordering: .relaxed) }

    private static var resident: Int {
        let file = Descriptor(owning: unsafe open("/proc/self/statm", O_RDONLY | O_CLOEXEC))
        var text = [UInt8](repeating: 0, count: 100)
        let count = unsafe Glibc.read(file.number, &text, text.count)
        let fields = String(decoding: text.prefix(max(0, count)), as: UTF8.self).split(separator: " ")
        return fields.count > 1 ? (Int(fields[1]) ?? 0) * Int(getpagesize()) : 0
    }
}
