import Base
import IMAPWire
import Synchronization
import Testing

@testable import IMAPServer

/// Plays a script between clients and engines of one house.
///
/// `C: text` is a line of the client, `S: text` the next line of its server; `C2:` and `S2:` are a
/// second client's. In `S:` lines `…` stands for any text. What a server does beside writing shows
/// as a line: `[closed …]`, `[pause n]`, `[TLS]`. Every line that a server writes must be in the
/// script. `C+:` sends together with the next line.
final class Conversation {
    let house: MemoryHouse
    private var clients: [Int: Client] = [:]
    private let settings: EngineSettings

    init(
        _ house: MemoryHouse = MemoryHouse(),
        settings: EngineSettings = EngineSettings(peer: "192.0.2.1", isEncrypted: true, canStartTLS: false)
    ) {
        self.house = house
        self.settings = settings
    }

    final class Client {
        var engine: Engine
        var output: [UInt8] = []
        var lines: [String] = []
        var unsent = ""
        let isWoken = Flag()

        init(_ engine: consuming Engine) { self.engine = engine }
    }

    final class Flag: Sendable {
        private let value = Mutex(false)
        func raise() { value.withLock { $0 = true } }
        func take() -> Bool {
            value.withLock { value in
                defer { value = false }
                return value
            }
        }
    }

    private final class Sink: ResponseSink {
        let client: Client
        let house: MemoryHouse
        init(_ client: Client, _ house: MemoryHouse) {
            self.client = client
            self.house = house
        }

        var now: Instant { house.state.withLock { $0.instant } }
        func send(_ bytes: [UInt8]) async throws(IMAPFailure) { client.output += bytes }
    }

    /// The client of a number; a new one has read its greeting.
    func client(_ number: Int) async -> Client {
        if let client = clients[number] { return client }
        let client = Client(Engine(backend: house, settings: settings))
        clients[number] = client
        await pump(client)
        if client.lines.first?.hasPrefix("* OK") == true { client.lines.removeFirst() }
        return client
    }

    /// Logs a client in and selects a mailbox, without a script.
    func enter(_ mailbox: String = "INBOX", client number: Int = 1, command: String = "SELECT") async {
        let client = await client(number)
        await send("in LOGIN anna secret\r\nse \(command) \(mailbox)\r\n", client)
        client.lines.removeAll()
    }

    func send(_ text: String, _ client: Client) async { await send(Array(text.utf8), client) }

    func send(_ bytes: [UInt8], _ client: Client) async {
        client.engine.receive(bytes)
        await pump(client)
        // One round of news for everybody who waits for it.
        for (_, other) in clients.sorted(by: { $0.key < $1.key }) where other.isWoken.take() {
            other.engine.wake()
            await pump(other)
        }
    }

    /// Lets waiting clients hear of what the house did by itself.
    func settle() async {
        for (_, client) in clients.sorted(by: { $0.key < $1.key }) where client.isWoken.take() {
            client.engine.wake()
            await pump(client)
        }
    }

    private func pump(_ client: Client) async {
        let out = Responder(sink: Sink(client, house))
        var notes: [String] = []
        loop: while true {
            switch client.engine.next() {
            case .write(let bytes): client.output += bytes
            case .perform(let run):
                let transition = await run.run(out)
                client.engine.complete(transition)
                if case .selected = transition {
                    client.engine.selectedMailbox?.observe { [flag = client.isWoken] in flag.raise() }
                }
                if case .notifying = transition {
                    client.engine.notifyWatch?.observe { [flag = client.isWoken] in flag.raise() }
                }
            case .pause(let delay): client.output += Array("[pause \(delay.components.seconds)]\r\n".utf8)
            case .startTLS:
                client.output += Array("[TLS]\r\n".utf8)
                client.engine.tlsStarted()
            case .wait: break loop
            case .close(let reason):
                notes.append("[closed: \(reason.explanation)]")
                break loop
            }
        }
        var lines = String(decoding: client.output, as: UTF8.self).split(
            separator: "\r\n",
            omittingEmptySubsequences: false
        ).map(String.init)
        #expect(lines.last == "", "output ends inside a line")
        lines.removeLast()
        client.lines += lines + notes
        client.output = []
    }

    func play(_ script: String, sourceLocation: SourceLocation = #_sourceLocation) async {
        for line in script.split(separator: "\n") {
            guard let colon = line.firstIndex(of: ":") else { continue }
            var head = line[..<colon]
            let text = String(line[line.index(after: colon)...].dropFirst())
            let isPartial = head.last == "+"
            if isPartial { head.removeLast() }
            let client = await client(Int(head.dropFirst()) ?? 1)
            if head.first == "C" {
                client.unsent += text + "\r\n"
                guard !isPartial else { continue }
                #expect(client.lines == [], "not in the script, before: \(text)", sourceLocation: sourceLocation)
                client.lines = []
                let unsent = client.unsent
                client.unsent = ""
                await send(unsent, client)
            } else if head.first == "S" {
                guard !client.lines.isEmpty else {
                    Issue.record("nothing was said; expected: \(text)", sourceLocation: sourceLocation)
                    return
                }
                let said = client.lines.removeFirst()
                let isRight = Self.matches(said, text)
                #expect(isRight, "said: \(said)\nexpected: \(text)", sourceLocation: sourceLocation)
            }
        }
        for (number, client) in clients.sorted(by: { $0.key < $1.key }) {
            #expect(client.lines == [], "not in the script, client \(number)", sourceLocation: sourceLocation)
            client.lines = []
        }
    }

    /// Whether a line is what the script says, `…` standing for any text.
    static func matches(_ line: String, _ pattern: String) -> Bool {
        var pieces = pattern.split(separator: "…", omittingEmptySubsequences: false)[...]
        guard let first = pieces.popFirst(), line.hasPrefix(first) else { return false }
        var rest = line.dropFirst(first.count)
        guard let last = pieces.popLast() else { return rest.isEmpty }
        for piece in pieces where !piece.isEmpty {
            guard let found = rest.range(of: piece) else { return false }
            rest = rest[found.upperBound...]
        }
        return rest.hasSuffix(last)
    }
}

extension Substring {
    fileprivate func range(of piece: Substring) -> Range<Index>? {
        var start = startIndex
        while start < endIndex {
            if self[start...].hasPrefix(piece) { return start..<index(start, offsetBy: piece.count) }
            start = index(after: start)
        }
        return nil
    }
}
