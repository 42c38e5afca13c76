import Base
import IMAPWire
import TestSupport
import Testing

/// mailbox + UIDVALIDITY + UID names one sequence of bytes for ever (INV-3): fetched in every way, by
/// another session, and after a restart from a cold cache.
@Suite("Immutability")
struct ImmutabilityTests {
    @Test("Whole, in halves, in chunks, by fields, by parts, decoded: the same bytes each time (INV-3)")
    func everyWay() async throws {
        try await TestGateway.run { house in
            for message in OddMail.delivered { try await house.deliver(message) }
            let mia = try await house.client("mia")
            try await mia.ok("CREATE Odd")
            for message in OddMail.appended {
                let answer = try await mia.append(octets: message, to: "Odd")
                #expect(answer.isOK, "\(answer.result)")
            }
            var records: [String: Record] = [:]
            for folder in ["INBOX", "Odd"] {
                for uid in try await mia.uids(folder, "ALL") {
                    records["\(folder) \(uid)"] = try await Record(of: uid, in: folder, by: mia)
                }
            }
            #expect(records.count == OddMail.delivered.count + OddMail.appended.count)
            let made = records
            // Another member, from what the first one made warm, then everything from the disk.
            try await Self.compare(made, by: house.client("ben"))
            try await house.afterCrash { house in
                try await Self.compare(made, by: house.client("mia"))
            }
        }
    }

    @Test("What was appended is what is fetched, to the octet (INV-3)")
    func asAppended() async throws {
        try await TestGateway.run { house in
            let mia = try await house.client("mia")
            try await mia.ok("CREATE Odd")
            let plain = OddMail.appended.filter { !$0.contains(ASCII.nul) && !OddMail.hasBareLineEnd($0) }
            for message in plain { try await mia.append(octets: message, to: "Odd") }
            let uids = try await mia.uids("Odd", "ALL")
            #expect(uids.count == plain.count)
            for (uid, message) in zip(uids, plain) { #expect(try await mia.whole(uid) == message) }
        }
    }

    private static func compare(_ records: [String: Record], by client: MailClient) async throws {
        for (name, record) in records.sorted(by: { $0.key < $1.key }) {
            let again = try await record.again(by: client)
            for (one, other) in zip(record.values, again) where one != other {
                Issue.record("\(name): \(one) became \(other)")
            }
            #expect(again.count == record.values.count)
        }
    }
}

/// All that a client can learn of one message's bytes.
private struct Record {
    let folder: String
    let uid: Int
    /// What was asked for together: an item that is asked for twice at once is answered once.
    let items: [[String]]
    let values: [FetchValue]

    /// Fetches a message in every way, and holds the answers against each other.
    init(of uid: Int, in folder: String, by client: MailClient) async throws {
        self.folder = folder
        self.uid = uid
        let first = try await client.values(uid, ["RFC822.SIZE", "BODY.PEEK[]", "BODYSTRUCTURE", "ENVELOPE"])
        guard case .size(let size)? = first.first, case .section(_, _, let octets?) = first[1],
            case .bodyStructure(let structure) = first[2]
        else { throw TestFailure("\(first)") }
        #expect(octets.count == Int(size), "RFC822.SIZE")
        var items: [[String]] = []
        var values: [FetchValue] = []
        for group in Self.groups(octets, structure) {
            let found = try await client.values(uid, group.items)
            group.check(found, octets, "\(folder) \(uid)")
            items.append(group.items)
            values += found
        }
        self.items = [["RFC822.SIZE", "BODYSTRUCTURE", "ENVELOPE"]] + items
        self.values = [first[0], first[2], first[3]] + values
    }

    func again(by client: MailClient) async throws -> [FetchValue] {
        try await client.ok("SELECT \(folder)")
        var values: [FetchValue] = []
        for items in items { values += try await client.values(uid, items) }
        return values
    }

    private static let atOnce = 120

    /// Items that are fetched together, and what must hold of their answers.
    private struct Group {
        let items: [String]
        let check: ([FetchValue], [UInt8], String) -> Void
    }

