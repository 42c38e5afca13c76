/// The kinds of events; the names stand in the chain and never change.
package enum EventKind: String, Hashable, Sendable, CaseIterable {
    /// A message was attached to creator and campaign, or left open, with the reason.
    case attached = "message.attached"
    /// A person attached an open message.
    case attachedByHand = "message.attached-by-hand"
    /// A message was put away: dismissed from a view, or filed from INBOX.
    case dismissed = "message.dismissed"
    /// An address was learnt for a creator.
    case addressLearnt = "creator.address-learnt"
    /// What was learnt of an address was taken back.
    case addressForgotten = "creator.address-forgotten"
    /// A conversation began.
    case conversationOpened = "conversation.opened"
    case stageChanged = "conversation.stage-changed"
    case assigned = "conversation.assigned"
    case noteKept = "conversation.note-kept"
    /// The creator's side wrote something that counts as a reply.
    case heard = "conversation.heard"
    /// Something of ours left for the creator.
    case wrote = "conversation.wrote"

    /// A message was submitted; the event holds envelope, hashes and verdict.
    case submitted = "outbound.submitted"
    /// A corrected version took the place of the one before; approvals of that one lapse.
    case corrected = "outbound.corrected"
    /// Somebody took it on to look at it, or gave it to a colleague; nobody's right changed.
    case claimed = "outbound.claimed"
    case approved = "outbound.approved"
    case rejected = "outbound.rejected"
    /// A decision was taken back within the undo time.
    case takenBack = "outbound.taken-back"
    /// The undo time of a rejection is over.
    case settled = "outbound.settled"
    case withdrawn = "outbound.withdrawn"
    case canceled = "outbound.canceled"
    case superseded = "outbound.superseded"
    case expired = "outbound.expired"
    /// A comment by author or approver; nothing changed.
    case commented = "outbound.commented"
    /// Somebody asked for what they may not do, or too late; nothing changed.
    case refused = "outbound.refused"
    /// Judged again, with a stricter outcome.
    case judgedAgain = "outbound.judged-again"
    /// Something changed meanwhile: it waits again, and earlier approvals lapse.
    case heldAgain = "outbound.held-again"
    /// Nobody decided in time: others were asked as well.
    case escalated = "outbound.escalated"
    /// Its author left: another member answers for it.
    case handedOver = "outbound.handed-over"
    /// The undo time and every not-before have passed: the relay may send it.
    case released = "outbound.released"
    /// The smarthost took it for these recipients.
    case relayed = "outbound.relayed"
    /// The smarthost refused it for good for these recipients.
    case bounced = "outbound.bounced"
    /// The author was told that it is still on its way.
    case delayed = "outbound.delayed"
    /// Put on hold in the relay's queue, by an operator or since its stored bytes are damaged.
    case queueHeld = "outbound.queue-held"
    /// The relay may try it again, at once.
    case queueRetried = "outbound.queue-retried"
    /// Taken out of the relay's queue: whoever has not got it gets nothing.
    case dropped = "outbound.dropped"
    /// Mail that left around the gateway was found.
    case sentOutside = "outbound.sent-outside"

    case configurationAccepted = "configuration.accepted"
    case restored = "store.restored"
}
