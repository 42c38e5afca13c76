internal import Base
internal import Message
internal import Search
internal import Store

// Messages and questions of any bytes: what the index says against what reading says.

extension FuzzEntry {
    package static let search = FuzzEntry("search") { bytes throws(FuzzFinding) in
        do {
            if let difference = try SearchFuzz.difference(bytes) { throw FuzzFinding(difference) }
        } catch let finding as FuzzFinding {
            throw finding
        } catch {
            throw FuzzFinding("\(error)")
        }
    }
}

private enum SearchFuzz {
    /// What did not agree; nil where all is well.
    static func difference(_ input: [UInt8]) throws -> String? {
        var source = Source(input)
        let house = try IndexHouse()
        var editions: [EditionID] = []
        for _ in 0..<(1 + Int(source.byte() % 4)) { editions.append(try house.deliver(source.message())) }
        // Some are known to the index, some are not.
        if source.byte() % 4 > 0 { try house.catchUp() }
        if source.byte() % 3 == 0 { editions.append(try house.deliver(source.message())) }
        for _ in 0..<(1 + Int(source.byte() % 6)) {
            let question = source.question()
            let truth = try house.read(question, editions)
            let said = house.ask(question, editions)
            for (edition, (truth, said)) in zip(editions, zip(truth, said)) where said != nil && said != truth {
                return "\(question): edition \(edition) is \(truth), the index says \(said == true)"
            }
        }
        return nil
    }

    /// Takes values off the front of the input; zeros behind its end.
    struct Source {
        private var rest: ArraySlice<UInt8>
        /// Texts of the messages so far, for questions that hit.
        private var texts: [[UInt8]] = []

        init(_ input: [UInt8]) { rest = input[...] }

        mutating func byte() -> UInt8 { rest.popFirst() ?? 0 }

        mutating func bytes() -> [UInt8] {
            let count = Int(byte())
            let taken = Array(rest.prefix(count))
            rest = rest.dropFirst(count)
            return taken
        }

        mutating func message() -> [UInt8] {
            let kind = byte() % 6
            let (first, second) = (bytes(), bytes())
            texts += [first, second]
            let line = first.filter { $0 != ASCII.cr && $0 != ASCII.lf }
            switch kind {
            case 0: return first + second
            case 1: return Array("Subject: ".utf8) + line + Array("\r\n\r\n".utf8) + second
            case 2: return Array("From: ".utf8) + line + Array("\r\nTo: a@b.example\r\n\r\n".utf8) + second
            case 3:
                let type = ["utf-8", "iso-8859-1", "utf-16", "shift_jis", "iso-2022-jp", "x"][Int(byte() % 6)]
                let head =
                    "Subject: a\r\nContent-Type: text/\(byte() % 2 == 0 ? "plain" : "html"); charset=\(type)\r\n\r\n"
                return Array(head.utf8) + second + first
            case 4:
                let head =
                    "Date: Sun, \(byte() % 31) Nov 2026 23:30:00 -0500\r\n"
                    + "Content-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\n\r\n"
                return Array(head.utf8) + first + Array("\r\n--x\r\nContent-Type: message/rfc822\r\n\r\n".utf8) + second
                    + Array("\r\n--x--\r\n".utf8)
            default:
                return Array("Cc: =?utf-8?q?".utf8) + line + Array("?= <x@y>\r\nBcc: ".utf8) + line
                    + Array("\r\n\r\n".utf8)
                    + second
            }
        }

        /// A text: of its own, or a part of what stands in a message.
        private mutating func text() -> SearchText {
            guard byte() % 3 > 0, !texts.isEmpty else { return SearchText(String(decoding: bytes(), as: UTF8.self)) }
            let whole = texts[Int(byte()) % texts.count]
            guard !whole.isEmpty else { return SearchText("a") }
            let start = Int(byte()) % whole.count
            return SearchText(String(decoding: whole[start...].prefix(1 + Int(byte()) % 12), as: UTF8.self))
        }

        mutating func question() -> SearchQuestion {
            switch byte() % 6 {
            case 0: return .body(text())
            case 1: return .field(["From", "to", "CC", "bcc", "Subject", "Date", "x", ""][Int(byte() % 8)], text())
            case 2:
                let low = 20_261_000 + Int(byte())
                return .sent(low...(low + Int(byte())))
            default: return .text(text())
            }
        }
    }
}
