import Base
import Crypto
import Testing

@Suite struct DigestTests {
    /// FIPS 180-4 examples (NIST CAVP), and the empty message.
    @Test(arguments: [
        ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        (
            "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
        ),
    ])
    func `a message has the digest of the standard`(message: String, digest: String) {
        #expect(Hexadecimal.encode(SHA256.hash(Array(message.utf8))) == digest)
    }

    @Test func `a million bytes in pieces have the digest of the standard`() {
        var hash = SHA256()
        let piece = [UInt8](repeating: 0x61, count: 1000)
        for _ in 0..<1000 { hash.update(piece) }
        #expect(
            Hexadecimal.encode(hash.finish()) == "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"
        )
    }

    @Test func `a message split at every byte has one digest`() {
        let message = Array("The quick brown fox jumps over the lazy dog, and on it goes past one block.".utf8)
        let whole = SHA256.hash(message)
        for split in 0...message.count {
            var hash = SHA256()
            hash.update(Array(message[..<split]))
            hash.update(Array(message[split...]))
            #expect(hash.finish() == whole)
        }
    }

    @Test func `a span has the digest of its bytes`() {
        let message = Array("abc".utf8)
        #expect(SHA256.hash(message.span) == SHA256.hash(message))
    }
}
