internal import Base

// FETCH responses (RFC 9051 §9 msg-att).
extension WireReader {
    @_lifetime(self: copy self)
    mutating func expectFetchValues() throws(IMAPSyntaxError) -> [FetchValue] {
        try expect(UInt8(ascii: "("), .list)
        var values: [FetchValue] = []
        if take(UInt8(ascii: ")")) { return values }
        repeat {
            guard values.count < Limits.imapFetchItems else { throw failure(.tooMany) }
            if let value = try expectFetchValue() { values.append(value) }
        } while takeSpace()
        try expect(UInt8(ascii: ")"), .list)
        return values
    }

    private static let nameBytes = ByteClass.alphanumerics.union(ByteClass(".-"))

    @_lifetime(self: copy self)
    private mutating func expectFetchValue() throws(IMAPSyntaxError) -> FetchValue? {
        let range = cursor.takeAll(in: Self.nameBytes)
        guard !range.isEmpty else { throw failure(.fetchItem) }
        let name = ASCII.uppercased(cursor.text(range))
        if name == "BODY", cursor.next == UInt8(ascii: "[") { return try expectSectionValue() }
        if name == "BINARY" || name == "BINARY.SIZE" { return try expectBinaryValue(isSize: name == "BINARY.SIZE") }
        try expectSpace()
        switch name {
        case "FLAGS": return .flags(try expectFlagNames())
        case "UID": return .uid(try expectPositive())
        case "INTERNALDATE": return .internalDate(try expectDateTime())
        case "RFC822.SIZE": return .size(try expectNumber64())
        case "ENVELOPE": return .envelope(try expectEnvelope())
        case "BODY": return .body(try expectStructure(depth: Limits.mimeDepth + 1))
        case "BODYSTRUCTURE": return .bodyStructure(try expectStructure(depth: Limits.mimeDepth + 1))
        case "RFC822": return .rfc822(try expectNString())
        case "RFC822.HEADER": return .rfc822Header(try expectNString())
        case "RFC822.TEXT": return .rfc822Text(try expectNString())
        case "PREVIEW": return .preview(try expectNString())
        case "SAVEDATE": return .saveDate(takeWord("NIL") ? nil : try expectDateTime())
        case "EMAILID": return .emailID(try expectObjectID())
        case "THREADID": return .threadID(takeWord("NIL") ? nil : try expectObjectID())
        case "MODSEQ":
            try expect(UInt8(ascii: "("), .list)
            let modSeq = try expectNumber64()
            try expect(UInt8(ascii: ")"), .list)
            return .modSeq(modSeq)
        default:
            try skipValue(depth: Limits.imapNesting)
            return nil
        }
    }

    @_lifetime(self: copy self)
    private mutating func expectSectionValue() throws(IMAPSyntaxError) -> FetchValue {
        let section = try expectSection()
        let origin = try takeOrigin()
        try expectSpace()
        return .section(section, origin: origin, try expectNString())
    }

    /// `BINARY[1]<0> ~{5}` or `BINARY.SIZE[1] 5` (RFC 3516 §4.3).
    @_lifetime(self: copy self)
    private mutating func expectBinaryValue(isSize: Bool) throws(IMAPSyntaxError) -> FetchValue {
        let path = try expectSectionPart()
        let origin = isSize ? nil : try takeOrigin()
        try expectSpace()
        if isSize { return .binarySize(path, try expectNumber64()) }
        return .binary(path, origin: origin, try expectNString())
    }

    @_lifetime(self: copy self)
    private mutating func takeOrigin() throws(IMAPSyntaxError) -> UInt64? {
        guard take(UInt8(ascii: "<")) else { return nil }
        let origin = try expectNumber64()
        try expect(UInt8(ascii: ">"), .section)
        return origin
    }

    // MARK: Envelope

    @_lifetime(self: copy self)
    mutating func expectEnvelope() throws(IMAPSyntaxError) -> Envelope {
        var envelope = Envelope()
        try expect(UInt8(ascii: "("), .list)
        envelope.date = try expectNString()
        try expectSpace()
        envelope.subject = try expectNString()
        try expectSpace()
        envelope.from = try expectAddresses()
        try expectSpace()
        envelope.sender = try expectAddresses()
        try expectSpace()
        envelope.replyTo = try expectAddresses()
        try expectSpace()
        envelope.to = try expectAddresses()
        try expectSpace()
        envelope.cc = try expectAddresses()
        try expectSpace()
        envelope.bcc = try expectAddresses()
        try expectSpace()
        envelope.inReplyTo = try expectNString()
        try expectSpace()
        envelope.messageID = try expectNString()
        try expect(UInt8(ascii: ")"), .list)
        return envelope
    }

