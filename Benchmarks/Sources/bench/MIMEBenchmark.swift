import Base
import Glibc
import IMAPServer
import Message

/// Messages that were made to be slow: what FETCH, SORT and THREAD keep of them at ingest, and what SEARCH
/// reads, in time per megabyte.
enum MIMEBenchmark {
    /// No message may take longer than this, in milliseconds per megabyte.
    private static let goal = 100.0
    private static let size = 1 << 20

    static func run() {
        show("\nMIME: messages of about 1 MB made to be slow, milliseconds per megabyte (goal <= 100)")
        show("  " + "".padded(34) + " structure    search")
        for (name, bytes) in shapes {
            let structure = best(bytes) { _ = MessageStructure(parsing: $0) }
            let search = best(bytes) { message in
                var searchable = SearchableMessage(message)
                _ = searchable.answer(.text(SearchText("word that is nowhere")))
            }
            let over = max(structure, search) > goal ? "  OVER" : ""
            show("  \(name.padded(34)) \(figure(structure)) \(figure(search))\(over)")
        }
    }

    /// The best of three, since the machine has other things to do as well.
    private static func best(_ bytes: [UInt8], _ work: ([UInt8]) -> Void) -> Double {
        var best = Double.infinity
        for _ in 0..<3 {
            let start = OwnTime.ofThread
            work(bytes)
            best = min(best, Double(OwnTime.ofThread - start) / 1e6 * Double(size) / Double(bytes.count))
        }
        return best
    }

    private static func figure(_ value: Double) -> String {
        let text = String(Int(value * 10))
        let padded = String(repeating: "0", count: max(0, 2 - text.count)) + text
        let number = padded.dropLast() + "." + padded.suffix(1)
        return String(repeating: " ", count: max(0, 9 - number.count)) + number
    }

    // MARK: Shapes

    private static var shapes: [(String, [UInt8])] {
        [
            ("plain text", mail("", filled(with: "The rate is 500 and nothing else is to be said.\r\n"))),
            ("one line", mail("", filled(with: "x"))),
            ("parts without end", multipart(filled(with: "\r\n--b\r\n\r\nx"))),
            ("delimiters that are almost", multipart(filled(with: "\r\n--bb"))),
            ("multiparts in each other", nested(3000)),
            ("boundaries that begin alike", nestedAlike(400)),
            ("messages in each other", filled(with: "Content-Type: message/rfc822\r\n\r\n")),
            ("fields without end", filled(with: "X: y\r\n")),
            ("one field folded", Array("Subject: a\r\n".utf8) + filled(with: " b\r\n")),
            ("lines that are no fields", filled(with: "no field\r\n")),
            ("addresses", Array("To: ".utf8) + filled(with: "a@b.example, ") + Array("\r\n\r\n".utf8)),
            ("groups and comments", Array("To: ".utf8) + filled(with: "g:(c)a@b(d),;") + Array("\r\n\r\n".utf8)),
            ("parentheses", Array("To: ".utf8) + filled(with: "(") + Array("\r\n\r\n".utf8)),
            ("references", Array("References: ".utf8) + filled(with: "<a@b.example> ") + Array("\r\n\r\n".utf8)),
            ("encoded words", Array("Subject: ".utf8) + filled(with: "=?utf-8?q?=C3=A9?= ") + Array("\r\n\r\n".utf8)),
            ("parameters in pieces", parameters),
            ("quoted-printable", mail("Content-Transfer-Encoding: quoted-printable\r\n", filled(with: "=C3=A9"))),
            ("base 64", mail("Content-Transfer-Encoding: base64\r\n", filled(with: "w6nDqcOp\r\n"))),
            ("HTML tags open", mail("Content-Type: text/html\r\n", filled(with: "<div>a"))),
            ("HTML entities", mail("Content-Type: text/html\r\n", filled(with: "&eacute;&#233;"))),
            ("HTML comments open", mail("Content-Type: text/html\r\n", filled(with: "<!-- "))),
            ("quotes in quotes", mail("", filled(with: "> > > On Monday x@y.example wrote:\r\n"))),
            ("combining marks", mail("Content-Type: text/plain; charset=utf-8\r\n", filled(with: "\u{301}\u{327}"))),
            (
                "ISO-2022-JP",
                mail("Content-Type: text/plain; charset=iso-2022-jp\r\n", filled(with: "\u{1B}$B\u{1B}(B"))
            ),
            ("bare CR", mail("", filled(with: "\r"))),
            ("NULs", mail("", filled(with: "\0"))),
        ]
    }

    private static func filled(with piece: String) -> [UInt8] {
        let bytes = Array(piece.utf8)
        var result: [UInt8] = []
        result.reserveCapacity(size + bytes.count)
        while result.count < size { result += bytes }
        return result
    }

    private static func mail(_ fields: String, _ body: [UInt8]) -> [UInt8] {
        Array("From: mia@mail.example\r\nMIME-Version: 1.0\r\n\(fields)\r\n".utf8) + body
    }

    private static func multipart(_ body: [UInt8]) -> [UInt8] {
        mail("Content-Type: multipart/mixed; boundary=b\r\n", body)
    }

    private static func nested(_ depth: Int) -> [UInt8] {
        var result: [UInt8] = []
        for level in 0..<depth {
            result += Array("Content-Type: multipart/mixed; boundary=b\(level)\r\n\r\n--b\(level)\r\n".utf8)
        }
        return result + filled(with: "\r\n--b1\r\n\r\nx")
    }

    private static func nestedAlike(_ depth: Int) -> [UInt8] {
        var result: [UInt8] = []
        for level in 1...depth {
            let boundary = String(repeating: "b", count: level % 70 + 1)
            result += Array("Content-Type: multipart/mixed; boundary=\(boundary)\r\n\r\n--\(boundary)\r\n".utf8)
        }
        return result + filled(with: "\r\n--" + String(repeating: "b", count: 90))
    }

    private static var parameters: [UInt8] {
        var result = Array("Content-Type: text/plain".utf8)
        var number = 0
        while result.count < size {
            result += Array(";\r\n name*\(number)*=%C3%A9".utf8)
            number += 1
        }
        return result + Array("\r\n\r\nx".utf8)
    }
}
