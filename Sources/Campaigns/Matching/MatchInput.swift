package import Message

/// What matching reads of one message.
///
/// A plain value, so that rules are tested without a message. Texts are decoded Unicode, field
/// values unfolded, ids without angle brackets and words around them.
package struct MatchInput: Hashable, Sendable {
    // MARK: Who

    /// The mailboxes of the From fields, groups opened.
    package var from: [Correspondent]
    /// How many From fields there are; more than one is no evidence (MATCHING §3.2).
    package var fromFieldCount: Int
    /// What From shows beside its address: display names, comments, local parts that were quoted.
    package var fromDecorations: [String]
    package var replyTo: [Correspondent]
    package var to: [Correspondent]
    package var cc: [Correspondent]
    /// Blind recipients: of a submission, every envelope recipient that no field names.
    package var bcc: [Correspondent]
    package var deliveredTo: [Address]

    // MARK: What it answers

    package var messageID: String?
    package var inReplyTo: [String]
    /// In the order of the field.
    package var references: [String]
    package var subject: String

    // MARK: What it is

    /// The Authentication-Results fields, the topmost first.
    package var authenticationResults: [AuthenticationResults]
    package var marks: Marks
    package var report: Report?

    // MARK: What it says

    /// The readable text of the body, with all that it quotes.
    package var text: String
    /// What the author wrote now, with the signature (MATCHING §0).
    package var freshText: String
    /// The targets of HTML links in the signature, in order; links elsewhere point at others.
    package var signatureLinks: [String]
    /// The attached messages (message/rfc822), in order.
    package var attachedMessages: [InnerMessage]
    /// The headers that mail programs wrote above quoted and forwarded messages, in order.
    package var quotedHeaders: [InnerMessage]

    package init(
        from: [Correspondent] = [],
        fromFieldCount: Int = 1,
        fromDecorations: [String]? = nil,
        replyTo: [Correspondent] = [],
        to: [Correspondent] = [],
        cc: [Correspondent] = [],
        bcc: [Correspondent] = [],
        deliveredTo: [Address] = [],
        messageID: String? = nil,
        inReplyTo: [String] = [],
        references: [String] = [],
        subject: String = "",
        authenticationResults: [AuthenticationResults] = [],
        marks: Marks = Marks(),
        report: Report? = nil,
        text: String? = nil,
        freshText: String = "",
        signatureLinks: [String] = [],
        attachedMessages: [InnerMessage] = [],
        quotedHeaders: [InnerMessage] = []
    ) {
        self.from = from
        self.fromFieldCount = fromFieldCount
        self.fromDecorations = fromDecorations ?? from.map(\.name).filter { !$0.isEmpty }
        self.replyTo = replyTo
        self.to = to
        self.cc = cc
        self.bcc = bcc
        self.deliveredTo = deliveredTo
        self.messageID = messageID
        self.inReplyTo = inReplyTo
        self.references = references
        self.subject = subject
        self.authenticationResults = authenticationResults
        self.marks = marks
        self.report = report
        self.text = text ?? freshText
        self.freshText = freshText
        self.signatureLinks = signatureLinks
        self.attachedMessages = attachedMessages
        self.quotedHeaders = quotedHeaders
    }

    package var recipients: [Correspondent] { to + cc + bcc }

    /// What the fields say of how the message came to be sent (MATCHING §4).
    package struct Marks: Hashable, Sendable {
        /// A List-Id, a List-Unsubscribe, or Precedence `bulk` or `list`.
        package var isBulk: Bool
        /// Auto-Submitted other than `no`, Precedence `auto_reply`, or an X-Autoreply.
        package var isAutomaticReply: Bool

        package init(isBulk: Bool = false, isAutomaticReply: Bool = false) {
            self.isBulk = isBulk
            self.isAutomaticReply = isAutomaticReply
        }
    }

    /// A delivery report or read receipt (RFC 3464, RFC 8098).
    package struct Report: Hashable, Sendable {
        /// The Message-ID of the message it reports on, from the report or the attached original.
        package var originalID: String?
        package var failedRecipients: [Address]

        package init(originalID: String? = nil, failedRecipients: [Address] = []) {
            self.originalID = originalID
            self.failedRecipients = failedRecipients
        }
    }

    /// A message inside the message: attached, or told by the header block above it.
    package struct InnerMessage: Hashable, Sendable {
        package var from: [Address]
        package var subject: String?
        /// Whether something says that it was forwarded, not answered.
        package var isForwarded: Bool

        package init(from: [Address], subject: String? = nil, isForwarded: Bool = true) {
            self.from = from
            self.subject = subject
            self.isForwarded = isForwarded
        }
    }
}
