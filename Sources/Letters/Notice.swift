package import Base
internal import Message
package import Policy

/// The facts of a held message that its notice tells.
package struct HeldMail: Sendable {
    /// `A-1042.2`.
    package var token: String
    package var author: String
    /// Who made this version, where that is not its author.
    package var editor: String?
    package var subject: String
    /// To whom it would go; Bcc recipients are shown to those who may decide.
    package var recipients: [String]
    package var campaign: String?
    package var reasons: [Verdict.Reason]
    package var required: [String: Int]
    /// The text that would leave.
    package var text: String
    package var attachments: [String]
    /// What the creator last wrote, where that is known.
    package var lastFromCreator: String?
    /// What a colleague wrote to the same creator, with who and when, where that is why it is held.
    package var fromColleague: String?

    package init(
        token: String,
        author: String,
        editor: String? = nil,
        subject: String,
        recipients: [String],
        campaign: String?,
        reasons: [Verdict.Reason],
        required: [String: Int],
        text: String,
        attachments: [String],
        lastFromCreator: String?
    ) {
        self.token = token
        self.author = author
        self.editor = editor
        self.subject = subject
        self.recipients = recipients
        self.campaign = campaign
        self.reasons = reasons
        self.required = required
        self.text = text
        self.attachments = attachments
        self.lastFromCreator = lastFromCreator
    }
}

