internal import IMAPWire
internal import Message

/// The bytes of one message while its FETCH line is written; taken apart at most once.
struct FetchedMessage {
    let content: EditionContent
    private var parsedHeader: Header?
    private var parsedMessage: ParsedMessage?

    init(_ content: EditionContent) { self.content = content }

    var isComplete: Bool { content.bytes.count == content.size }

    mutating func header() -> Header {
        if let parsedMessage { return parsedMessage.header }
        if let parsedHeader { return parsedHeader }
        let header = Header(content.bytes)
        parsedHeader = header
        return header
    }

    mutating func message() -> ParsedMessage {
        if let parsedMessage { return parsedMessage }
        let message = ParsedMessage(content.bytes)
        parsedMessage = message
        return message
    }

    /// The octets of a section; `nil` where the message has none such.
    mutating func octets(of section: SectionSpec) -> [UInt8]? {
        let path = section.path.map { Int($0) }
        switch section.content {
        case .all where path.isEmpty: return content.bytes
        case .all: return message().section(.whole, at: path)
        case .header where path.isEmpty: return header().rawBytes
        case .header: return message().section(.header, at: path)
        case .text: return message().section(.text, at: path)
        case .mime: return message().section(.mime, at: path)
        case .headerFields(let names): return header(at: path)?.fields(named: names)
        case .headerFieldsNot(let names): return header(at: path)?.fields(named: names, excluding: true)
        }
    }

    private mutating func header(at path: [Int]) -> Header? {
        path.isEmpty ? header() : message().root.part(at: path)?.message?.header
    }
}
