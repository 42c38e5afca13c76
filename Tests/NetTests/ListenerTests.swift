import Base
import Glibc
import TestSupport
import Testing

@testable import Net
@testable import Reactor

@Suite(.timeLimit(.minutes(1))) struct ListenerTests {
    @Test func aUnixSocketHasItsModeAndLeavesNothingBehind() async throws {
        let directory = try TestDirectory.make()
        defer { TestDirectory.remove(directory) }
        let path = directory + "/control"
        try await withLoop { loop in
            let listener = try Listener(on: loop, at: .unix(path), mode: 0o660, log: .silent)
            var information = stat()
            #expect(unsafe lstat(path, &information) == 0)
            #expect(information.st_mode & 0o777 == 0o660)
            listener.close()
            #expect(unsafe lstat(path, &information) != 0)
        }
    }

    @Test func aDeadSocketIsReplacedAndALiveOneIsNot() async throws {
        let directory = try TestDirectory.make()
        defer { TestDirectory.remove(directory) }
        let address = SocketAddress.unix(directory + "/control")
        try await withLoop { loop in
            // As after a crash: bound once, nobody listens.
            let dead = try Socket.open(family: AF_UNIX)
            let number = dead.number
            #expect(unsafe address.withSystemAddress { unsafe Glibc.bind(number, $0, $1) } == 0)
            let listener = try Listener(on: loop, at: address, log: .silent)
            do throws(NetError) {
                _ = try Listener(on: loop, at: address, log: .silent)
                Issue.record("two gateways listen on one socket")
            } catch {
                #expect(error == .system(errno: EADDRINUSE, call: "bind"))
            }
            let client = try await Connection.connect(to: address, on: loop, until: loop.later)
            client.close()
            listener.close()
        }
    }

    @Test func closingEndsTheAccept() async throws {
        try await withLoop { loop in
            let listener = try Listener(on: loop, at: .anyPort, log: .silent)
            let accepting = loop.spawn { try? await listener.accept() == nil }
            await Task.yield()
            listener.close()
            #expect(await accepting.value == true)
        }
    }

    @Test func whatWasAcceptedAndNotOpenedIsClosed() async throws {
        try await withLoop { loop in
            let listener = try Listener(on: loop, at: .anyPort, log: .silent)
            let client = try await Connection.connect(to: listener.address, on: loop, until: loop.later)
            _ = try await listener.accept()
            #expect(try await read(1, from: client) == [])
            client.close()
            listener.close()
        }
    }

    /// In a process of its own: the limit is the process's.
    @Test func withoutDescriptorsAcceptingPausesAndGoesOn() async {
        await #expect(processExitsWith: .success) {
            try await withLoop { loop in
                let lines = Counter()
                let listener = try Listener(on: loop, at: .anyPort, log: Log { _, _ in lines.add() })
                var limit = rlimit()
                unsafe getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
                let client = try await Connection.connect(to: listener.address, on: loop, until: loop.later)
                let first = try await listener.accept()
                // From here on there is room for the client's end, but not for ours.
                limit.rlim_cur = rlim_t(dup(0) + 1)
                unsafe setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
                close(Int32(limit.rlim_cur) - 1)
                let turnedAway = try await Connection.connect(to: listener.address, on: loop, until: loop.later)
                let accepting = loop.spawn { try? await listener.accept() }
                guard try await read(1, from: turnedAway) == [] else { throw TestFailure("served") }
                guard lines.value == 1 else { throw TestFailure("not logged") }
                // A descriptor comes back, and the next client gets in.
                turnedAway.close()
                client.close()
                first?.refuse([])
                let next = try await Connection.connect(to: listener.address, on: loop, until: loop.later)
                guard let incoming = await accepting.value else { throw TestFailure("nothing accepted") }
                let server = try incoming.open(on: loop)
                try await server.write([1])
                guard try await read(1, from: next) == [1] else { throw TestFailure("no byte") }
                listener.close()
            }
        }
    }
}

@Suite(.timeLimit(.minutes(1))) struct DialerTests {
    private func dialer() throws -> TCPDialer {
        TCPDialer(resolver: Resolver(workers: try WorkerPool(name: "names", threads: 1, capacity: 10)))
    }

    @Test func aPortWhereNobodyListensRefuses() async throws {
        let dialer = try dialer()
        try await withLoop { loop in
            let listener = try Listener(on: loop, at: .anyPort, log: .silent)
            guard case .ip(_, let port) = listener.address else { return }
            listener.close()
            await #expect(throws: NetError.refused) {
                try await dialer.dial(Endpoint(host: "127.0.0.1", port: port), on: loop, until: loop.later)
            }
            #expect(loop.slotCount == 0)
        }
    }

    @Test func aNameIsLookedUpAndItsAddressesAreTriedInTurn() async throws {
        let dialer = try dialer()
        try await withLoop { loop in
            // Where localhost is ::1 too, that address comes first and refuses.
            let listener = try Listener(on: loop, at: .anyPort, log: .silent)
            guard case .ip(_, let port) = listener.address else { return }
            let client = try await dialer.dial(Endpoint(host: "localhost", port: port), on: loop, until: loop.later)
            #expect(client.peer == listener.address)
            client.close()
            listener.close()
        }
    }

    @Test(arguments: ["", "a\0b", String(repeating: "x", count: 256)])
    func whatIsNoNameIsNotLookedUp(host: String) async throws {
        let dialer = try dialer()
        try await withLoop { loop in
            let endpoint = Endpoint(host: host, port: 25)
            do throws(NetError) {
                try await dialer.dial(endpoint, on: loop, until: loop.later).close()
                Issue.record("connected")
            } catch {
                #expect(error == .resolve("not a host name"))
            }
        }
    }

    @Test func aCanceledDialEnds() async throws {
        let dialer = try dialer()
        try await withLoop { loop in
            // A full queue leaves the connection unanswered, as a silent host would.
            let listener = try Listener(on: loop, at: .anyPort, log: .silent)
            listen(listener.slot.descriptor, 0)
            guard case .ip(_, let port) = listener.address else { return }
            var waiting: [LoopTask<NetError?>] = []
            for _ in 0..<4 {
                waiting.append(
                    loop.spawn { () async -> NetError? in
                        do throws(NetError) {
                            let endpoint = Endpoint(host: "127.0.0.1", port: port)
                            try await dialer.dial(endpoint, on: loop, until: .distantFuture).close()
                        } catch { return error }
                        return nil
                    }
                )
            }
            _ = await loop.sleep(for: .milliseconds(5))
            for task in waiting { task.cancel() }
            var failures: [NetError?] = []
            for task in waiting { failures.append(await task.value) }
            #expect(failures.contains(.canceled))
            #expect(failures.allSatisfy { $0 == nil || $0 == .canceled })
            listener.close()
            #expect(loop.slotCount == 0)
        }
    }
}
