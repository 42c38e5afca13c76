import Base
import Crypto
import SASL
import Testing

/// Entropy that repeats.
private struct CountingEntropy: Entropy {
    func bytes(count: Int) -> [UInt8] { (0..<count).map { UInt8(truncatingIfNeeded: $0) } }
}

@Suite struct ScramCredentialTests {
    /// The exchange of RFC 7677 §3.
    private enum Example {
        static let salt = Base64.decode("W22ZaJ0SNY7soEsUEjb6gQ==".utf8) ?? []
        static let authMessage = Array(
            """
            n=user,r=rOprNGfwEbeRWgbNEkqO,\
            r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096,\
            c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0
            """.utf8
        )
        static let proof = Base64.decode("dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=".utf8) ?? []
        static let signature = "6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4="
        static let credential = ScramCredential.make(
            Secret("pencil"),
            ScramCredential.Parameters(salt: salt, iterations: 4096)
        )
    }

    @Test func `the exchange of RFC 7677 holds`() {
        let credential = Example.credential
        #expect(credential.verify(proof: Example.proof, authMessage: Example.authMessage))
        #expect(Base64.encode(credential.serverSignature(authMessage: Example.authMessage)) == Example.signature)
        #expect(credential.verify(Secret("pencil")))
        #expect(!credential.verify(Secret("pencils")))
        #expect(!credential.verify(Secret("")))
        #expect(!credential.verify(proof: Example.proof, authMessage: [1]))
        #expect(!credential.verify(proof: [], authMessage: Example.authMessage))
    }

    @Test func `the text is read back`() throws {
        let text = Example.credential.text
        #expect(text.hasPrefix("SCRAM-SHA-256$4096:W22ZaJ0SNY7soEsUEjb6gQ==$"))
        #expect(ScramCredential(text) == Example.credential)
        #expect("\(Example.credential)" == "SCRAM-SHA-256")
    }

    @Test(arguments: [
        "", "pencil", "SCRAM-SHA-256", "SCRAM-SHA-1$4096:c2FsdA==$AA==:AA==", "SCRAM-SHA-256$4096:c2FsdA==$AA==:AA==",
        "SCRAM-SHA-256$0:c2FsdA==$x:y", "SCRAM-SHA-256$4096:c2FsdA==", "SCRAM-SHA-256$99999999999:c2FsdA==$AA==:AA==",
    ])
    func `what is no credential is none`(text: String) {
        #expect(ScramCredential(text) == nil)
    }

    @Test func `a member's devices share a salt and are told apart`() {
        let parameters = ScramCredential.Parameters(entropy: CountingEntropy(), iterations: 2)
        #expect(parameters.salt == Array(0..<16))
        let passwords = ["laptop", "phone", "tablet"].map { Secret($0) }
        let credentials = passwords.map { ScramCredential.make($0, parameters) }
        for (index, password) in passwords.enumerated() {
            #expect(ScramCredential.firstIndex(of: password, in: credentials) == index)
        }
        #expect(ScramCredential.firstIndex(of: Secret("none"), in: credentials) == nil)
        #expect(ScramCredential.firstIndex(of: Secret("none"), in: []) == nil)
    }

    @Test func `an unknown name has a stable salt and no password`() {
        let key = Secret([1, 2, 3])
        let decoy = ScramCredential.decoy(for: "nobody", key: key)
        #expect(decoy == ScramCredential.decoy(for: "nobody", key: key))
        #expect(decoy.parameters.salt != ScramCredential.decoy(for: "noone", key: key).parameters.salt)
        #expect(decoy.parameters.salt != ScramCredential.decoy(for: "nobody", key: Secret([1])).parameters.salt)
        #expect(decoy.parameters.salt.count == 16)
        #expect(decoy.parameters.iterations == ScramCredential.defaultIterations)
        #expect(!decoy.verify(Secret("")))
    }
}
