import Base
import Testing

@testable import Flow

@Suite("Tokens in subjects")
struct SubjectTokenTests {
    @Test("A token names number and version, wherever it stands, each once")
    func found() {
        #expect(
            SubjectToken.all(in: "[A-1042.2] Our offer") == [SubjectToken(id: OutboundID(rawValue: 1042), revision: 2)]
        )
        #expect(SubjectToken.all(in: "Re: ünser [a-1.1] x [A-1.1] [A-2.1]").map(\.description) == ["A-1.1", "A-2.1"])
    }

    @Test(
        "What is not quite one is none",
        arguments: [
            "", "[A-1]", "[A-1.]", "[A-.1]", "[A-0.1]", "[A-1.0]", "[B-1.1]", "A-1.1", "[A-1.1", "[A- 1.1]",
            "[A-99999999999999999999.1]",
        ]
    )
    func none(_ subject: String) {
        #expect(SubjectToken.all(in: subject).isEmpty)
    }

    @Test(
        "Token and prefixes go; what did not change stays as its author had it",
        arguments: [
            ("[A-1.1] Our offer", "Our offer", "Our offer"), ("Re: [A-1.1] Held: Our offer", "Our offer", "Our offer"),
            ("AW: [A-1.1] Held: Re: Serum", "Re: Serum", "Re: Serum"),
            ("WG: [A-1.1] Held: Serum", "Re: Serum", "Re: Serum"),
            ("Fwd: Re: [A-1.1] Held: Serum", "Serum", "Serum"), ("[A-1.1] Re: Serum", "Re: Serum", "Re: Serum"),
            ("Our better offer [A-1.1]", "Our offer", "Our better offer"),
            ("Re: [A-1.1] New words", "Our offer", "New words"),
            ("RE: [EXT] [A-1.1] Held: Our offer", "Our offer", "[EXT] Our offer"),
            ("[A-1.1]", "Our offer", "Our offer"),
            ("[A-1.1] Re: Serum", "Serum", "Serum"), ("回复：[A-1.1] Held: Serum", "Serum", "Serum"),
        ]
    )
    func corrected(_ subject: String, _ original: String, _ result: String) {
        #expect(SubjectToken.corrected(subject, original: original) == result)
    }

    @Test("Whether an answer only carries it along")
    func answers() {
        #expect(SubjectToken.isAnswer("Re: [A-1.1] Held: x"))
        #expect(SubjectToken.isAnswer("Fwd: [A-1.1] Held: x"))
        #expect(!SubjectToken.isAnswer("[A-1.1] Re: x"))
        #expect(!SubjectToken.isAnswer("[A-1.1] x"))
    }
}
