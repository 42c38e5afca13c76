internal import Base

/// What an HTML mail can say, told apart by who sees it.
///
/// For judging mail: what is hidden, or stands for a picture, or is a tool tip, may be read by somebody; what
/// is shown is read by everybody. Nothing counts as shown where there is a doubt.
package struct HTMLLayers: Sendable, Hashable {
    /// The text of all elements, hidden or not, with what stands for pictures.
    package let all: String
    /// The text that every reader sees; `nil` where that cannot be told.
    package let shown: String?
    /// What stands beside: tool tips, comments, the title, texts of styles.
    package let asides: [String]
    /// Whether pictures stand in it, which may show anything.
    package let hasPictures: Bool
    /// Whether something in it could not be read: it is too long, or written in a way not known here.
    package let isUnread: Bool

    /// Reads the HTML up to `limit` bytes of text.
    package init(_ html: String, limit: Int) {
        var reader = HTMLReader(Array(html.utf8), limit: limit, tellsLayers: true)
        reader.read()
        all = reader.writer.text
        let layers = reader.layers
        shown = layers.flatMap { $0.isUndecided ? nil : $0.shown.text }
        asides = layers?.asides ?? []
        hasPictures = layers?.hasPictures ?? false
        isUnread = reader.writer.isFull || layers?.hasUnknownReferences == true || layers?.isOverLimit == true
    }
}

/// Gathers what is shown of an HTML mail, and what stands beside its text.
struct HTMLLayerWriter {
    private(set) var shown: HTMLTextWriter
    private(set) var asides: [String] = []
    var hasUnknownReferences = false
    private(set) var isOverLimit = false
    private(set) var hasPictures = false
    private var elements: [Open] = []
    /// Whether something stands in it of which nobody can say whether it is shown.
    private var hasDoubt = false

    private struct Open {
        let name: String
        let isHidden: Bool
        let isInline: Bool
        let color: HTMLColor
        let background: HTMLColor
    }

    init(limit: Int) {
        shown = HTMLTextWriter(limit: limit)
    }

    var isUndecided: Bool { hasDoubt || isOverLimit }

    private var isHidden: Bool { elements.last?.isHidden ?? false }

    /// Whether the innermost element stays on its line, whatever its name.
    var isOnLine: Bool { elements.last?.isInline ?? false }

    mutating func write(_ text: String) {
        if !isHidden { shown.write(text) }
    }

    mutating func lay(_ change: (inout HTMLTextWriter) -> Void) {
        if !isHidden { change(&shown) }
    }

    mutating func open(_ element: HTMLElement) {
        for text in element.asides { addAside(text) }
        if element.isUndecidable { hasDoubt = true }
        if element.isPicture { hasPictures = true }
        guard !Self.childless.contains(element.name) else { return }
        guard elements.count < Limits.htmlDepth else {
            isOverLimit = true
            return
        }
        let color = element.color ?? elements.last?.color ?? .black
        let background = element.background ?? elements.last?.background ?? .white
        elements.append(
            Open(
                name: element.name,
                isHidden: isHidden || element.isHidden || color.isLost(on: background),
                isInline: element.isInline,
                color: color,
                background: background
            )
        )
    }

    mutating func close(_ name: String) {
        guard let last = elements.last else { return }
        if last.name == name {
            elements.removeLast()
        } else if last.isHidden {
            // Browsers mend such nesting by rules of their own, and something may stay hidden.
            hasDoubt = true
        } else if let index = elements.lastIndex(where: { $0.name == name }) {
            elements.removeSubrange(index...)
        }
    }

    /// Comments are shown by programs that take their conditions for met.
    mutating func addComment(_ content: ArraySlice<UInt8>) {
        // What begins another one within it is no comment here.
        var content = Array(content)
        for index in content.indices.dropLast() where content[index] == 0x3C && content[index + 1] == 0x21 {
            content[index] = ASCII.space
        }
        var reader = HTMLReader(content, limit: Limits.readableText)
        reader.read()
        if reader.writer.isFull { isOverLimit = true }
        addAside(reader.writer.text)
    }

    mutating func addRaw(_ content: ArraySlice<UInt8>, of name: String) {
        switch name {
        case "title": addComment(content)
        case "style":
            let sheet = HTMLStyle(String(decoding: content, as: UTF8.self))
            for text in sheet.texts { addAside(text) }
            // Whom a style hides is not followed up.
            if sheet.hides || sheet.isUndecidable { hasDoubt = true }
        default: hasDoubt = true
        }
    }

    private mutating func addAside(_ text: String) {
        guard text.contains(where: { $0.isLetter || $0.isNumber }) else { return }
        guard asides.count < Limits.htmlAsides else {
            isOverLimit = true
            return
        }
        asides.append(text)
    }

    /// Elements without an end, and those that are passed over whole.
    private static let childless: Set<String> = [
        "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "script", "source",
        "style",
        "title", "track", "wbr",
    ]
}
