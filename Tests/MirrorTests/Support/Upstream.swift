import Base
import IMAPWire
import Net
import Reactor
import Synchronization

/// A small IMAP server in memory, which may drop its connection behind any command.
final class Upstream: Sendable {
    struct Item: Hashable, Sendable {
        var uid: UID
        var bytes: [UInt8]
        var flags: Flags
        var received: Timestamp
    }

    struct Box: Hashable, Sendable {
        var validity: UInt32
        var next: UID = 1
        var items: [Item] = []
    }

    struct State: Sendable {
        var boxes: [String: Box] = ["INBOX": Box(validity: 7), "Sent": Box(validity: 8)]
        var capabilities = "IMAP4rev1 UIDPLUS MOVE LITERAL+"
        /// Commands of this kind answered by this from now on.
        var refusals: [String: String] = [:]
        /// Commands carried out until the connection is dropped without an answer.
        var commandsLeft: Int?
        var log: [String] = []
    }

    let state = Mutex(State())

    func change<Value: Sendable>(_ body: (inout State) -> Value) -> Value { state.withLock { body(&$0) } }

    /// Brings a message into a mailbox.
    @discardableResult
    func put(_ text: String, in name: String, flags: Flags = .none, received: Int64 = 1_700_000_000) -> UID {
        change { $0.boxes[name]?.add(Array(text.utf8), flags, Timestamp(seconds: received)) ?? 0 }
    }

    func items(_ name: String) -> [Item] { change { $0.boxes[name]?.items ?? [] } }

    func subjects(_ name: String) -> [String] { items(name).map { subject($0.bytes) }.sorted() }

    // MARK: The session

    func serve(_ connection: Connection) async {
        await connection.use {
            var framer = Framer(reader: .server, lineLimit: Limits.imapLine)
            var selected: String?
            do throws(NetError) {
                try await connection.write(Array("* OK ready\r\n".utf8))
                while true {
                    switch framer.next() {
                    case .incomplete:
                        var bytes: [UInt8] = []
                        if try await connection.read(into: &bytes, until: .distantFuture) == 0 { return }
                        framer.append(bytes)
                    case .literal(let announced):
                        framer.accept()
                        if announced.isSynchronizing { try await connection.write(Array("+ go on\r\n".utf8)) }
                    case .frame(let frame):
                        guard let command = try? CommandParser.parse(frame),
                            let answer = self.answer(command, &selected)
                        else { return }
                        try await connection.write(answer)
                    case .spoiled, .lineTooLong:
                        return
                    }
                }
            } catch {
                return
            }
        }
    }

    /// The answer to a command; nil where the connection is dropped instead.
    private func answer(_ command: TaggedCommand, _ selected: inout String?) -> [UInt8]? {
        state.withLock { state in
            let word = "\(command.command)".prefix { $0 != "(" }
            state.log.append(String(word))
            if let refusal = state.refusals[String(word)] { return Array("\(command.tag) \(refusal)\r\n".utf8) }
            var writer = WireWriter()
            let end = state.perform(command.command, &selected, &writer)
            writer.write(text: "\(command.tag) \(end)\r\n")
            if let left = state.commandsLeft {
                state.commandsLeft = left - 1
                if left <= 1 { return nil }
            }
            return writer.bytes
        }
    }
}

func subject(_ bytes: [UInt8]) -> String {
    let text = String(decoding: bytes, as: UTF8.self)
    guard let start = text.firstRange(of: "Subject: ")?.upperBound else { return "" }
    return String(text[start...].prefix { $0 != "\r" && $0 != "\r\n" })
}

extension Upstream.Box {
    mutating func add(_ bytes: [UInt8], _ flags: Flags, _ received: Timestamp) -> UID {
        items.append(Upstream.Item(uid: next, bytes: bytes, flags: flags, received: received))
        next += 1
        return next - 1
    }
}

