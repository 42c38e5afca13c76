import Base
import Crypto
import Testing

/// RFC 4231 test cases: key, data, HMAC-SHA-256.
private let rfc4231: [(key: [UInt8], data: [UInt8], code: String)] = [
    (
        [UInt8](repeating: 0x0B, count: 20), Array("Hi There".utf8),
        "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"
    ),
    (
        Array("Jefe".utf8), Array("what do ya want for nothing?".utf8),
        "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
    ),
    (
        [UInt8](repeating: 0xAA, count: 20), [UInt8](repeating: 0xDD, count: 50),
        "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe"
    ),
    (
        [UInt8](1...25), [UInt8](repeating: 0xCD, count: 50),
        "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b"
    ),
    (
        [UInt8](repeating: 0xAA, count: 131), Array("Test Using Larger Than Block-Size Key - Hash Key First".utf8),
        "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"
    ),
    (
        [UInt8](repeating: 0xAA, count: 131),
        Array(
            """
            This is a test using a larger than block-size key and a larger than block-size data. \
            The key needs to be hashed before being used by the HMAC algorithm.
            """.utf8
        ),
        "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2"
    ),
]

@Suite struct KeyedTests {
    @Test(arguments: rfc4231.indices)
    func `a message has the code of RFC 4231`(index: Int) {
        let vector = rfc4231[index]
        #expect(Hexadecimal.encode(HMAC.sha256(key: vector.key, message: vector.data)) == vector.code)
    }

    @Test func `an empty key and an empty message have a code`() {
        #expect(
            Hexadecimal.encode(HMAC.sha256(key: [], message: []))
                == "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad"
        )
    }

    /// RFC 7914 §11.
    @Test(arguments: [
        (
            "passwd", "salt", 1,
            "55ac046e56e3089fec1691c22544b605f94185216dde0465e68b9d57c20dacbc"
                + "49ca9cccf179b645991664b39d77ef317c71b845b1e30bd509112041d3a19783"
        ),
        (
            "Password", "NaCl", 80000,
            "4ddcd8f60b98be21830cee5ef22701f9641a4418d04c0414aeff08876b34ab56"
                + "a1d425a1225833549adb841b51c9b3176a272bdebba1d078478f62b397f33c8d"
        ),
    ])
    func `a password has the key of RFC 7914`(password: String, salt: String, iterations: Int, key: String) {
        let derived = PBKDF2.sha256(
            password: Array(password.utf8),
            salt: Array(salt.utf8),
            iterations: iterations,
            count: 64
        )
        #expect(Hexadecimal.encode(derived) == key)
    }

    @Test func `an empty password and a password with NUL have keys of their own`() {
        let salt = Array("salt".utf8)
        let empty = PBKDF2.sha256(password: [], salt: salt, iterations: 2)
        let nul = PBKDF2.sha256(password: [0], salt: salt, iterations: 2)
        let behind = PBKDF2.sha256(password: [0x61, 0, 0x62], salt: salt, iterations: 2)
        let before = PBKDF2.sha256(password: [0x61], salt: salt, iterations: 2)
        #expect(empty.count == 32)
        // HMAC pads keys with NUL, so these two are the same by definition.
        #expect(empty == nul)
        #expect(behind != before)
    }
}

@Suite struct RandomTests {
    @Test func `random bytes have the length asked for and differ`() {
        let entropy = SystemEntropy()
        #expect(entropy.bytes(count: 0).isEmpty)
        #expect(entropy.bytes(count: 33).count == 33)
        #expect(entropy.bytes(count: 32) != entropy.bytes(count: 32))
    }
}

@Suite struct ConstantTimeTests {
    @Test(
        arguments: [
            ([], [], true), ([1], [1], true), ([1], [2], false), ([1], [1, 2], false), ([], [0], false),
            ([1, 2, 3], [1, 2, 4], false),
        ] as [([UInt8], [UInt8], Bool)]
    )
    func `bytes are equal only where all are`(left: [UInt8], right: [UInt8], equal: Bool) {
        #expect(ConstantTime.equal(left, right) == equal)
    }
}
