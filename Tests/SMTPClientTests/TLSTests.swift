import Base
import Net
import Reactor
import SASL
import SMTPClient
import SMTPServer
import SMTPWire
import TestSupport
import Testing

/// Client and server over TLS, with certificates made for the test.
@Suite(.timeLimit(.minutes(1))) struct TLSTests {
    private static let message = Array("Subject: x\r\n\r\nbody\r\n".utf8)
    private let credentials = ClientCredentials.password(
        PlainCredentials(authentication: "ann", password: Secret("secret"))
    )

    @Test(arguments: [SMTPClientConfiguration.Security.startTLS, .opportunisticTLS, .implicitTLS])
    func `a member submits over TLS`(security: SMTPClientConfiguration.Security) async throws {
        let authority = try TestAuthority()
        let identity = try authority.issue(["smtp.example.org"])
        let credentials = credentials
        try await withLoop { loop in
            let mailbag = Mailbag()
            let context = try TLSServerContext(identities: [identity])
            let trust = try TLSClientContext(trust: .file(authority.certificateFile))
            let (near, far) = try Connection.socketPair(on: loop)
            let server =
                security == .implicitTLS
                ? loop.spawn { [far] in
                    // What the listener does before the driver sees the connection.
                    try? await far.startTLS(server: context)
                    await serve(far, .submission, mailbag, mode: .implicit, on: loop).value
                } : serve(far, .submission, mailbag, tls: context, mode: .startTLS, on: loop)
            try await near.use {
                let session = client(near, security, credentials: credentials, tls: trust, on: loop)
                try await session.open()
                var check = RecordingCheck()
                let envelope = Envelope(from: "ann@example.org", to: "mia@example.com")
                let report = await session.send(envelope, Self.message, check: &check)
                #expect(report.outcomes.map(\.short) == ["accepted 250"])
                await session.quit()
            }
            await server.value
            let received = try #require(mailbag.all.first)
            #expect(received.transport == "ESMTPSA")
            #expect(received.peer.tls?.version == "TLSv1.3")
            #expect(received.bytes == Self.message)
        }
    }

    @Test func `a certificate for another name gets no password`() async throws {
        let authority = try TestAuthority()
        let identity = try authority.issue(["other.example.org"])
        let credentials = credentials
        try await withLoop { loop in
            let context = try TLSServerContext(identities: [identity])
            let trust = try TLSClientContext(trust: .file(authority.certificateFile))
            let (near, far) = try Connection.socketPair(on: loop)
            let server = serve(far, .submission, Mailbag(), tls: context, mode: .startTLS, on: loop)
            await near.use {
                let session = client(near, .startTLS, credentials: credentials, tls: trust, on: loop)
                let failure = await #expect(throws: SMTPFailure.self) { try await session.open() }
                #expect(failure?.stage == .startTLS)
                #expect(!session.isUsable)
            }
            await server.value
        }
    }
}