    private static func groups(_ whole: [UInt8], _ structure: BodyStructure) -> [Group] {
        let halves = [
            ["BODY.PEEK[HEADER]", "BODY.PEEK[TEXT]"], ["RFC822.HEADER", "RFC822.TEXT"], ["RFC822"], ["BODY.PEEK[]"],
        ].map { items in
            Group(items: items) { found, whole, name in
                #expect(found.flatMap(\.octets) == whole, "\(name): \(items)")
            }
        }
        return halves + [fields] + chunks(whole) + parts(structure)
    }

    /// Some fields and all the others are the header; the empty line stands in both.
    private static var fields: Group {
        let names = "(Subject From \"X odd\" Content-Type)"
        let items = [
            "BODY.PEEK[HEADER.FIELDS \(names)]", "BODY.PEEK[HEADER.FIELDS.NOT \(names)]", "BODY.PEEK[HEADER]",
            "BODY.PEEK[HEADER.FIELDS (X-None)]", "BODY.PEEK[HEADER.FIELDS.NOT (X-None)]",
        ]
        return Group(items: items) { found, _, name in
            let sizes = found.map(\.octets.count)
            #expect(sizes[0] + sizes[1] == sizes[2] + sizes[3], "\(name): FIELDS and NOT")
            #expect(found[4].octets == found[2].octets, "\(name): NOT of none")
        }
    }

    private static func chunks(_ whole: [UInt8]) -> [Group] {
        let sizes =
            whole.count > 4096
            ? [whole.count / 7 + 1, 65_536, 262_144, 1_000_003].filter { whole.count / $0 < 100 }
            : Array(1...23) + [whole.count / 2 + 1, whole.count + 1]
        var groups: [Group] = []
        for size in sizes {
            for run in runs(of: Array(stride(from: 0, through: whole.count, by: size))) {
                let items = run.map { "BODY.PEEK[]<\($0).\(size)>" }
                groups.append(
                    Group(items: items) { found, whole, name in
                        let end = min(whole.count, run[run.count - 1] + size)
                        #expect(found.flatMap(\.octets) == Array(whole[run[0]..<end]), "\(name): chunks of \(size)")
                    }
                )
            }
        }
        return groups + edges(whole)
    }

    /// Around the end of Greenroom's block and the end of the header.
    private static func edges(_ whole: [UInt8]) -> [Group] {
        [block(whole), whole.span.firstIndex(of: Array("\r\n\r\n".utf8)) ?? 0].map { edge in
            var asked: [(start: Int, count: Int)] = []
            for start in max(0, edge - 5)...(edge + 5) { for count in 1...6 { asked.append((start, count)) } }
            return Group(items: asked.map { "BODY.PEEK[]<\($0.start).\($0.count)>" }) { found, whole, name in
                for (value, asked) in zip(found, asked) {
                    let start = min(asked.start, whole.count)
                    #expect(value.octets == Array(whole[start...].prefix(asked.count)), "\(name): \(asked)")
                }
            }
        }
    }

    private static func block(_ whole: [UInt8]) -> Int {
        var end = 0
        while whole[end...].starts(with: Array("Greenroom-".utf8)) || (end > 0 && whole[end...].first == ASCII.space) {
            guard let feed = whole.span.firstIndex(of: ASCII.lf, from: end) else { break }
            end = feed + 1
        }
        return end
    }

    private static func runs(of starts: [Int]) -> [[Int]] {
        stride(from: 0, to: starts.count, by: atOnce).map { Array(starts[$0..<min($0 + atOnce, starts.count)]) }
    }

