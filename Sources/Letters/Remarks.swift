package import Base

/// What somebody said about an outbound message.
package struct Remark: Hashable, Sendable {
    package let who: String
    package let at: Timestamp
    package let text: String

    package init(who: String, at: Timestamp, text: String) {
        self.who = who
        self.at = at
        self.text = text
    }
}

extension NoticeWriter {
    /// Tells somebody what others said about a message, the newest first.
    package func remarks(
        _ remarks: [Remark],
        token: String,
        subject: String,
        author: String,
        recipients: [String],
        to address: String,
        key: String,
        answering parent: String,
        at now: Timestamp
    ) -> Letter {
        var lines = ["About \(author)'s mail to \(recipients.joined(separator: ", ")):"]
        for remark in remarks.reversed() {
            lines += ["", "\(remark.who), \(CivilTime(remark.at).iso8601):"]
            lines += remark.text.split(separator: "\n", omittingEmptySubsequences: false).map { "  " + $0 }
        }
        lines += ["", "Nothing was decided by this. What you answer is told to the others."]
        return letter(
            "[\(token)] Comments: \(subject)",
            lines,
            to: address,
            key: "talk.\(key)",
            answering: parent,
            at: now
        )
    }
}
