import Base
import CEcho
import Glibc

/// One session of the load: a dialogue in lock step, as most programs that send mail hold it.
final class SubmissionClient {
    struct Mail {
        let sender: String
        let recipient: String
        let number: Int
        var content = Content.small

        /// Another Message-ID and subject each time.
        var bytes: [UInt8] {
            var text = "From: <\(sender)>\r\nTo: <\(recipient)>\r\nSubject: Samples, parcel \(number)\r\n"
            text += "Date: Mon, 02 Mar 2026 10:00:00 +0000\r\nMessage-ID: <\(number).\(getpid())@bench.example>\r\n"
            text += "MIME-Version: 1.0\r\n"
            return Array(text.utf8) + content.bytes
        }
    }

    /// What a message holds; made once, since the load must not spend its time on composing.
    struct Content {
        let name: String
        /// From the first field that says what it is.
        let bytes: [UInt8]

        /// 4 KiB of text.
        static let small = Self(
            name: "4 KiB",
            bytes: Array(("Content-Type: text/plain; charset=utf-8\r\n\r\n" + text(3840)).utf8)
        )

        /// 100 KiB: some text and a picture.
        static let large: Self = {
            var random = SeededRandom(seed: 1)
            var text = "Content-Type: multipart/mixed; boundary=\"=_large\"\r\n\r\n--=_large\r\n"
            text += "Content-Type: text/plain; charset=utf-8\r\n\r\n" + Self.text(2048) + "--=_large\r\n"
            text += "Content-Type: image/png; name=\"picture.png\"\r\nContent-Transfer-Encoding: base64\r\n\r\n"
            while text.utf8.count < 100 * 1024 - 300 {
                text += Base64.encode((0..<57).map { _ in UInt8(truncatingIfNeeded: random.next()) }) + "\r\n"
            }
            return Self(name: "100 KiB", bytes: Array((text + "--=_large--\r\n").utf8))
        }()

        private static func text(_ octets: Int) -> String {
            let line = "Thank you for the photographs of the garden, we will look at them on the way home.\r\n"
            return String(repeating: line, count: octets / line.utf8.count)
        }
    }

    private enum Step {
        case greeting
        case hello
        case login
        case ready
        case sender
        case recipient
        case data
        case content
    }

    let descriptor: Int32
    /// Messages that were answered with 250.
    private(set) var accepted = 0
    private let login: (user: String, password: String)?
    private var step = Step.greeting
    private var mail = Mail(sender: "", recipient: "", number: 0)
    private var input: [UInt8] = []

    init(port: UInt16, login: (user: String, password: String)?) throws {
        self.login = login
        descriptor = cecho_connect(port)
        guard descriptor >= 0 else { throw BenchError("no connection to port \(port)") }
    }

    deinit { close(descriptor) }

    /// Logged in, and without a message under way.
    var isReady: Bool { step == .ready }

    /// Starts to hand in a message.
    func begin(_ mail: Mail) throws {
        self.mail = mail
        try send("MAIL FROM:<\(mail.sender)>", then: .sender)
    }

    /// Takes what has come, and answers where a reply is whole.
    func receive() throws {
        var buffer = [UInt8](repeating: 0, count: 4096)
        let count = unsafe recv(descriptor, &buffer, buffer.count, 0)
        guard count > 0 else { throw BenchError("the server has closed a session") }
        input += buffer.prefix(count)
        guard let reply = finalLine() else { return }
        input.removeAll(keepingCapacity: true)
        try take(reply)
    }

    /// The last line of the reply, where it is there: no hyphen stands behind its code.
    private func finalLine() -> String? {
        guard input.last == ASCII.lf else { return nil }
        let line = input.dropLast().split(separator: ASCII.lf).last ?? []
        guard line.count > 3, line[line.startIndex + 3] == ASCII.space else { return nil }
        return String(decoding: line, as: UTF8.self)
    }

    private func take(_ reply: String) throws {
        let isExpected = reply.utf8.first == (step == .data ? 0x33 : 0x32)
        guard isExpected else { throw BenchError("\(step): \(reply)") }
        switch step {
        case .greeting: try send("EHLO bench.example", then: .hello)
        case .hello:
            guard let login else { return step = .ready }
            let plain = "\0\(login.user)\0\(login.password)"
            try send("AUTH PLAIN \(Base64.encode(Array(plain.utf8)))", then: .login)
        case .login: step = .ready
        case .ready: throw BenchError("unasked: \(reply)")
        case .sender: try send("RCPT TO:<\(mail.recipient)>", then: .recipient)
        case .recipient: try send("DATA", then: .data)
        case .data: try send(mail.bytes + Array(".\r\n".utf8), then: .content)
        case .content:
            accepted += 1
            step = .ready
        }
    }

    private func send(_ line: String, then next: Step) throws {
        try send(Array((line + "\r\n").utf8), then: next)
    }

    private func send(_ bytes: [UInt8], then next: Step) throws {
        step = next
        guard unsafe Glibc.send(descriptor, bytes, bytes.count, Int32(MSG_NOSIGNAL)) == bytes.count else {
            throw BenchError("a session cannot be written to")
        }
    }
}
