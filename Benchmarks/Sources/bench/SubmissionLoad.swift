import Base
import Glibc

/// Sessions that hand in one message after the other, each waiting for every reply, on one thread.
///
/// A session logs in before the time runs, and only replies of 250 after DATA count: what they
/// acknowledge is durable on either server.
struct SubmissionLoad {
    let port: UInt16
    /// User and password; nil where the server asks for none.
    let login: (user: String, password: String)?
    let sender: String
    /// Taken in turn.
    let recipients: [String]
    let sessions: Int
    var content = SubmissionClient.Content.small

    /// What was accepted in how much time, and what the load itself used of a processor.
    struct Figures {
        var accepted = 0
        /// Nanoseconds.
        var duration: Int64 = 0
        var processorTime: Int64 = 0

        var perSecond: Double { Double(accepted) / (Double(duration) / 1e9) }
        var ownLoad: Double { Double(processorTime) / Double(duration) }
    }

    /// Runs for a time, after as much as `warmUp` that does not count.
    func run(warmUp: Duration, for duration: Duration) throws -> Figures {
        let clients = try (0..<sessions).map { _ in try SubmissionClient(port: port, login: login) }
        try drive(clients) { clients.allSatisfy(\.isReady) }
        var sent = 0
        for client in clients { try client.begin(next(&sent)) }
        try drive(clients, until: OwnTime.now + Self.nanoseconds(warmUp)) { try $0.begin(next(&sent)) }
        let start = OwnTime.now
        let ownStart = OwnTime.ofThread
        let before = clients.reduce(0) { $0 + $1.accepted }
        try drive(clients, until: start + Self.nanoseconds(duration)) { try $0.begin(next(&sent)) }
        return Figures(
            accepted: clients.reduce(-before) { $0 + $1.accepted },
            duration: OwnTime.now - start,
            processorTime: OwnTime.ofThread - ownStart
        )
    }

    /// Hands in so many messages, and says how long that took.
    func run(messages: Int) throws -> Figures {
        let clients = try (0..<sessions).map { _ in try SubmissionClient(port: port, login: login) }
        try drive(clients) { clients.allSatisfy(\.isReady) }
        var sent = 0
        let start = OwnTime.now
        let ownStart = OwnTime.ofThread
        for client in clients { try client.begin(next(&sent)) }
        try drive(clients, whenReady: { if sent < messages { try $0.begin(next(&sent)) } }) {
            sent >= messages && clients.allSatisfy(\.isReady)
        }
        return Figures(
            accepted: sent,
            duration: OwnTime.now - start,
            processorTime: OwnTime.ofThread - ownStart
        )
    }

    private func next(_ number: inout Int) -> SubmissionClient.Mail {
        number += 1
        let recipient = recipients[number % recipients.count]
        return SubmissionClient.Mail(sender: sender, recipient: recipient, number: number, content: content)
    }

    private func drive(_ clients: [SubmissionClient], until deadline: Int64, again: (SubmissionClient) throws -> Void)
        throws
    {
        try drive(clients, whenReady: again) { OwnTime.now >= deadline }
    }

    private func drive(
        _ clients: [SubmissionClient],
        whenReady: (SubmissionClient) throws -> Void = { _ in },
        isDone: () -> Bool
    ) throws {
        var polled = clients.map { pollfd(fd: $0.descriptor, events: Int16(POLLIN), revents: 0) }
        while !isDone() {
            guard unsafe poll(&polled, UInt(polled.count), 10_000) > 0 else {
                throw BenchError("the server answers nothing more")
            }
            for (index, client) in clients.enumerated() where polled[index].revents != 0 {
                try client.receive()
                if client.isReady { try whenReady(client) }
            }
        }
    }

    private static func nanoseconds(_ duration: Duration) -> Int64 {
        duration.components.seconds * 1_000_000_000 + duration.components.attoseconds / 1_000_000_000
    }
}