    /// Every part: its octets are as many as BODYSTRUCTURE says, and stand behind its MIME header.
    private static func parts(_ structure: BodyStructure) -> [Group] {
        structure.sections.map { section in
            let path = section.path
            let items = [
                "BODY.PEEK[\(path)]", "BODY.PEEK[\(path).MIME]", "BINARY.PEEK[\(path)]", "BINARY.SIZE[\(path)]",
                "BODY.PEEK[\(path).HEADER]", "BODY.PEEK[\(path).TEXT]", "BODY.PEEK[\(path)]<1.3>",
                "BINARY.PEEK[\(path)]<1.3>",
            ]
            return Group(items: items) { found, whole, name in
                let what = "\(name), part \(path)"
                let (body, binary) = (found[0].octets, found[2].octets)
                if let octets = section.octets { #expect(body.count == octets, "\(what): octets") }
                #expect(whole.span.firstIndex(of: found[1].octets + body) != nil, "\(what): MIME and body")
                #expect(found[3] == .binarySize(found[3].path, UInt64(binary.count)), "\(what): BINARY.SIZE")
                if section.isMessage { #expect(found[4].octets + found[5].octets == body, "\(what): HEADER, TEXT") }
                #expect(found[6].octets == Array(body.dropFirst().prefix(3)), "\(what): a part of it")
                #expect(found[7].octets == Array(binary.dropFirst().prefix(3)), "\(what): a part, decoded")
            }
        }
    }
}

extension FetchValue {
    fileprivate var octets: [UInt8] {
        switch self {
        case .section(_, _, let octets), .binary(_, _, let octets), .rfc822(let octets), .rfc822Header(let octets),
            .rfc822Text(let octets):
            octets ?? []
        default: []
        }
    }

    fileprivate var path: [UInt32] { if case .binarySize(let path, _) = self { path } else { [] } }
}

extension BodyStructure {
    fileprivate struct Section {
        let path: String
        /// `nil` for a multipart, of which BODYSTRUCTURE gives no size.
        let octets: Int?
        let isMessage: Bool
    }

    /// The part numbers of the structure, from the top.
    fileprivate var sections: [Section] {
        if case .multipart(let parts, _, _, _) = self { return Self.sections(of: parts, below: "") }
        return section(at: "1")
    }

    private static func sections(of parts: [BodyStructure], below prefix: String) -> [Section] {
        parts.enumerated().flatMap { $1.section(at: "\(prefix)\($0 + 1)") }
    }

    private func section(at path: String) -> [Section] {
        switch self {
        case .multipart(let parts, _, _, _):
            return [Section(path: path, octets: nil, isMessage: false)] + Self.sections(of: parts, below: path + ".")
        case .part(let part):
            guard case .message(_, let inner, _) = part.kind else {
                return [Section(path: path, octets: Int(part.octets), isMessage: false)]
            }
            let own = Section(path: path, octets: Int(part.octets), isMessage: true)
            if case .multipart(let parts, _, _, _) = inner {
                return [own] + Self.sections(of: parts, below: path + ".")
            }
            return [own] + inner.section(at: path + ".1")
        }
    }
}

extension MailClient {
    /// The values of a FETCH of one message, the UID aside; the mailbox is selected.
    fileprivate func values(_ uid: Int, _ items: [String]) async throws -> [FetchValue] {
        let answer = try await ok("UID FETCH \(uid) (\(items.joined(separator: " ")))")
        var literals = answer.literals[...]
        for line in answer.lines where line.contains(" FETCH (") {
            // The reader wants the line end behind each announcement, as it came.
            var text: [UInt8] = []
            var taken: [[UInt8]] = []
            for piece in line.split(separator: "}", omittingEmptySubsequences: false) {
                if !text.isEmpty { text.append(UInt8(ascii: "}")) }
                if let announced = text.lastAnnouncement, let literal = literals.first, literal.count == announced {
                    literals.removeFirst()
                    taken.append(literal)
                    text += [ASCII.cr, ASCII.lf]
                }
                text += Array(piece.utf8)
            }
            guard case .fetch(_, let values) = try ResponseParser.parse(Frame(text: text, literals: taken)) else {
                throw TestFailure(line)
            }
            return values.filter { if case .uid = $0 { false } else if case .flags = $0 { false } else { true } }
        }
        throw TestFailure("no FETCH: \(answer.lines)")
    }
}

extension [UInt8] {
    /// The number of a literal's announcement that the bytes end in.
    fileprivate var lastAnnouncement: Int? {
        guard last == UInt8(ascii: "}"), let brace = lastIndex(of: UInt8(ascii: "{")) else { return nil }
        return Int(String(decoding: self[(brace + 1)...].dropLast(), as: UTF8.self))
    }
}

/// Messages of many shapes.
private enum OddMail {
    /// By LMTP: matched ones get a header block.
    static let delivered: [String] = [
        Mail.fromKofi,
        Mail.from(
            "Kofi Mensah <kofi@kofimakes.example>",
            id: "parts-1@kofimakes.example",
            fields: ["Content-Type: multipart/mixed; boundary=b"],
            text: """
                --b

                one
                --b
                Content-Type: message/rfc822

                Subject: in
                Content-Type: multipart/alternative; boundary=c

                --c
                Content-Transfer-Encoding: base64

                aGVsbG8
                --c
                Content-Type: text/html

                <p>
                --c--
                --b--
                """
        ),
        Mail.from("Sam <sam@elsewhere.example>", id: "large-1@elsewhere.example", text: large),
        "From: Kofi Mensah <kofi@kofimakes.example>\nTo: hello@glow.example\nMessage-ID: <bare-1@kofimakes.example>",
    ]

    private static let large = (0..<40_000).map { "line \($0) of a body that is kept in a file" }.joined(
        separator: "\n"
    )

    /// By APPEND, as they are.
    static let appended: [[UInt8]] =
        (short + [multipart, decoded, nested, manyFields]).map { Array($0.utf8) } + [largeParts]

    private static let short: [String] = [
        "\r\n", "Subject: header only", "Subject: header only\r\n", "Subject: header\r\nX odd: 1\r\n\r\n",
        "Subject: x\r\nno empty line\r\nat all\r\n", "\r\nno header\r\n", "no header, no empty line",
        "Subject: LF\nFrom: a@b.example\n\nalone\n", "Subject: x\r\n\r\nbare \r and \n in it\r\n",
        "Subject: n\u{0}l\r\n\r\nn\u{0}l\r\n", "Subject: 8\r\n\r\nGrüße\r\n",
        "Content-Type: multipart/digest; boundary=b\r\n\r\npre\r\n--b\r\n\r\nSubject: in\r\n\r\nx\r\n--b\r\n--b--\r\nepi",
        "Content-Type: multipart/mixed; boundary=b\r\nContent-Transfer-Encoding: base64\r\n\r\nno parts\r\n",
    ]

    private static let multipart =
        "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n--b\r\nX: y\r\n--b\r\n\r\n\r\n--b\r\n\r\nnever closed"

    private static let decoded =
        "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n"
        + "a=20b  \r\nc=\r\n=00=zz\r\n--b\r\nContent-Transfer-Encoding: base64\r\n\r\nAAECA*==\r\n--b--\r\n"

    private static var manyFields: String {
        "Subject: many\r\n" + (0..<300).map { "X-\($0): \($0)\r\n" }.joined() + "\r\nbody\r\n"
    }

    /// Multiparts and messages inside each other.
    private static var nested: String {
        var text = "Subject: deep\r\n"
        for level in 0..<8 {
            text +=
                "Content-Type: multipart/mixed; boundary=b\(level)\r\n\r\n--b\(level)\r\n\r\n\(level)\r\n--b\(level)\r\n"
            text += "Content-Type: message/rfc822\r\n\r\nSubject: \(level)\r\n"
        }
        return text + "\r\nthe end"
    }

    /// Five megabytes, most of them in one part in base 64.
    private static var largeParts: [UInt8] {
        let line =
            Array(Base64.encode((0..<57).map { UInt8(truncatingIfNeeded: $0 &* 37) }).utf8) + [ASCII.cr, ASCII.lf]
        var bytes = Array(
            "Subject: large\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\ntext\r\n--b\r\n".utf8
        )
        bytes += Array("Content-Type: application/octet-stream\r\nContent-Transfer-Encoding: base64\r\n\r\n".utf8)
        for _ in 0..<65_000 { bytes += line }
        return bytes + Array("--b--\r\n".utf8)
    }

    static func hasBareLineEnd(_ bytes: [UInt8]) -> Bool {
        var previous: UInt8 = 0
        for byte in bytes {
            if (byte == ASCII.lf) != (previous == ASCII.cr) { return true }
            previous = byte
        }
        return previous == ASCII.cr
    }
}
