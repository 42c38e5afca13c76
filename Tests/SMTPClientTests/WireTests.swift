import Base
import Net
import Reactor
import SASL
import SMTPClient
import SMTPServer
import SMTPWire
import TestSupport
import Testing

/// Our client against our server, each with its driver, over connections.
@Suite(.timeLimit(.minutes(1))) struct WireTests {
    private static let envelope = Envelope(from: "ann@example.org", to: "mia@example.com", "nobody@example.com")
    private static let message = Array("Subject: x\r\n\r\n.dot\r\n..\r\n".utf8)

    @Test func `several messages reach a sink byte for byte over one session`() async throws {
        try await withLoop { loop in
            let mailbag = Mailbag()
            let (near, far) = Connection.pair(on: loop)
            let server = serve(far, .sink, mailbag, on: loop)
            let session = client(near, on: loop)
            try await session.open()
            #expect(session.capabilities.pipelining && session.capabilities.dsn)
            for _ in 0..<3 {
                var check = RecordingCheck()
                let report = await session.send(Self.envelope, Self.message, check: &check)
                #expect(report.outcomes.map(\.short) == ["accepted 250", "accepted 250"])
                #expect(check.seen == Self.message)
                #expect(session.isUsable)
            }
            await session.quit()
            await server.value
            #expect(mailbag.all.map(\.bytes) == Array(repeating: Self.message, count: 3))
            #expect(mailbag.all.allSatisfy { $0.envelope.recipients.count == 2 && $0.transport == "ESMTP" })
            #expect(!session.isUsable)
        }
    }

    @Test(arguments: ["PLAIN", "LOGIN"])
    func `a member logs in and submits`(mechanism: String) async throws {
        try await withLoop { loop in
            let mailbag = Mailbag()
            let (near, far) = Connection.pair(on: loop)
            let server = serve(far, .submission, mailbag, on: loop)
            let password = PlainCredentials(authentication: "ann", password: Secret("secret"))
            let session = client(near, credentials: .password(password), on: loop)
            try await session.open()
            var check = RecordingCheck()
            let report = await session.send(Self.envelope, Self.message, check: &check)
            #expect(report.outcomes.map(\.short) == ["accepted 250", "permanent rcpt 550"])
            await session.quit()
            await server.value
            #expect(mailbag.all.first?.user == "ann")
            #expect(mailbag.all.first?.transport == "ESMTPA")
        }
    }

    @Test func `a wrong password is refused over the wire`() async throws {
        try await withLoop { loop in
            let (near, far) = Connection.pair(on: loop)
            let server = serve(far, .submission, Mailbag(), on: loop)
            let password = PlainCredentials(authentication: "ann", password: Secret("guess"))
            let session = client(near, credentials: .password(password), on: loop)
            let failure = await #expect(throws: SMTPFailure.self) { try await session.open() }
            #expect(failure?.reply?.code == 535)
            #expect(!session.isUsable)
            await server.value
        }
    }

    @Test func `INV-1: a message that the check refuses reaches nobody`() async throws {
        try await withLoop { loop in
            let mailbag = Mailbag()
            let (near, far) = Connection.pair(on: loop)
            let server = serve(far, .sink, mailbag, on: loop)
            let session = client(near, on: loop)
            try await session.open()
            var check = RecordingCheck(isAllowed: false)
            let report = await session.send(Self.envelope, Self.message, check: &check)
            #expect(report.isRefusedByCheck)
            #expect(check.seen == Self.message)
            #expect(!session.isUsable)
            await server.value
            #expect(mailbag.all.isEmpty)
        }
    }

    @Test func `a large message passes a socket that is often full`() async throws {
        try await withLoop { loop in
            let mailbag = Mailbag()
            let (near, far) = try Connection.socketPair(on: loop)
            let server = serve(far, .sink, mailbag, on: loop)
            let line = Array(".\(String(repeating: "x", count: 76))\r\n".utf8)
            let message = Array(repeatElement(line, count: 40_000).joined())
            try await near.use {
                let session = client(near, on: loop)
                try await session.open()
                var check = RecordingCheck()
                let report = await session.send(Self.envelope, message, check: &check)
                #expect(report.outcomes.first?.short == "accepted 250")
                #expect(check.seen == message)
                await session.quit()
            }
            await server.value
            #expect(mailbag.all.map(\.bytes) == [message])
        }
    }

    @Test func `a server that dies behind the final dot leaves the outcome unknown`() async throws {
        try await withLoop { loop in
            let (near, far) = Connection.pair(on: loop)
            let server = loop.spawn {
                do throws(NetError) {
                    try await far.write(Array("220 a\r\n".utf8))
                    var heard: [UInt8] = []
                    let answers = ["EHLO": "250 a\r\n", "MAIL": "250 b\r\n", "RCPT": "250 c\r\n", "DATA": "354 d\r\n"]
                    while try await far.read(into: &heard, until: .distantFuture) > 0 {
                        let text = String(decoding: heard, as: UTF8.self)
                        guard text.hasSuffix("\r\n") else { continue }
                        if text.hasSuffix("\r\n.\r\n") { break }
                        if let answer = answers[String(text.prefix(4))] {
                            heard = []
                            try await far.write(Array(answer.utf8))
                        }
                    }
                } catch {}
                far.close()
            }
            let session = client(near, on: loop)
            try await session.open()
            var check = RecordingCheck()
            let report = await session.send(
                Envelope(from: "a@example.org", to: "b@example.com"),
                Self.message,
                check: &check
            )
            #expect(report.outcomes.map(\.short) == ["unknown end"])
            #expect(!session.isUsable)
            await server.value
        }
    }

    @Test func `at shutdown an idle client is told before the end`() async throws {
        try await withLoop { loop in
            let (near, far) = Connection.pair(on: loop)
            let server = serve(far, .sink, Mailbag(), on: loop)
            let session = client(near, on: loop)
            try await session.open()
            far.requestShutdown()
            await loop.sleep(for: .milliseconds(5))
            var check = RecordingCheck()
            let report = await session.send(Self.envelope, Self.message, check: &check)
            #expect(report.outcomes.map(\.short) == ["temporary reset 421", "temporary reset 421"])
            #expect(!session.isUsable)
            await server.value
        }
    }
}
