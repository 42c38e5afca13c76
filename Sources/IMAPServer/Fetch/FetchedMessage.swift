internal import IMAPWire
internal import Message

/// The bytes of one message while its FETCH line is written; taken apart at most once.
struct FetchedMessage {
    let content: EditionContent
    private var parsedHeader: Header?
    private var parsedMessage: ParsedMessage?

    init(_ content: EditionContent) { self.content = content }

    mutating func header() -> Header {
        if let parsedMessage { return parsedMessage.header }
        if let parsedHeader { return parsedHeader }
        let header = Header(content.bytes)
        parsedHeader = header
        return header
    }

    mutating func message() -> ParsedMessage {
        if let parsedMessage { return parsedMessage }
        let message = content.isComplete ? content.parsed.message(of: content.bytes) : ParsedMessage(content.bytes)
        parsedMessage = message
        return message
    }

    /// The octets of a section; `nil` where the message has none such.
    ///
    /// A slice of the message where it is one, so that a large part is not copied for each chunk of it.
    mutating func octets(of section: SectionSpec) -> ArraySlice<UInt8>? {
        let path = section.path.map { Int($0) }
        switch section.content {
        case .all where path.isEmpty: return content.bytes[...]
        case .all: return slice(.whole, at: path)
        case .header where path.isEmpty: return content.bytes[header().range]
        case .header: return slice(.header, at: path)
        case .text: return slice(.text, at: path)
        case .mime: return slice(.mime, at: path)
        case .headerFields(let names): return header(at: path)?.fields(named: names)[...]
        case .headerFieldsNot(let names): return header(at: path)?.fields(named: names, excluding: true)[...]
        }
    }

    private mutating func slice(_ text: SectionText, at path: [Int]) -> ArraySlice<UInt8>? {
        message().root.range(of: text, at: path).map { content.bytes[$0] }
    }

    private mutating func header(at path: [Int]) -> Header? {
        path.isEmpty ? header() : message().root.part(at: path)?.message?.header
    }
}
