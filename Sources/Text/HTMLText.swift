internal import Base

/// The readable text of an HTML mail, and where its links go.
///
/// Not a browser: one pass over the bytes that drops tags, scripts and styles, breaks lines at
/// blocks, and marks what stands in a blockquote with `> ` as plain mail does. Hidden elements are
/// kept, so that nothing is shown to a reader that was not read here.
package struct HTMLText: Sendable, Hashable {
    /// A link's target as it was written, entities decoded, and the text it stands behind.
    package struct Link: Sendable, Hashable {
        package let target: String
        package let text: String

        package init(target: String, text: String) {
            self.target = target
            self.text = text
        }
    }

    /// Lines end in LF.
    package let text: String
    /// In order, at most `Limits.links`.
    package let links: [Link]
    /// Whether the limit cut the text.
    package let isCutShort: Bool

    /// Reads the HTML up to `limit` bytes of text.
    package init(_ html: String, limit: Int = Limits.readableText) {
        var reader = HTMLReader(Array(html.utf8), limit: limit)
        reader.read()
        text = reader.writer.text
        links = reader.links
        isCutShort = reader.writer.isFull
    }
}
