internal import Base
package import Message
package import Text

/// Reads what a message says, by the definitions of LABELS.md.
package enum Triage {
    /// Reads a parsed message.
    ///
    /// Amounts and handles come from what the author newly wrote; a subject counts where it has no
    /// prefix of a reply or forward. Mass mailings and reports say nothing (LABELS §0.8).
    package static func read(_ message: ParsedMessage) -> Reading {
        read(message, SplitText(message))
    }

    /// The same of a message whose text was split already.
    package static func read(_ message: ParsedMessage, _ text: SplitText) -> Reading {
        let marks = AutomaticMarks(message.header)
        let isReport = DeliveryReport(message) != nil
        let isMachine = marks.isAutomaticReply || isReport
        var reading = Reading(isAutomaticReply: isMachine, isBulk: marks.isBulk)
        if isMachine { reading.intents = ["auto-reply"] }
        guard !marks.isBulk, !isReport else { return reading }
        let subject = message.header.text("Subject") ?? ""
        let split = text.split
        let newSubject = SubjectLine(subject).kind == .new ? subject : ""
        let own = newSubject.isEmpty ? split.fresh : newSubject + "\n" + split.fresh
        reading.read(own, thread: split.earlier)
        // An absence note's handles are no news; its author's terms may be (LABELS §0.8).
        if !isMachine { reading.handles = HandleReader.handles(in: own + "\n" + split.signature) }
        return reading
    }

    /// Reads a text that was folded already, together with others if need be; what it may refer to gives
    /// the currency.
    ///
    /// For judging what leaves: whatever its header says it is, and however it says it.
    package static func read(text: String, folded: FoldedText, thread: String) -> Reading {
        var reading = Reading()
        reading.amounts = AmountReader.amounts(in: text, thread: thread)
        let mayHoldTerms = TermReader.mayHoldTerms(folded)
        let mayHoldRequests = RequestReader.mayHoldRequests(folded)
        guard mayHoldTerms || mayHoldRequests else { return reading }
        let sentences = Sentence.all(in: text)
        if mayHoldTerms { reading.terms = TermReader.terms(in: sentences) }
        if mayHoldRequests { reading.requests = RequestReader.requests(in: sentences) }
        return reading
    }

    /// Reads a text alone, as its author wrote it.
    package static func read(text: String) -> Reading {
        var reading = Reading()
        reading.read(text, thread: "")
        return reading
    }
}

extension Reading {
    fileprivate mutating func read(_ text: String, thread: String) {
        let read = Triage.read(text: text, folded: FoldedText(text), thread: thread)
        (amounts, terms, requests) = (read.amounts, read.terms, read.requests)
    }
}