    @_lifetime(self: copy self)
    private mutating func expectAddresses() throws(IMAPSyntaxError) -> [EnvelopeAddress] {
        if takeWord("NIL") { return [] }
        try expect(UInt8(ascii: "("), .list)
        var addresses: [EnvelopeAddress] = []
        while take(UInt8(ascii: "(")) {
            guard addresses.count < Limits.addresses else { throw failure(.tooMany) }
            let name = try expectNString()
            try expectSpace()
            let route = try expectNString()
            try expectSpace()
            let mailbox = try expectNString()
            try expectSpace()
            let host = try expectNString()
            try expect(UInt8(ascii: ")"), .list)
            addresses.append(EnvelopeAddress(name: name, route: route, mailbox: mailbox, host: host))
            _ = takeSpace()
        }
        try expect(UInt8(ascii: ")"), .list)
        return addresses
    }

    // MARK: Structure

    @_lifetime(self: copy self)
    mutating func expectStructure(depth: Int) throws(IMAPSyntaxError) -> BodyStructure {
        guard depth > 0 else { throw failure(.tooDeep) }
        try expect(UInt8(ascii: "("), .list)
        let structure =
            cursor.next == UInt8(ascii: "(") ? try expectMultipart(depth: depth) : try expectPart(depth: depth)
        try expect(UInt8(ascii: ")"), .list)
        return structure
    }

    @_lifetime(self: copy self)
    private mutating func expectMultipart(depth: Int) throws(IMAPSyntaxError) -> BodyStructure {
        var parts: [BodyStructure] = []
        while cursor.next == UInt8(ascii: "(") {
            guard parts.count < Limits.mimeParts else { throw failure(.tooMany) }
            parts.append(try expectStructure(depth: depth - 1))
        }
        try expectSpace()
        let subtype = try expectString()
        let parameters = takeSpace() ? try expectParameters() : []
        return .multipart(parts, subtype: subtype, parameters: parameters, try expectExtension(depth: depth))
    }

    @_lifetime(self: copy self)
    private mutating func expectPart(depth: Int) throws(IMAPSyntaxError) -> BodyStructure {
        let type = try expectString()
        try expectSpace()
        let subtype = try expectString()
        try expectSpace()
        let parameters = try expectParameters()
        try expectSpace()
        let id = try expectNString()
        try expectSpace()
        let description = try expectNString()
        try expectSpace()
        // Some servers write NIL for a missing encoding.
        let encoding = try expectNString() ?? [UInt8]("7bit")
        try expectSpace()
        var part = BodyPart(
            type: type,
            subtype: subtype,
            parameters: parameters,
            id: id,
            description: description,
            encoding: encoding,
            octets: try expectNumber()
        )
        if ASCII.equalsIgnoringCase(type, "text".utf8), takeSpace() {
            part.kind = .text(lines: try expectNumber())
        } else if ASCII.equalsIgnoringCase(type, "message".utf8), cursor.peek(1) == UInt8(ascii: "("), takeSpace() {
            let envelope = try expectEnvelope()
            try expectSpace()
            let structure = try expectStructure(depth: depth - 1)
            try expectSpace()
            part.kind = .message(envelope, structure, lines: try expectNumber())
        }
        if takeSpace() {
            part.md5 = try expectNString()
            part.additional = try expectExtension(depth: depth)
        }
        return .part(part)
    }

    @_lifetime(self: copy self)
    private mutating func expectParameters() throws(IMAPSyntaxError) -> [BodyParameter] {
        if takeWord("NIL") { return [] }
        try expect(UInt8(ascii: "("), .list)
        var parameters: [BodyParameter] = []
        if take(UInt8(ascii: ")")) { return parameters }
        repeat {
            guard parameters.count < Limits.mimeParameters else { throw failure(.tooMany) }
            let name = try expectString()
            try expectSpace()
            parameters.append(BodyParameter(name: name, value: try expectNString() ?? []))
        } while takeSpace()
        try expect(UInt8(ascii: ")"), .list)
        return parameters
    }

    /// Disposition, languages, location, and whatever may be added to them one day.
    @_lifetime(self: copy self)
    private mutating func expectExtension(depth: Int) throws(IMAPSyntaxError) -> BodyExtension {
        var result = BodyExtension()
        guard takeSpace() else { return result }
        if !takeWord("NIL") {
            try expect(UInt8(ascii: "("), .list)
            result.disposition = try expectString()
            try expectSpace()
            result.dispositionParameters = try expectParameters()
            try expect(UInt8(ascii: ")"), .list)
        }
        guard takeSpace() else { return result }
        if take(UInt8(ascii: "(")) {
            repeat { result.languages.append(try expectString()) } while takeSpace()
            try expect(UInt8(ascii: ")"), .list)
        } else if let language = try expectNString() {
            result.languages = [language]
        }
        guard takeSpace() else { return result }
        result.location = try expectNString()
        while takeSpace() { try skipValue(depth: depth) }
        return result
    }
}
