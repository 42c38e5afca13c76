import Base
import Reactor
import TestSupport

/// A member's mail client: IMAP over TLS.
final class MailClient {
    let lines: LineClient
    private let loop: EventLoop
    private var tags = 0

    init(_ lines: LineClient, loop: EventLoop) {
        self.lines = lines
        self.loop = loop
    }

    /// Everything that a command was answered with.
    struct Answer {
        /// The untagged lines, the announcements of literals as they stand.
        var lines: [String] = []
        var literals: [[UInt8]] = []
        /// The tagged line without its tag.
        var result = ""

        var isOK: Bool { result.hasPrefix("OK") }
        /// The first literal as text.
        var text: String { String(decoding: literals.first ?? [], as: UTF8.self) }
    }

    /// Sends a command and reads to its tagged answer.
    @discardableResult
    func ask(_ text: String) async throws -> Answer {
        tags += 1
        let tag = "c\(tags)"
        try await lines.send("\(tag) \(text)\r\n")
        return try await answer(to: tag)
    }

    private func answer(to tag: String) async throws -> Answer {
        var answer = Answer()
        while true {
            var line = try await lines.line()
            while line.hasSuffix("}"), let brace = line.lastIndex(of: "{"),
                let count = Int(line[line.index(after: brace)...].dropLast())
            {
                answer.literals.append(try await lines.bytes(count))
                line += try await lines.line()
            }
            if line.hasPrefix(tag + " ") {
                answer.result = String(line.dropFirst(tag.count + 1))
                return answer
            }
            answer.lines.append(line)
        }
    }

    /// Sends a command that must be answered with OK.
    @discardableResult
    func ok(_ text: String) async throws -> Answer {
        let answer = try await ask(text)
        guard answer.isOK else { throw TestFailure("\(text.prefix(80)): \(answer.result)") }
        return answer
    }

    /// Files a message, as clients do with drafts and copies of what they sent.
    func append(_ message: String, to mailbox: String, flags: String = "\\Seen") async throws -> Answer {
        let bytes = message.withCRLF
        return try await ask("APPEND \(mailbox) (\(flags)) {\(bytes.utf8.count)+}\r\n\(bytes)")
    }

    /// Files octets as they are, NULs among them (RFC 3516 literal8).
    @discardableResult
    func append(octets: [UInt8], to mailbox: String) async throws -> Answer {
        tags += 1
        let tag = "c\(tags)"
        let tilde = octets.contains(ASCII.nul) ? "~" : ""
        try await lines.send(Array("\(tag) APPEND \(mailbox) \(tilde){\(octets.count)+}\r\n".utf8) + octets + [13, 10])
        return try await answer(to: tag)
    }

    // MARK: Shorthands

    func count(_ folder: String) async throws -> Int {
        let answer = try await ok("STATUS \(folder) (MESSAGES)")
        let line = answer.lines.first { $0.hasPrefix("* STATUS") } ?? ""
        let words = line.split(whereSeparator: { " ()".contains($0) })
        return words.last.flatMap { Int($0) } ?? -1
    }

    /// Selects a folder and gives the UIDs of what it shows, letters of Greenroom's own apart.
    func uids(_ folder: String, _ criteria: String = "NOT FROM greenroom.invalid") async throws -> [Int] {
        try await ok("SELECT \(folder)")
        return try await search(criteria)
    }

    func search(_ criteria: String) async throws -> [Int] {
        let answer = try await ok("UID SEARCH \(criteria)")
        let line = answer.lines.last { $0.hasPrefix("* SEARCH") } ?? ""
        return line.split(separator: " ").dropFirst(2).compactMap { Int($0) }
    }

    /// The only message of a folder, letters apart.
    func only(_ folder: String, _ criteria: String = "NOT FROM greenroom.invalid") async throws -> Int {
        let all = try await uids(folder, criteria)
        guard all.count == 1, let uid = all.first else { throw TestFailure("\(folder) shows \(all)") }
        return uid
    }

    func whole(_ uid: Int) async throws -> [UInt8] {
        try await ok("UID FETCH \(uid) (BODY.PEEK[])").literals.first ?? []
    }

    func text(_ uid: Int) async throws -> String { String(decoding: try await whole(uid), as: UTF8.self) }

    func flags(_ uid: Int) async throws -> String {
        try await ok("UID FETCH \(uid) (FLAGS)").lines.last { $0.contains("FETCH") } ?? ""
    }

    /// The Message-ID of the only notice that asks this member to decide.
    func notice() async throws -> String {
        let uid = try await only("Approvals/Waiting", "FROM greenroom.invalid")
        let header = try await ok("UID FETCH \(uid) (BODY.PEEK[HEADER.FIELDS (MESSAGE-ID)])").text
        guard let start = header.firstIndex(of: "<"), let end = header.firstIndex(of: ">") else {
            throw TestFailure("no Message-ID: \(header)")
        }
        return String(header[start...end])
    }
}
