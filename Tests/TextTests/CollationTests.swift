import Testing

@testable import Text

@Suite struct CollationTests {
    private func sorted(_ texts: [String]) -> [String] {
        texts.sorted { Collation.key($0).lexicographicallyPrecedes(Collation.key($1)) }
    }

    @Test("letter case is no difference, and letters with marks follow their plain ones (RFC 5051)")
    func order() {
        #expect(Collation.key("Straße x") == Collation.key("STRAßE X"))
        #expect(Collation.key("ärger") == Collation.key("ÄRGER"))
        #expect(Collation.key("a\u{308}") == Collation.key("Ä"))
        #expect(Collation.key("ΣΊΣΥΦΟΣ") == Collation.key("σίσυφος"))
        #expect(Collation.key("ёж") == Collation.key("Ёж"))
        #expect(
            sorted(["Zebra", "äpfel", "Apfel", "azur", "_x", ""]) == ["", "Apfel", "azur", "äpfel", "Zebra", "_x"]
        )
        #expect(Collation.key("ế") == Array("E\u{302}\u{301}".utf8))
    }
}
