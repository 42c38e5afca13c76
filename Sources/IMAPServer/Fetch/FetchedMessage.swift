internal import IMAPWire
internal import Message

/// The bytes of one message while its FETCH line is written; taken apart at most once.
struct FetchedMessage {
    let content: EditionContent
    private var parsedHeader: Header?
    private var parsedMessage: ParsedMessage?
    /// The part that was decoded last: BINARY.SIZE and BINARY are asked for together.
    private var decoded: (path: [UInt32], octets: [UInt8])?

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

    // MARK: BINARY

    /// Whether a part's transfer encoding is one that nobody knows (RFC 3516 §4.3).
    mutating func isUndecodable(_ item: FetchItem) -> Bool {
        switch item {
        case .binary(let path, _, _), .binarySize(let path): encoding(at: path) == .unknown
        default: false
        }
    }

    /// What is to be undone to show a part; `nil` where the message has none such.
    ///
    /// The whole message, multiparts and messages inside are what they are, whatever they say of
    /// themselves (RFC 2045 §6.4).
    private mutating func encoding(at path: [UInt32]) -> TransferEncoding? {
        if path.isEmpty { return .binary }
        guard let part = message().root.part(at: path.map { Int($0) }) else { return nil }
        if case .leaf = part.content { return part.encoding }
        return .binary
    }

    /// The octets of a part with its transfer encoding undone, at least up to `limit`; `nil` where the
    /// message has none such.
    ///
    /// Long work lets others in between.
    mutating func decodedOctets(of path: [UInt32], upTo limit: Int = .max) async -> [UInt8]? {
        if let decoded, decoded.path == path { return decoded.octets }
        guard let encoding = encoding(at: path), let range = range(of: path) else { return nil }
        var decoder = TransferDecoder(encoding, limit: limit)
        var start = range.lowerBound
        while start < range.upperBound, !decoder.isFull {
            let end = min(start + Self.decodedAtOnce, range.upperBound)
            decoder.append(content.bytes[start..<end])
            start = end
            if start < range.upperBound { await Task.yield() }
        }
        decoder.finish()
        if limit == .max { decoded = (path, decoder.output) }
        return decoder.output
    }

    /// Octets that are decoded before others on the loop have their turn.
    private static let decodedAtOnce = 512 * 1024

    private mutating func range(of path: [UInt32]) -> Range<Int>? {
        path.isEmpty ? content.bytes.indices : message().root.range(of: .whole, at: path.map { Int($0) })
    }

    private mutating func header(at path: [Int]) -> Header? {
        path.isEmpty ? header() : message().root.part(at: path)?.message?.header
    }
}
