import Base
import Testing

@testable import Control

@Suite("approvals rejudge")
struct RejudgeCommandTests {
    private func request(_ words: String...) throws -> ApprovalsCommand.Request {
        try ApprovalsCommand.Request(ApprovalsCommand.command.arguments(words))
    }

    @Test("takes all that waits, or the messages named, with or without their version")
    func operands() throws {
        #expect(try request("rejudge") == .rejudge(nil))
        let ids = [OutboundID(rawValue: 12), OutboundID(rawValue: 7)]
        #expect(try request("rejudge", "A-12.1", "a-7") == .rejudge(ids))
        #expect(throws: UsageError.self) { try request("rejudge", "12") }
        // The others still take one.
        #expect(throws: UsageError.self) { try request("approve", "A-1.1", "A-2.1") }
    }

    @Test("stands in the help with who may say it")
    func help() async throws {
        let heard = try await greenroom("approvals", "--help")
        #expect(heard.code == .success)
        let text = heard.out.joined(separator: "\n")
        #expect(text.contains("approvals rejudge [ID") && text.contains("never an author"), "\(text)")
    }
}