/// Letters about one outbound message, readable alone and without a single link (D2).
package struct NoticeWriter: Sendable {
    /// The domain of command addresses.
    package let commandDomain: String
    /// The language of the verbs that a notice tells people to write.
    package let language: String

    package init(commandDomain: String, language: String = "en") {
        self.commandDomain = commandDomain
        self.language = language
    }

    private var sender: String { "approvals@\(commandDomain)" }

    /// Stands behind the token in the subject of a notice that asks.
    package static let heldMark = "Held:"

    /// Asks an approver to decide on one version.
    package func ask(_ mail: HeldMail, to address: String, key: String, at now: Timestamp) -> Letter {
        var lines = [
            mail.editor.map { "\($0) changed this mail of \(mail.author)'s. It waits for you." }
                ?? "\(mail.author) wants to send this mail. It waits for you.",
            // Known again wherever somebody quotes it (INV-4).
            "This is between you and \(sender): do not pass it on.",
            "",
            "To:       \(mail.recipients.joined(separator: ", "))",
            "Subject:  \(mail.subject)",
        ]
        if let campaign = mail.campaign { lines.append("Campaign: \(campaign)") }
        lines.append("Needs:    \(Self.counts(mail.required))")
        lines += ["", "Why it is held:"]
        lines += mail.reasons.map { "  - \($0.text) (rule \($0.rule))" }
        if !mail.attachments.isEmpty { lines += ["", "Attached: \(mail.attachments.joined(separator: ", "))"] }
        lines += [
            "",
            "To decide, answer this mail with one of these as the first line:",
            "  \(word(.approve))",
            "  \(word(.reject)) and why",
            "  \(word(.replace)): with the text below that is to leave instead",
            "or move the message in Waiting to Approve or Reject. Anything else that you answer",
            "is a comment: its author and the others who may decide read it.",
            "",
            "---- The mail ----",
            "",
            mail.text,
        ]
        if let last = mail.lastFromCreator { lines += ["", "---- What the creator last wrote ----", "", last] }
        if let colleague = mail.fromColleague {
            lines += ["", "---- What a colleague wrote to the same creator ----", "", colleague]
        }
        return letter(
            "[\(mail.token)] \(Self.heldMark) \(mail.subject)",
            lines,
            to: address,
            key: "ask.\(key)",
            at: now
        )
    }

    /// Tells an author that their mail waits: for people, or for a time; and asks which of some campaigns it
    /// belongs to.
    package func waiting(
        _ mail: HeldMail,
        campaigns: [String] = [],
        until time: Timestamp?,
        to address: String,
        key: String,
        at now: Timestamp
    ) -> Letter {
        var lines = ["Your mail to \(mail.recipients.joined(separator: ", ")) has not left yet.", ""]
        if let time {
            lines.append("It leaves at \(CivilTime(time).iso8601).")
        } else {
            lines.append("It waits for approval by \(Self.counts(mail.required)).")
        }
        lines += ["", "Why:"] + mail.reasons.map { "  - \($0.text) (rule \($0.rule))" }
        if !campaigns.isEmpty {
            lines += [
                "",
                "Which campaign is it about? Answer this mail with one of these as the first line, and it is judged",
                "by that campaign alone:",
            ]
            lines += campaigns.map { "  \(word(.campaign)): \($0)" }
        }
        lines += [
            "",
            campaigns.isEmpty ? "There is nothing for you to do." : "Until then the strictest of them counts.",
            "To take it back, answer this mail with",
            "  withdraw",
            "as the first line, or delete the message in Waiting.",
        ]
        return letter("[\(mail.token)] Waits: \(mail.subject)", lines, to: address, key: "waits.\(key)", at: now)
    }

    /// Lists what an approver is asked about beyond the letters that they have.
    package func digest(
        _ mails: [HeldMail],
        others: Int,
        decideIn folder: String,
        to address: String,
        key: String,
        at now: Timestamp
    ) -> Letter {
        let count = mails.count + others
        var lines = [
            count == 1 ? "One more message waits for you." : "\(count) more messages wait for you.",
            "",
            "Each of them stands in \(folder): open it there, and move it to Approve or Reject.",
            "An answer to this mail decides nothing.",
        ]
        for mail in mails {
            lines += [
                "",
                "[\(mail.token)] \(mail.subject)",
                "  from \(mail.author) to \(mail.recipients.joined(separator: ", "))",
                "  needs \(Self.counts(mail.required))",
            ]
            lines += mail.reasons.map { "  - \($0.text) (rule \($0.rule))" }
        }
        if others > 0 { lines += ["", "and \(others) more."] }
        let subject = count == 1 ? "1 more message waits for you" : "\(count) more messages wait for you"
        return letter(subject, lines, to: address, key: key, at: now)
    }

    /// `1 of legal, 2 of managers`.
    private static func counts(_ required: [String: Int]) -> String {
        required.sorted { $0.key < $1.key }.map { "\($0.value) of \($0.key)" }.joined(separator: ", ")
    }

    /// Tells somebody what came of something.
    package func tell(
        token: String,
        subject: String,
        _ text: String,
        to address: String,
        key: String,
        answering parent: String?,
        at now: Timestamp
    ) -> Letter {
        letter("[\(token)] \(subject)", [text], to: address, key: "tell.\(key)", answering: parent, at: now)
    }

    private func word(_ verb: ApprovalVerb) -> String { ApprovalVerbs.word(verb, in: language) }

    func letter(
        _ subject: String,
        _ lines: [String],
        to address: String,
        key: String,
        answering parent: String? = nil,
        at now: Timestamp
    ) -> Letter {
        let messageID = "\(key)@\(commandDomain)"
        var fields = [
            ComposedField("From", .addresses([Address(name: "Greenroom", spec: sender)])),
            ComposedField("To", .addresses([Address(spec: address)])),
            ComposedField("Subject", .text(subject)),
            ComposedField("Date", .date(MailDate(now))),
            ComposedField("Message-ID", .messageIDs([messageID])),
            ComposedField("Auto-Submitted", .structured("auto-generated")),
        ]
        if let parent {
            fields.append(ComposedField("In-Reply-To", .messageIDs([parent])))
            fields.append(ComposedField("References", .messageIDs([parent])))
        }
        let message = ComposedMessage(fields: fields, body: .text(lines.joined(separator: "\n") + "\n"))
        return Letter(bytes: message.bytes(boundary: key), messageID: messageID, subject: subject, from: sender)
    }
}
