/// What is wrong with a line, and where; the text for people is made when the answer is written.
package struct IMAPSyntaxError: Error, Hashable, Sendable {
    package enum Problem: Hashable, Sendable {
        case tag
        case unknownCommand
        case space
        case atom
        case string
        case number
        case set
        case flag
        case date
        case list
        case section
        case fetchItem
        case searchKey
        case statusItem
        case literal
        case mailboxPattern
        /// Well-formed, but no name that a mailbox can have.
        case mailboxName
        /// Longer or deeper than any name may be.
        case mailboxNameTooLong
        case parameter
        case response
        /// Something stands behind the end of the command.
        case excess
        case tooDeep
        case tooMany
    }

    package let problem: Problem
    /// Octets from the start of the frame's text.
    package let offset: Int

    package init(_ problem: Problem, at offset: Int) {
        self.problem = problem
        self.offset = offset
    }

    /// Short, for the text of BAD.
    package var explanation: String {
        switch problem {
        case .tag: "No tag"
        case .unknownCommand: "Unknown command"
        case .space: "A space is missing"
        case .atom: "An atom is missing"
        case .string: "A string is missing or faulty"
        case .number: "A number is missing or too large"
        case .set: "Faulty set of messages"
        case .flag: "Faulty flag"
        case .date: "Faulty date"
        case .list: "Faulty list"
        case .section: "Faulty section"
        case .fetchItem: "Unknown FETCH item"
        case .searchKey: "Unknown search key"
        case .statusItem: "Unknown STATUS item"
        case .literal: "A literal is missing"
        case .mailboxPattern: "Faulty mailbox pattern"
        case .mailboxName: "No mailbox can have that name"
        case .mailboxNameTooLong: "A mailbox name is too long or has too many levels"
        case .parameter: "Unknown parameter"
        case .response: "Unknown response"
        case .excess: "Something stands behind the command"
        case .tooDeep: "Too many parentheses inside each other"
        case .tooMany: "Too many arguments"
        }
    }
}

/// A command that cannot be read; with its tag, where that much could be read.
package struct BadCommand: Error, Hashable, Sendable {
    package let tag: String?
    package let error: IMAPSyntaxError

    package init(tag: String?, error: IMAPSyntaxError) {
        self.tag = tag
        self.error = error
    }
}
