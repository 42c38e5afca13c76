package import Base

/// That a member is asked to decide on an outbound message.
package struct OpenNoticeRow: Hashable, Sendable {
    package let outbound: OutboundID
    package let member: String
    /// The letter that asks; nil where the digest does.
    package let letter: MessageID?

    package init(outbound: OutboundID, member: String, letter: MessageID?) {
        self.outbound = outbound
        self.member = member
        self.letter = letter
    }
}
