import Message
import Testing

@Suite("MIME parameters")
struct MIMEParametersTests {
    @Test(
        "Values",
        arguments: [
            ("text/plain; charset=utf-8", "charset", "utf-8"),
            ("text/plain;charset = \"utf-8\" ; x=y", "charset", "utf-8"),
            ("text/plain; charset=us-ascii (Plain text)", "charset", "us-ascii"),
            ("text/plain; charset=utf-8 format=flowed", "charset", "utf-8"),
            ("text/plain; ; =x; charset=utf-8;", "charset", "utf-8"),
            ("text/plain; junk; CHARSET=utf-8", "charset", "utf-8"),
            ("image/png; name=my holiday (1).png", "name", "my holiday (1).png"),
            ("image/png; name=\"a\\\"b;c\"", "name", "a\"b;c"),
            ("image/png; name=\"unclosed", "name", "unclosed"),
            ("image/png; name*=iso-8859-1'en'%A3%20rates", "name", "£ rates"),
            ("image/png; name*0=\"a b\"; name*1=c; name*2=\"d\"", "name", "a bcd"),
            ("image/png; name*1=second; name*0=first", "name", "firstsecond"),
            ("image/png; name*0*=utf-8''%E2%82; name*1*=%AC; name*2=x", "name", "€x"),
            ("image/png; name=plain; name*=utf-8''%C3%BC", "name", "ü"),
            ("image/png; name*0=a; name*2=c", "name", "a"),
            ("image/png; name=\"=?utf-8?B?w7w=?=.png\"", "name", "ü.png"),
            ("image/png; name*=%zz", "name", "%zz"),
        ]
    )
    func values(source: String, name: String, expected: String) throws {
        let type = try #require(MediaType(Array(source.utf8)))
        #expect(type.parameters[name]?.text == expected)
    }

    @Test("BODYSTRUCTURE gets continuations joined, still encoded")
    func wire() throws {
        let type = try #require(MediaType(Array("image/png; name*0*=utf-8'en'%C3%BC; name*1=\" x\"".utf8)))
        let wire = try #require(type.parameters["name"]?.wire)
        #expect(wire.name == "name*")
        #expect(text(wire.value) == "utf-8'en'%C3%BC%20x")
        let plain = try #require(MediaType(Array("image/png; name=x.png".utf8))?.parameters["name"]?.wire)
        #expect(plain.name == "name")
        #expect(text(plain.value) == "x.png")
    }

    @Test("Types", arguments: [("text", "text/plain"), ("TEXT/HTML", "text/html"), ("a / b ; c", "a/b")])
    func types(source: String, expected: String) {
        #expect(MediaType(Array(source.utf8))?.name == expected)
    }

    @Test("What names no type", arguments: ["", "text/", "/plain", ";", "image", "\"text\"/plain"])
    func broken(source: String) {
        #expect(MediaType(Array(source.utf8))?.name == (source == "text/" ? "text/plain" : nil))
    }
}
