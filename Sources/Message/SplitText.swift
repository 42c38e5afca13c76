/// The readable text of a message and what of it is new: made once, for all who read it.
package struct SplitText: Sendable {
    package let readable: ReadableText
    package let split: FreshText

    package init(_ message: ParsedMessage) {
        readable = message.readableText()
        split = FreshText(readable.text, subject: message.header.text("Subject") ?? "")
    }

    /// What the author newly wrote, without the signature.
    package var fresh: String { split.fresh }
}
