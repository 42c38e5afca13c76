import Base
import Testing

@testable import IMAPWire

@Suite struct MailboxCommandParserTests {
    private func parsed(_ text: String, _ literals: [String] = [], utf8: Bool = false) -> IMAPWire.Command? {
        let frame = Frame(text: Array(text.utf8), literals: literals.map { Array($0.utf8) })
        return try? CommandParser.parse(frame, namesAreUTF8: utf8).command
    }

    @Test func list() {
        guard
            case .list(let request)? = parsed(
                "a list (Subscribed remote) \"a/\" (x% {2}\r\n) return (children status (Messages size messages))",
                ["*y"]
            )
        else { return #expect(Bool(false)) }
        #expect(request.reference == "a/" && request.patterns == ["x%", "*y"] && request.isExtended)
        #expect(request.selection == [.subscribed, .remote])
        #expect(request.returns.children && request.returns.status == [.messages, .size])
        guard case .list(let plain)? = parsed("a LIST \"\" *") else { return #expect(Bool(false)) }
        #expect(!plain.isExtended && plain.returns == ListReturns())
    }

    @Test("Names in modified UTF-7, or in UTF-8 once that is enabled")
    func names() {
        guard case .select(let name, _)? = parsed("a SELECT Gr&APwA3w-e") else { return #expect(Bool(false)) }
        #expect(name.text == "Grüße")
        guard case .select(let plain, _)? = parsed("a SELECT Gr&APwA3w-e", utf8: true) else {
            return #expect(Bool(false))
        }
        #expect(plain.text == "Gr&APwA3w-e")
        guard case .select(let composed, _)? = parsed("a SELECT \"u\u{308}ber\"", utf8: true) else {
            return #expect(Bool(false))
        }
        #expect(Array(composed.text.unicodeScalars) == Array("\u{FC}ber".unicodeScalars))
    }

    @Test func metadata() {
        guard case .getMetadata(let request)? = parsed("a GETMETADATA x (DEPTH 1 MAXSIZE 9) (/shared/A /private/b)")
        else {
            return #expect(Bool(false))
        }
        #expect(request.entries.map(\.name) == ["/shared/a", "/private/b"])
        #expect(request.depth == .one && request.maxSize == 9 && request.mailbox?.text == "x")
        guard
            case .setMetadata(nil, let values)? = parsed("a SETMETADATA \"\" (/private/b NIL /shared/a {1}\r\n)", ["v"])
        else { return #expect(Bool(false)) }
        #expect(values.map(\.value) == [nil, [UInt8(ascii: "v")]])
    }

    @Test func notify() {
        guard
            case .notify(.set(true, let groups))? = parsed(
                "a NOTIFY SET STATUS (selected (messageNew (uid) messageExpunge)) (mailboxes (a \"b c\") (mailboxName X))"
            )
        else { return #expect(Bool(false)) }
        #expect(groups.map(\.filter) == [.selected, .mailboxes(["a", "b c"].map { MailboxName(unchecked: $0) })])
        #expect(groups[0].events == [.messageNew, .messageExpunge] && groups[0].fetchItems == [.uid])
        #expect(groups[1].events == [.mailboxName] && groups[1].unknown == ["X"])
        guard case .notify(.none)? = parsed("a NOTIFY NONE") else { return #expect(Bool(false)) }
    }

    @Test("INV-9: patterns, options, entries, groups and names are bound")
    func bounds() {
        func many(_ count: Int, _ item: String) -> String {
            Array(repeating: item, count: count).joined(separator: " ")
        }
        #expect(parsed("a LIST \"\" (\(many(Limits.imapListPatterns, "x")))") != nil)
        #expect(parsed("a LIST \"\" (\(many(Limits.imapListPatterns + 1, "x")))") == nil)
        #expect(parsed("a CREATE x (USE (\(many(Limits.imapListOptions + 1, "\\Sent"))))") == nil)
        let entries = (0...Limits.metadataEntries).map { "/private/n\($0)" }.joined(separator: " ")
        #expect(parsed("a GETMETADATA x (\(entries))") == nil)
        #expect(parsed("a SETMETADATA x (\(many(Limits.metadataEntries + 1, "/private/x y")))") == nil)
        #expect(parsed("a NOTIFY SET \(many(Limits.notifyGroups + 1, "(personal NONE)"))") == nil)
        #expect(parsed("a NOTIFY SET (mailboxes (\(many(Limits.notifyNames + 1, "x"))) NONE)") == nil)
        #expect(MetadataEntry("/private/" + String(repeating: "n", count: Limits.metadataName)) == nil)
    }
}
