internal import Base
internal import IMAPServer
internal import IMAPWire
internal import Message
internal import Text

// A message: structure, envelope, every section, decoded and readable text, and what edits it.

extension FuzzEntry {
    static let mime = FuzzEntry("mime") { bytes throws(FuzzFinding) in
        let message = ParsedMessage(bytes)
        let feeds = bytes.count { $0 == ASCII.lf }
        // Lines that are no fields up to the end are read by the header that breaks off there, by that of the
        // message inside it, and as its body; having no fields, that one holds no further message.
        try require(message.linesRead <= 3 * feeds + 3, "\(message.linesRead) lines read of \(feeds)")
        try checkWhole(message)
        try checkPart(message.root, at: [], in: message)
        try checkWire(message)
        try checkReading(message)
        try checkEdits(message)
    }

    // MARK: Sections

    private static func checkWhole(_ message: ParsedMessage) throws(FuzzFinding) {
        let header = message.section(.header, at: []) ?? []
        let text = message.section(.text, at: []) ?? []
        try require(header + text == message.bytes, "HEADER and TEXT are not the message")
        try require(message.section(.whole, at: []) == message.bytes, "BODY[] is not the message")
        try require(Header(message.bytes).range == message.header.range, "the header alone ends elsewhere")
        let names = Array(Set(message.header.map(\.name)))
        let emptyLine = message.header.fields(named: [])
        try require(message.header.fields(named: [], excluding: true) == header, "NOT of none is not HEADER")
        for some in [names, Array(names.prefix(1))] {
            let asked = message.header.fields(named: some).count
            let others = message.header.fields(named: some, excluding: true).count
            try require(asked + others == header.count + emptyLine.count, "FIELDS and NOT are not HEADER")
        }
    }

    private static func checkPart(_ part: MIMEPart, at path: [Int], in message: ParsedMessage) throws(FuzzFinding) {
        try require(part.header.range.upperBound <= part.body.lowerBound, "\(path): header in the body")
        try require(part.body.upperBound <= message.bytes.count, "\(path): behind the end")
        let feeds = message.bytes[part.body].count { $0 == ASCII.lf }
        try require(part.lines == feeds, "\(path): \(part.lines) lines, \(feeds) line feeds")
        if !path.isEmpty {
            let body = message.section(.whole, at: path)
            try require(body?.count == part.octets, "\(path): \(body?.count ?? -1) octets, told \(part.octets)")
            let header = message.section(.mime, at: path)
            try require(header == Array(message.bytes[part.header.range]), "\(path): MIME")
        }
        _ = (part.disposition, part.languages, part.fileName, part.location, part.id, part.md5, part.description)
        try checkDecoding(part, at: path, in: message)
        var position = part.body.lowerBound
        for (index, child) in part.parts.enumerated() {
            try require(child.range.lowerBound >= position, "\(path): part \(index + 1) begins in the one before")
            try require(child.range.upperBound <= part.body.upperBound, "\(path): part \(index + 1) ends outside")
            position = child.range.upperBound
            try checkPart(child, at: path + [index + 1], in: message)
        }
        if let inner = part.message { try checkMessage(inner, in: part, at: path, of: message) }
    }

    private static func checkMessage(
        _ inner: MIMEPart,
        in part: MIMEPart,
        at path: [Int],
        of message: ParsedMessage
    ) throws(FuzzFinding) {
        try require(inner.range == part.body, "\(path): the message inside is not the body")
        // A message that is a message is its own part 1.
        let numbers = path.isEmpty ? [1] : path
        let header = message.section(.header, at: numbers) ?? []
        let text = message.section(.text, at: numbers) ?? []
        try require(header + text == Array(message.bytes[part.body]), "\(numbers): HEADER and TEXT")
        if case .multipart(let parts) = inner.content {
            for (index, child) in parts.enumerated() {
                try checkPart(child, at: numbers + [index + 1], in: message)
            }
        } else {
            try checkPart(inner, at: numbers + [1], in: message)
        }
    }

    // MARK: Decoding

