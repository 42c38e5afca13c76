import TestSupport
import Testing
import Text

/// Takes bytes and reads them as HTML in a charset that the first byte chooses; for a fuzzer, and for
/// the tests below.
func fuzzText(_ bytes: [UInt8]) {
    let labels = ["utf-8", "utf-16", "windows-1252", "iso-2022-jp", "gb18030", "utf-7"]
    let decoded = Charset.decode(bytes, label: labels[Int(bytes.first ?? 0) % labels.count])
    let html = HTMLText(decoded)
    #expect(html.text.utf8.count <= decoded.utf8.count * 4 + 64 * 60)
    #expect(html.links.count <= 1000)
}

@Suite("HTML text")
struct HTMLTextTests {
    @Test(
        "Text of HTML",
        arguments: [
            ("plain", "plain"), ("a<br>b", "a\nb"), ("a<br><br><br>b", "a\n\nb"), ("<p>a</p><p>b</p>", "a\n\nb"),
            ("<div>a</div><div>b</div>", "a\nb"), ("<div>a</div><div><br></div><div>b</div>", "a\n\nb"),
            ("a \n\t  b&nbsp;c", "a b c"), ("<b>a</b>b <i> c</i>", "ab c"),
            ("<script>var x = '</p>';</script>a<style>p{}</style>b<title>t</title>", "ab"),
            ("<SCRIPT>x</sCript >a", "a"), ("a<!-- <p>hidden</p> -->b", "ab"), ("a<!-- open", "a"),
            ("<!doctype html><?xml?>a", "a"),
            ("&lt;a&gt; &amp; &euro; &#8364; &#x20AC; &eacute &unknown; &", "<a> & € € € é &unknown; &"),
            ("&#128; &#0; &#xFFFFFFFF;", "€ \u{FFFD} \u{FFFD}"),
            ("<ul><li>one<li>two</ul>", "- one\n- two"), ("<tr><td>a</td><td>b</td></tr><tr><td>c</td></tr>", "a b\nc"),
            ("<pre>a\n  b</pre>", "a\n  b"), ("1 < 2", "1 < 2"), ("a<", "a<"), ("<p title='a>b'>c</p>", "c"),
            ("zero\u{200B}width\u{FEFF}", "zerowidth"), ("<p>a<p>b", "a\n\nb"), ("a<unclosed attr=\"", "a"), ("", ""),
            ("<o:p>office</o:p>", "office"),
        ]
    )
    func text(html: String, expected: String) {
        #expect(HTMLText(html).text == expected)
    }

    @Test("Blockquotes are marked as quotations, by depth")
    func quotes() {
        #expect(
            HTMLText("new<blockquote>old<br>more<blockquote><p>older</p></blockquote>mid</blockquote>end").text
                == "new\n\n> old\n> more\n\n> > older\n\n> mid\n\nend"
        )
        #expect(HTMLText("</blockquote></blockquote>a").text == "a")
    }

    @Test("Links with their targets and texts")
    func links() {
        let html = HTMLText(
            "<a class=x href='https://x.example/?a=1&amp;b=2&copy=3'>me <b>here</b></a> <A HREF=https://y.example>you</A> <a name=z>no</a><a href=' mailto:m@x.example '>mail"
        )
        #expect(
            html.links.map(\.target) == [
                "https://x.example/?a=1&b=2&copy=3", "https://y.example", "mailto:m@x.example",
            ]
        )
        #expect(html.links.map(\.text) == ["me here", "you", "mail"])
    }

    @Test("The limit cuts and says so")
    func limit() {
        let html = HTMLText(String(repeating: "<p>ä</p>", count: 1000), limit: 50)
        #expect(html.isCutShort)
        #expect(html.text.utf8.count <= 54)
    }

    @Test("A thousand blockquotes and a hundred thousand open tags stay bounded (INV-9)")
    func bombs() {
        let quotes = HTMLText(String(repeating: "<blockquote>a", count: 1000))
        #expect(quotes.text.utf8.count < 100 * 1000)
        #expect(HTMLText(String(repeating: "<a <a href=", count: 100_000)).text.isEmpty)
        #expect(HTMLText(String(repeating: "<script>", count: 100_000)).text.isEmpty)
        #expect(HTMLText(String(repeating: "<!--", count: 100_000)).text.isEmpty)
        #expect(HTMLText(String(repeating: "&", count: 100_000)).text.utf8.count == 100_000)
    }

    @Test("Random markup never breaks anything", arguments: 0..<8 as Range<UInt64>)
    func fuzz(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let pieces = [
            "<", ">", "</", "<a href=", "\"", "'", "=", "&", "&#", ";", "<!--", "-->", "<script>", "</script>",
            "<blockquote>",
            "</blockquote>", "<br>", "<p", "<pre>", "é", "\u{0}", "\n", " ", "x", "<li>", "<td>", "/",
        ]
        for _ in 0..<100 {
            let html = (0..<60).compactMap { _ in pieces.randomElement(using: &generator) }.joined()
            fuzzText(Array(html.utf8))
            fuzzText((0..<100).map { _ in UInt8.random(in: .min ... .max, using: &generator) })
        }
    }
}
