import Base
import Net
import Reactor

/// Puts mail into servers, by APPEND.
enum Filling {
    /// The mailboxes of the mix.
    static func mailboxes(
        of server: MailServer,
        _ settings: MixSettings,
        _ tls: TLSClientContext? = nil,
        on loop: EventLoop
    )
        async throws
    {
        for user in 0..<settings.users {
            try await loop.result {
                try await LoadClient.use(server, tls: tls, on: loop) { client in
                    try await client.logIn(user)
                    try await client.perform("CREATE Copies")
                    for mailbox in ["INBOX", "Copies"] {
                        let base = user * 1000 + (mailbox == "INBOX" ? 0 : 500)
                        let messages = (0..<settings.messages).map { MailCorpus.message(base + $0) }
                        try await client.append(messages, to: mailbox)
                    }
                    try await client.logOut()
                    guard client.refusals == 0 else { throw BenchError("\(server.name) refuses to be filled") }
                }
            }
        }
    }
}
