import Testing

@testable import Text

@Suite struct ModifiedUTF7Tests {
    @Test(arguments: [
        ("INBOX", "INBOX"), ("R&D", "R&-D"), ("Entwürfe", "Entw&APw-rfe"), ("台北", "&U,BTFw-"), ("a/é/b", "a/&AOk-/b"),
        ("😀", "&2D3eAA-"), ("", ""), ("~peter/mail/台北/日本語", "~peter/mail/&U,BTFw-/&ZeVnLIqe-"), ("é&", "&AOk-&-"),
    ])
    func bothWays(text: String, encoded: String) {
        #expect(ModifiedUTF7.encode(text) == Array(encoded.utf8))
        #expect(ModifiedUTF7.decode(Array(encoded.utf8)) == text)
    }

    @Test(
        "One name has one spelling",
        arguments: [
            "&", "a&b", "&AGE-", "&AOk-&AOk-", "&AOl-", "&2D0-", "&3gDYPQ-", "&A-", "&AO-", "&AO/p-", "é", "a\u{7F}",
            "a\tb",
            "&AOk", "&AOk=-",
        ]
    )
    func otherSpellings(encoded: String) { #expect(ModifiedUTF7.decode(Array(encoded.utf8)) == nil) }

    @Test func upstreamNamesAreReadLeniently() {
        #expect(ModifiedUTF7.decodeLeniently(Array("&AGE-".utf8)) == "a")
        #expect(ModifiedUTF7.decodeLeniently(Array("&2D0-".utf8)) == nil)
    }
}
