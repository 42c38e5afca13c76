package import Base
package import Campaigns
package import Triage

/// All that policy may know of one outbound message; made once, then rules only read it.
///
/// One message may address several creators; a condition holds if it holds for any of them
/// (DESIGN §3).
package struct Facts: Sendable {
    /// What a recipient is to the brand.
    package enum RecipientKind: String, Hashable, Sendable, CaseIterable {
        /// At one of the brand's own domains.
        case `internal`
        case creator
        case agency
        /// A platform or marketplace.
        case platform
        case unknown
    }

    /// One envelope recipient.
    package struct Recipient: Hashable, Sendable {
        package var kind: RecipientKind
        package var domain: String

        package init(kind: RecipientKind, domain: String) {
            self.kind = kind
            self.domain = domain
        }
    }

    /// What a message is beside its text.
    package enum Form: String, Hashable, Sendable, CaseIterable {
        case ordinary
        /// An answer to an invitation (RFC 5546 REPLY).
        case calendarAnswer = "calendar-answer"
        /// A receipt (RFC 8098).
        case receipt
    }

    /// A part that is not the message's text.
    package struct Attachment: Hashable, Sendable {
        /// Lower case; empty where none is given.
        package var name: String
        /// `type/subtype` in lower case.
        package var mediaType: String
        /// Bytes when decoded.
        package var size: Int

        package init(name: String = "", mediaType: String = "application/octet-stream", size: Int = 0) {
            self.name = name.lowercased()
            self.mediaType = mediaType
            self.size = size
        }
    }

    package var now: Timestamp
    /// When the author handed it in: `now`, until it is judged again.
    package var submittedAt: Timestamp
    package var sender: MemberID
    package var senderGroups: Set<String>
    package var recipients: [Recipient]
    /// The campaign that it is judged under.
    package var campaign: CampaignID?
    package var collaborators: [Collaborator]
    package var channel: Channel
    /// Whether the message answers in a thread of a creator.
    package var isInCreatorThread: Bool
    /// What it is taken for by its parts: one, where it is nothing else beside.
    package var forms: Set<Form>
    package var subject: String
    /// What the author newly wrote.
    package var text: String
    /// Subject and text, made ready for finding phrases; `nil` leaves that to the first rule that asks.
    package var searched: SearchedText?
    package var amounts: [Money]
    package var terms: [ReadTerm]
    /// What the text asks for.
    package var requests: Set<DataKind>
    package var attachments: [Attachment]
    /// The template whose text this is, unchanged.
    package var template: TemplateID?
    /// Texts that a reader may see in the place of `text`, and which say something else: what only one of
    /// them says is not certain.
    package var alternatives: [Said]
    /// Texts that somebody may come to read: hidden ones, files, messages inside.
    ///
    /// They only restrict (INV-7).
    package var asides: [Said]
    /// Whether nobody can tell what a reader sees, so that nothing that is said is certain.
    package var isShownInDoubt: Bool
    /// Why some of it could not be read: anything may stand there.
    package var unread: [String]
    /// A card, a notice or a header block of ours is in it (INV-4).
    package var hasInternalContent: Bool
    package var calendar: WorkCalendar
    /// How long everything may be taken back.
    package var undoTime: Duration

    package init(
        now: Timestamp,
        submittedAt: Timestamp? = nil,
        sender: MemberID,
        senderGroups: Set<String> = [],
        recipients: [Recipient],
        campaign: CampaignID? = nil,
        collaborators: [Collaborator] = [],
        channel: Channel = .email,
        isInCreatorThread: Bool = false,
        form: Form = .ordinary,
        subject: String = "",
        text: String = "",
        searched: SearchedText? = nil,
        amounts: [Money] = [],
        terms: [ReadTerm] = [],
        requests: Set<DataKind> = [],
        attachments: [Attachment] = [],
        template: TemplateID? = nil,
        alternatives: [Said] = [],
        asides: [Said] = [],
        isShownInDoubt: Bool = false,
        unread: [String] = [],
        hasInternalContent: Bool = false,
        calendar: WorkCalendar = WorkCalendar(),
        undoTime: Duration = .zero
    ) {
        self.now = now
        self.submittedAt = submittedAt ?? now
        self.sender = sender
        self.senderGroups = senderGroups
        self.recipients = recipients
        self.campaign = campaign
        self.collaborators = collaborators
        self.channel = channel
        self.isInCreatorThread = isInCreatorThread
        forms = [form]
        self.subject = subject
        self.text = text
        self.searched = searched
        self.amounts = amounts
        self.terms = terms
        self.requests = requests
        self.attachments = attachments
        self.template = template
        self.alternatives = alternatives
        self.asides = asides
        self.isShownInDoubt = isShownInDoubt
        self.unread = unread
        self.hasInternalContent = hasInternalContent
        self.calendar = calendar
        self.undoTime = undoTime
    }

    /// What its readers see first; folded only where some rule looks for words.
    func main(isSearched: Bool) -> Said {
        Said(
            searched: searched ?? SearchedText(isSearched ? [subject, text] : []),
            amounts: amounts,
            terms: terms,
            requests: requests,
            template: template
        )
    }

    /// The names of its files, which only restrict.
    var names: Said? {
        let names = attachments.map(\.name).filter { !$0.isEmpty }
        return names.isEmpty ? nil : Said(searched: SearchedText(names))
    }

    /// Whether anybody outside would read it.
    package var leavesTheHouse: Bool { recipients.contains { $0.kind != .internal } }
}
