package import Base
package import Net
package import Reactor
internal import Synchronization

/// A mail server on a memory pipe that says what a test wants, and remembers what it was told.
package final class ScriptedPeer: Dialer {
    /// What it does when it hears a command.
    package enum Answer: Sendable, Hashable {
        /// One reply, lines apart by LF.
        case say(String)
        /// Closes the connection.
        case hangUp
        /// Says nothing more.
        case silence
    }

    private struct Rule {
        var prefix: String
        /// Used one after the other; the last one stays.
        var answers: [Answer]
    }

    private struct State {
        var rules: [Rule] = []
        var isDown = false
        var dials = 0
        var open = 0
        var mostOpen = 0
        var lastReply = ""
        var commands: [String] = []
        var messages: [String] = []
    }

    private let state = Mutex(State())

    package init(offering extensions: [String] = ["PIPELINING", "SIZE 10000000", "8BITMIME", "SMTPUTF8", "DSN"]) {
        answer("GREETING", .say("220 peer.example"))
        offer(extensions)
        answer("MAIL", .say("250 2.1.0 sender"))
        answer("RCPT", .say("250 2.1.5 recipient"))
        answer("DATA", .say("354 go"))
        answer(".", .say("250 2.0.0 taken"))
        answer("AUTH", .say("235 2.7.0 in"))
        answer("QUIT", .say("221 bye"))
    }

    /// Says from now on what it offers.
    package func offer(_ extensions: [String]) {
        let lines = ["peer.example"] + extensions
        let text = lines.enumerated().map { "250\($0 == lines.count - 1 ? " " : "-")\($1)" }.joined(separator: "\n")
        answer("EHLO", .say(text))
    }

    /// What to do about commands that begin so; later rules come before earlier ones.
    ///
    /// `GREETING` is the
    /// beginning, `.` the end of a message, an empty text the answer to a challenge.
    package func answer(_ prefix: String, _ answers: Answer...) {
        state.withLock { $0.rules.insert(Rule(prefix: prefix, answers: answers), at: 0) }
    }

    /// Nobody can connect, or everybody again.
    package func setDown(_ isDown: Bool) { state.withLock { $0.isDown = isDown } }

    package var dials: Int { state.withLock { $0.dials } }
    /// The most connections at one time.
    package var mostOpen: Int { state.withLock { $0.mostOpen } }
    /// Every command, in order.
    package var commands: [String] { state.withLock { $0.commands } }
    /// Every message whose end came, as on the wire, whatever it was answered.
    package var messages: [String] { state.withLock { $0.messages } }

    /// The commands that begin so.
    package func commands(_ prefix: String) -> [String] { commands.filter { $0.hasPrefix(prefix) } }

    package func forget() {
        state.withLock { state in
            state.commands = []
            state.messages = []
            state.dials = 0
        }
    }

    // MARK: -

    package func dial(
        _ endpoint: Endpoint,
        on loop: EventLoop,
        until deadline: Instant
    ) async throws(NetError) -> Connection {
        let isDown = state.withLock { state in
            state.dials += 1
            return state.isDown
        }
        if isDown { throw .refused }
        let (near, far) = Connection.pair(on: loop)
        _ = loop.spawn { await self.serve(far) }
        return near
    }

    private func serve(_ connection: Connection) async {
        state.withLock { state in
            state.open += 1
            state.mostOpen = max(state.mostOpen, state.open)
        }
        await connection.use { await converse(connection) }
        state.withLock { $0.open -= 1 }
    }

    private func converse(_ connection: Connection) async {
        do throws(NetError) {
            guard try await act("GREETING", connection) else { return }
            var input: [UInt8] = []
            while let line = try await nextLine(&input, connection) {
                state.withLock { $0.commands.append(line) }
                guard try await act(line, connection) else { return }
                guard line == "DATA", lastWas354 else { continue }
                guard try await takeMessage(&input, connection), try await act(".", connection) else { return }
            }
        } catch {}
    }

    private var lastWas354: Bool { state.withLock { $0.lastReply.hasPrefix("354") } }

    /// Does what the rules say; false where the connection is over.
    private func act(_ command: String, _ connection: Connection) async throws(NetError) -> Bool {
        let answer = state.withLock { state -> Answer in
            let found = state.rules.firstIndex { $0.prefix.isEmpty ? command.isEmpty : command.hasPrefix($0.prefix) }
            guard let index = found else { return .say("250 2.0.0 ok") }
            let answers = state.rules[index].answers
            if answers.count > 1 { state.rules[index].answers.removeFirst() }
            return answers[0]
        }
        switch answer {
        case .say(let text):
            state.withLock { $0.lastReply = text }
            try await connection.write(Array(text.split(separator: "\n").map { $0 + "\r\n" }.joined().utf8))
            return true
        case .hangUp:
            return false
        case .silence:
            var nothing: [UInt8] = []
            while try await connection.read(into: &nothing, until: .distantFuture) > 0 {}
            return false
        }
    }

    private func nextLine(_ input: inout [UInt8], _ connection: Connection) async throws(NetError) -> String? {
        while true {
            if let end = input.firstIndex(of: ASCII.lf) {
                let line = String(decoding: input[..<end].dropLast(), as: UTF8.self)
                input.removeSubrange(...end)
                return line
            }
            if try await connection.read(into: &input, until: .distantFuture) == 0 { return nil }
        }
    }

    /// Reads up to the end of a message; false where the connection ended before.
    private func takeMessage(_ input: inout [UInt8], _ connection: Connection) async throws(NetError) -> Bool {
        var message = ""
        while let line = try await nextLine(&input, connection) {
            if line == "." {
                state.withLock { $0.messages.append(message) }
                return true
            }
            message += line + "\r\n"
        }
        return false
    }
}
