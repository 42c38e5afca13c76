import Base
import TestSupport
import Testing

@testable import Net
@testable import Reactor

@Suite(.timeLimit(.minutes(1))) struct TLSTests {
    /// OpenSSL's numbers, which this target does not import.
    static let versions: [(Int32, String)] = [(0x0303, "TLSv1.2"), (0x0304, "TLSv1.3")]

    /// A client and a server after the handshake, or what each of them threw.
    private func shakeHands(
        _ server: TLSServerContext,
        _ client: TLSClientContext,
        host: String,
        on loop: EventLoop
    ) async throws -> (client: Connection, server: Connection, failures: (client: NetError?, server: NetError?)) {
        let (near, far) = try await Link.tcp.connect(on: loop)
        let serving = loop.spawn { () async -> NetError? in
            do throws(NetError) { try await far.startTLS(server: server) } catch { return error }
            return nil
        }
        var failure: NetError?
        do throws(NetError) { try await near.startTLS(client: client, host: host) } catch {
            failure = error
            near.close()
        }
        return (near, far, (failure, await serving.value))
    }

    @Test(arguments: versions)
    func echoes(version: Int32, name: String) async throws {
        let authority = try TestAuthority()
        let context = try TLSServerContext(identities: [authority.issue(["mail.example"])])
        let trusting = try TLSClientContext(trust: .file(authority.certificateFile), offering: version)
        try await withLoop { loop in
            let (client, server, failures) = try await shakeHands(context, trusting, host: "mail.example", on: loop)
            #expect(failures.client == nil && failures.server == nil)
            #expect(client.isEncrypted && server.isEncrypted)
            #expect(server.tlsInfo?.version == name)
            #expect(server.tlsInfo?.serverName == "mail.example")
            #expect(client.tlsInfo?.cipher == server.tlsInfo?.cipher)
            let echoing = loop.spawn { await server.use { await echo(server) } }
            try await client.use { () async throws(NetError) in
                for count in [1, 64, 16_384, 300_000] {
                    let sent = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 13) }
                    let writing = loop.spawn { try? await client.write(sent) }
                    #expect(try await read(count, from: client) == sent)
                    await writing.value
                }
                await client.finish(until: loop.later)
            }
            await echoing.value
            #expect(loop.slotCount == 0)
        }
    }

    @Test func aSmallReadLeavesTheRestOfTheRecordToBeWaitedFor() async throws {
        let authority = try TestAuthority()
        let context = try TLSServerContext(identities: [authority.issue(["mail.example"])])
        let trusting = try TLSClientContext(trust: .file(authority.certificateFile))
        try await withLoop { loop in
            let (client, server, _) = try await shakeHands(context, trusting, host: "mail.example", on: loop)
            try await client.write(Array("a1 NOOP\r\n"))
            var buffer: [UInt8] = []
            #expect(try await server.read(into: &buffer, atMost: 3, until: loop.later) == 3)
            #expect(server.hasBufferedInput)
            #expect(await server.wait(until: loop.later) == .readable)
            #expect(try server.tryRead(into: &buffer) == .bytes(6))
            #expect(buffer == Array("a1 NOOP\r\n"))
            #expect(!server.hasBufferedInput)
            client.close()
            server.close()
        }
    }

    @Test(arguments: ["other.example", "127.0.0.1", "sub.mail.example"])
    func aServerWithAnotherNameIsRefused(host: String) async throws {
        let authority = try TestAuthority()
        let context = try TLSServerContext(identities: [authority.issue(["mail.example"])])
        let trusting = try TLSClientContext(trust: .file(authority.certificateFile))
        try await withLoop { loop in
            let (_, server, failures) = try await shakeHands(context, trusting, host: host, on: loop)
            guard case .tls(let reason) = failures.client else {
                Issue.record("\(String(describing: failures.client))")
                return
            }
            #expect(reason.hasPrefix("certificate refused: "))
            server.close()
        }
    }

    @Test func aCertificateMayBearAnAddress() async throws {
        let authority = try TestAuthority()
        let context = try TLSServerContext(identities: [authority.issue(["127.0.0.1"])])
        let trusting = try TLSClientContext(trust: .file(authority.certificateFile))
        try await withLoop { loop in
            let (client, server, failures) = try await shakeHands(context, trusting, host: "127.0.0.1", on: loop)
            #expect(failures.client == nil)
            #expect(server.tlsInfo?.serverName == nil, "an address is not sent as a name")
            client.close()
            server.close()
        }
    }

    @Test func anUnknownAuthorityIsRefusedUnlessAnyoneIsTrusted() async throws {
        let authority = try TestAuthority()
        let stranger = try TestAuthority()
        let context = try TLSServerContext(identities: [authority.issue(["mail.example"])])
        let contexts = [
            (try TLSClientContext(trust: .file(stranger.certificateFile)), false),
            (try TLSClientContext(trust: .system), false),
            (try TLSClientContext(trust: .anyone), true),
        ]
        try await withLoop { loop in
            for (trusting, isAccepted) in contexts {
                let (client, server, failures) = try await shakeHands(context, trusting, host: "mail.example", on: loop)
                #expect((failures.client == nil) == isAccepted)
                client.close()
                server.close()
            }
        }
    }

    @Test func theNameAskedForChoosesTheCertificate() async throws {
        let authority = try TestAuthority()
        let context = try TLSServerContext(identities: [
            authority.issue(["one.example"], file: "one"), authority.issue(["*.two.example"], file: "two"),
        ])
        let trusting = try TLSClientContext(trust: .file(authority.certificateFile))
        try await withLoop { loop in
            for (host, isServed) in [("one.example", true), ("imap.two.example", true), ("three.example", false)] {
                let (client, server, failures) = try await shakeHands(context, trusting, host: host, on: loop)
                #expect((failures.client == nil) == isServed)
                client.close()
                server.close()
            }
        }
    }

    @Test func reloadTakesANewCertificateAndKeepsTheOldOneWhenTheNewIsBad() async throws {
        let authority = try TestAuthority()
        let identity = try authority.issue(["old.example"], days: 1)
        let context = try TLSServerContext(identities: [identity])
        let trusting = try TLSClientContext(trust: .file(authority.certificateFile))
        let now = SystemClock().now
        #expect(context.certificates.map(\.file) == [identity.certificateFile])
        let left = try #require(context.certificates.first).notAfter.duration(since: now)
        #expect(left > .seconds(86_000) && left < .seconds(86_500))
        try await withLoop { loop in
            let (client, server, failures) = try await shakeHands(context, trusting, host: "old.example", on: loop)
            #expect(failures.client == nil)
            // The key of another certificate: refused, and nothing changes.
            let wrong = try TLSIdentity(
                certificateFile: identity.certificateFile,
                keyFile: authority.issue(["x.example"], file: "other").keyFile
            )
            #expect(throws: TLSSetupError.self) { try context.reload(identities: [wrong]) }
            let missing = TLSIdentity(certificateFile: "/nonexistent.pem", keyFile: identity.keyFile)
            do throws(TLSSetupError) {
                try context.reload(identities: [missing])
                Issue.record("a missing file was accepted")
            } catch {
                #expect(error.file == "/nonexistent.pem")
            }
            let (second, other, again) = try await shakeHands(context, trusting, host: "old.example", on: loop)
            #expect(again.client == nil)
            _ = try authority.issue(["new.example"], days: 2)
            try context.reload()
            let (third, another, after) = try await shakeHands(context, trusting, host: "new.example", on: loop)
            #expect(after.client == nil)
            // What was there before the reload goes on.
            try await client.write([1])
            #expect(try await read(1, from: server) == [1])
            for connection in [client, server, second, other, third, another] { connection.close() }
        }
    }

    @Test func whatIsNotTLSFailsAndHurtsNobody() async throws {
        let authority = try TestAuthority()
        let context = try TLSServerContext(identities: [authority.issue(["mail.example"])])
        try await withLoop { loop in
            let (client, server) = try await Link.tcp.connect(on: loop)
            try await client.write(Array("a1 LOGIN ann secret\r\n"))
            do throws(NetError) {
                try await server.startTLS(server: context)
                Issue.record("plain text shook hands")
            } catch {
                guard case .tls = error else { Issue.record("\(error)"); return }
            }
            server.close()
            client.close()
        }
    }

    @Test func aHandshakeHasADeadlineAndAnEnd() async throws {
        let authority = try TestAuthority()
        let context = try TLSServerContext(identities: [authority.issue(["mail.example"])])
        try await withLoop { loop in
            let (client, server) = try await Link.tcp.connect(on: loop)
            let soon = loop.clock.instant.advanced(by: .milliseconds(2))
            await #expect(throws: NetError.timeout) { try await server.startTLS(server: context, until: soon) }
            server.close()
            client.close()
            let (second, other) = try await Link.tcp.connect(on: loop)
            second.close()
            await #expect(throws: NetError.reset) { try await other.startTLS(server: context) }
            other.close()
        }
    }

    @Test func plainTextBeforeTheHandshakeArrivesBeforeIt() async throws {
        let authority = try TestAuthority()
        let context = try TLSServerContext(identities: [authority.issue(["mail.example"])])
        let trusting = try TLSClientContext(trust: .file(authority.certificateFile))
        try await withLoop { loop in
            let (client, server) = try await Link.tcp.connect(on: loop)
            let serving = loop.spawn {
                try? await server.write(Array("220 go ahead\r\n"), more: true)
                try? await server.startTLS(server: context)
            }
            #expect(try await read(14, from: client) == Array("220 go ahead\r\n"))
            try await client.startTLS(client: trusting, host: "mail.example")
            await serving.value
            #expect(server.isEncrypted)
            client.close()
            server.close()
        }
    }

    @Test func cancelingRacesWithTheHandshakeAndNothingHangs() async throws {
        let authority = try TestAuthority()
        let context = try TLSServerContext(identities: [authority.issue(["mail.example"])])
        let trusting = try TLSClientContext(trust: .anyone)
        try await withLoop { loop in
            for number in 0..<200 {
                let (client, server) = try Connection.socketPair(on: loop)
                let serving = loop.spawn { await server.use { try? await server.startTLS(server: context) } }
                let calling = loop.spawn {
                    await client.use { try? await client.startTLS(client: trusting, host: "mail.example") }
                }
                for _ in 0..<(number % 8) { await Task.yield() }
                (number % 2 == 0 ? serving : calling).cancel()
                _ = await (serving.value, calling.value)
            }
            #expect(loop.slotCount == 0)
        }
    }
}
