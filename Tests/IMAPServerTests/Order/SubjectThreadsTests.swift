import Base
import IMAPWire
import Testing

@testable import IMAPServer

@Suite struct SubjectThreadsTests {
    private func threads(_ mails: (subject: String, sent: Int)...) -> String {
        let messages = mails.enumerated().map { index, mail in
            ThreadedMessage(
                number: UInt32(index + 1),
                sent: Timestamp(seconds: Int64(mail.sent)),
                subject: Array(mail.subject.utf8)
            )
        }
        return ReferenceThreadsTests.text(SubjectThreads.forest(of: messages))
    }

    @Test("messages of one subject are the first one's children; there are no grandchildren")
    func subjects() {
        #expect(threads(("S", 1), ("T", 2), ("S", 3)) == "(1 3)(2)")
        #expect(threads(("S", 1), ("S", 4), ("S", 3)) == "(1 (3)(2))")
        #expect(threads(("S", 9), ("S", 2), ("T", 5)) == "(2 1)(3)")
        #expect(threads(("", 1), ("", 2)) == "(1 2)")
        #expect(threads(("S", 1), ("T", 1)) == "(1)(2)")
        #expect(threads() == "")
    }
}