extension Upstream.State {
    mutating func perform(
        _ command: IMAPWire.Command,
        _ selected: inout String?,
        _ writer: inout WireWriter
    ) -> String {
        switch command {
        case .capability: writer.write(text: "* CAPABILITY \(capabilities)\r\n")
        case .list:
            for name in boxes.keys.sorted() {
                writer.write(text: "* LIST (\(name == "Sent" ? "\\Sent" : "")) \"/\" \(name)\r\n")
            }
        case .create(let name, _): boxes[name.text] = Upstream.Box(validity: 100)
        case .status(let name, _):
            guard let box = boxes[name.text] else { return "NO [NONEXISTENT] no such mailbox" }
            writer.write(text: "* STATUS \(name) (UIDNEXT \(box.next) UIDVALIDITY \(box.validity))\r\n")
        case .select(let name, _), .examine(let name, _):
            guard let box = boxes[name.text] else { return "NO [NONEXISTENT] no such mailbox" }
            selected = name.text
            writer.write(text: "* \(box.items.count) EXISTS\r\n* OK [UIDVALIDITY \(box.validity)] -\r\n")
            writer.write(text: "* OK [UIDNEXT \(box.next)] -\r\n")
        case .append(let request):
            guard var box = boxes[request.mailbox.text] else { return "NO [TRYCREATE] no such mailbox" }
            guard let item = request.messages.first, case .message(let bytes) = item.content else { return "BAD form" }
            let uid = box.add(bytes, item.flags, item.received ?? Timestamp(seconds: 0))
            boxes[request.mailbox.text] = box
            return "OK [APPENDUID \(box.validity) \(uid)] done"
        default:
            guard let name = selected, let box = boxes[name] else { return "OK done" }
            return perform(command, in: name, box, &writer)
        }
        return "OK done"
    }

    private mutating func perform(
        _ command: IMAPWire.Command,
        in name: String,
        _ box: Upstream.Box,
        _ writer: inout WireWriter
    ) -> String {
        var box = box
        func chosen(_ set: SequenceSet) -> NumberSet { set.resolved(largest: box.items.last?.uid ?? 0) }
        switch command {
        case .fetch(let request, _):
            let uids = chosen(request.set)
            for (index, item) in box.items.enumerated() where uids.contains(item.uid) {
                writer.fetchHeader(UInt32(index + 1))
                writer.list(request.items) { $0.fetchValue(item.value($1)) }
                writer.close()
                writer.endLine()
            }
        case .search(let request, _):
            let found = box.items.filter { $0.matches(request.key, box) }.map(\.uid)
            writer.write(text: "* SEARCH" + found.map { " \($0)" }.joined() + "\r\n")
        case .store(let request, _):
            let uids = chosen(request.set)
            for index in box.items.indices where uids.contains(box.items[index].uid) {
                box.items[index].flags = request.change.applied(to: box.items[index].flags)
            }
            boxes[name] = box
        case .uidExpunge(let set):
            let uids = chosen(set)
            box.items.removeAll { uids.contains($0.uid) && $0.flags.system.contains(.deleted) }
            boxes[name] = box
        case .copy(let set, let target, _), .move(let set, let target, _):
            let uids = chosen(set)
            guard var other = boxes[target.text] else { return "NO [TRYCREATE] no such mailbox" }
            var pairs: [(UID, UID)] = []
            for item in box.items where uids.contains(item.uid) {
                pairs.append((item.uid, other.add(item.bytes, item.flags, item.received)))
            }
            boxes[target.text] = other
            if case .move = command {
                boxes[name]?.items.removeAll { uids.contains($0.uid) }
            }
            guard let pair = pairs.first else { return "OK nothing" }
            return "OK [COPYUID \(other.validity) \(pair.0) \(pair.1)] done"
        default: break
        }
        return "OK done"
    }
}

extension Upstream.Item {
    func value(_ item: FetchItem) -> FetchValue {
        switch item {
        case .uid: .uid(uid)
        case .flags: .flags(flags.names)
        case .size: .size(UInt64(bytes.count))
        case .internalDate: .internalDate(received)
        case .section(let section, _, _): .section(section, origin: nil, bytes)
        default: .flags([])
        }
    }

    func matches(_ key: SearchKey, _ box: Upstream.Box) -> Bool {
        switch key {
        case .and(let keys): keys.allSatisfy { matches($0, box) }
        case .uid(let set): set.resolved(largest: box.items.last?.uid ?? 0).contains(uid)
        case .header(_, let text): String(decoding: bytes, as: UTF8.self).contains(text)
        default: true
        }
    }
}