    private static func checkDecoding(
        _ part: MIMEPart,
        at path: [Int],
        in message: ParsedMessage
    ) throws(FuzzFinding) {
        let body = message.bytes[part.body]
        let whole = message.decodedBody(of: part)
        try require(whole.count <= body.count, "\(path): decoded, it is longer")
        var decoder = TransferDecoder(part.encoding)
        var start = body.startIndex
        var step = 1
        while start < body.endIndex {
            let end = min(start + step, body.endIndex)
            decoder.append(body[start..<end])
            start = end
            step = step % 7 + 1
        }
        decoder.finish()
        try require(decoder.output == whole, "\(path): decoded in pieces, it is another text")
        let half = whole.count / 2
        let cut = message.decodedBody(of: part, limit: half)
        try require(cut == Array(whole.prefix(half)), "\(path): the limit changes what is decoded")
    }

    // MARK: The wire

    private static func checkWire(_ message: ParsedMessage) throws(FuzzFinding) {
        let envelope = IMAPWire.Envelope(message.header)
        let structure = BodyStructure(message.root)
        var writer = WireWriter()
        writer.response(.fetch(1, [.envelope(envelope), .bodyStructure(structure), .body(structure)]))
        var framer = Framer(reader: .client, lineLimit: .max)
        framer.append(writer.takeBytes())
        while true {
            switch framer.next() {
            case .literal: framer.accept()
            case .frame(let frame):
                try checkResponse(frame, envelope, structure, hasNUL: message.bytes.contains(ASCII.nul))
                try require(framer.next() == .incomplete, "the response is more than one line")
                return
            case .incomplete, .spoiled, .lineTooLong: throw FuzzFinding("the response is no line")
            }
        }
    }

    private static func checkResponse(
        _ frame: Frame,
        _ envelope: IMAPWire.Envelope,
        _ structure: BodyStructure,
        hasNUL: Bool
    ) throws(FuzzFinding) {
        let response: Response
        do {
            response = try ResponseParser.parse(frame)
        } catch {
            throw FuzzFinding("the response cannot be read: \(error)")
        }
        guard case .fetch(1, let values) = response, values.count == 3 else {
            throw FuzzFinding("the response is another one")
        }
        // A NUL goes over the wire as another octet.
        guard !hasNUL else { return }
        try require(values[0] == .envelope(envelope), "ENVELOPE reads differently")
        try require(values[1] == .bodyStructure(structure), "BODYSTRUCTURE reads differently")
    }

    // MARK: Text and edits

    private static func checkReading(_ message: ParsedMessage) throws(FuzzFinding) {
        let header = message.header
        _ = (header.messageID, header.inReplyTo, header.references, header.date)
        for field in header { _ = field.text }
        _ = AuthenticationResults.first(in: header, authservID: "x.example")
        _ = AutomaticMarks(header)
        _ = DeliveryReport(message)
        _ = message.attachments
        // What judging reads is never less than what reading shows.
        let every = message.everyText()
        let readable = message.readableText(limit: 4096)
        let isEmpty = readable.text.allSatisfy { $0.isWhitespace }
        try require(isEmpty || !every.texts.isEmpty || !every.unread.isEmpty, "a text that is not judged")
        let split = FreshText(readable.text, subject: header.text("Subject") ?? "")
        let lines = readable.text.utf8.count { $0 == ASCII.lf } + 1
        try require(split.lines.count == lines, "\(split.lines.count) lines of \(lines)")
    }

    private static func checkEdits(_ message: ParsedMessage) throws(FuzzFinding) {
        let ours = FieldSelection(prefixes: ["Greenroom-"])
        let edited = message.removingFields(ours, fromAttachedMessages: ours)
        try require(edited.bytes.count <= message.bytes.count || edited.removed > 0, "longer, with nothing removed")
        if edited.removed == 0 { try require(edited.bytes == message.bytes, "changed, with nothing removed") }
        let again = ParsedMessage(edited.bytes)
        let remains = again.header.contains { $0.hasNamePrefix("Greenroom-") }
        try require(edited.isCutShort || !remains, "a field of ours remains")
        let plain = ParsedMessage(message.withoutBinaryParts)
        try require(message.isCutShort || plain.root.hasSameShape(as: message.root), "base 64 changes the structure")
    }
}

extension MIMEPart {
    fileprivate func hasSameShape(as other: MIMEPart) -> Bool {
        guard mediaType.name == other.mediaType.name, content.parts.count == other.content.parts.count else {
            return false
        }
        return zip(content.parts, other.content.parts).allSatisfy { $0.hasSameShape(as: $1) }
    }
}
