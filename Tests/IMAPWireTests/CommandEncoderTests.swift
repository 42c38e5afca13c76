import Base
import Testing

@testable import IMAPWire

@Suite struct CommandEncoderTests {
    private func text(_ writer: WireWriter) -> String { String(decoding: writer.bytes, as: UTF8.self) }

    @Test func literalsWaitWhereTheServerWantsIt() {
        func login(_ literals: WireWriter.Literals) -> WireWriter {
            CommandEncoder.encode(tag: "a", "LOGIN", literals: literals) { writer in
                writer.space()
                writer.astring(Array("jürgen".utf8))
                writer.space()
                writer.astring([UInt8]("p w"))
            }
        }
        #expect(text(login(.synchronizing)) == "a LOGIN {7}\r\njürgen \"p w\"\r\n")
        #expect(login(.synchronizing).pauses == [13])
        #expect(text(login(.nonSynchronizing)) == "a LOGIN {7+}\r\njürgen \"p w\"\r\n")
        #expect(login(.shortNonSynchronizing).pauses == [])
        var long = WireWriter(literals: .shortNonSynchronizing)
        long.literal([UInt8](repeating: 1, count: Limits.imapLiteralMinus + 1))
        #expect(long.pauses == [8])
    }

    @Test("INV-9: no argument ends a line")
    func injection() {
        let writer = CommandEncoder.encode(tag: "a", "SELECT", literals: .synchronizing) { writer in
            writer.space()
            writer.astring([UInt8]("x\r\nb DELETE y"))
        }
        #expect(text(writer) == "a SELECT {13}\r\nx\r\nb DELETE y\r\n")
        #expect(writer.pauses == [15])
    }

    static let keys: [SearchKey] = [
        .all, .and([.flag(.seen, true), .flag(.recent, false)]), .or(.flag(.deleted, false), .not(.larger(5))),
        .keyword(Keyword("$x"), false), .header("Message-ID", "<1@x>"), .address(field: "FROM", "a b"), .body("x"),
        .text("y"), .received(.since, CalendarDate(year: 2026, month: 11, day: 2)),
        .sent(.before, CalendarDate(year: 1999, month: 1, day: 31)), .smaller(3),
        .uid(SequenceSet([.init(1, nil), .init(7, 7)])), .sequence(SequenceSet([.init(nil, nil)])),
    ]

    @Test(arguments: keys.indices)
    func searchKeysAreReadAsTheyWereWritten(index: Int) throws {
        let key = Self.keys[index]
        let writer = CommandEncoder.encode(tag: "a", "SEARCH", literals: .nonSynchronizing) { writer in
            writer.space()
            writer.searchKey(key)
        }
        let frame = Frame(text: Array(writer.bytes.dropLast(2)))
        guard case .search(let request, false) = try CommandParser.parse(frame).command else {
            return #expect(Bool(false))
        }
        #expect(request.key == key)
    }

    @Test func fetchItemsAreReadAsTheyWereWritten() throws {
        let items: [FetchItem] = [
            .flags, .uid, .internalDate, .size, .envelope, .body, .bodyStructure, .rfc822, .rfc822Header, .rfc822Text,
            .section(SectionSpec(path: [1, 3], .header), partial: PartialRange(offset: 1, count: 2), peek: true),
            .section(SectionSpec(.headerFieldsNot(["x", "y"])), partial: nil, peek: false),
            .binary([2, 1], partial: PartialRange(offset: 1 << 40, count: 2), peek: true),
            .binary([], partial: nil, peek: false), .binarySize([1]),
        ]
        let writer = CommandEncoder.encode(tag: "a", "FETCH", literals: .nonSynchronizing) { writer in
            writer.space()
            writer.set(SequenceSet(NumberSet([1, 2, 3, 9])))
            writer.space()
            writer.fetchItems(items)
        }
        guard
            case .fetch(let request, false) = try CommandParser.parse(
                Frame(text: Array(writer.bytes.dropLast(2)))
            ).command
        else { return #expect(Bool(false)) }
        #expect(request.set.text == "1:3,9")
        #expect(request.items == items)
    }
}
