internal import IMAPWire

/// What a FETCH needs of the messages it names.
struct FetchPlan {
    /// An item with what is the same for every message.
    struct Line {
        let item: FetchItem
        /// What a HEADER.FIELDS begins with that is answered from what is kept; `nil` for all others.
        let keptName: [UInt8]?

        init(_ item: FetchItem) {
            self.item = item
            guard FetchPlan.keptFields(item) != nil, case .section(let section, let partial, _) = item else {
                keptName = nil
                return
            }
            var writer = WireWriter()
            writer.sectionName(section, origin: partial?.offset)
            writer.space()
            keptName = writer.takeBytes()
        }
    }

    /// The items in the order in which they are answered.
    let items: [FetchItem]
    let lines: [Line]
    /// How much of each message has to be there to answer; nothing where the snapshot and what was
    /// parsed when the message came in will do.
    let part: EditionPart?
    /// Whether something is answered from what was parsed when the message came in.
    let usesStructure: Bool
    /// The field names of each HEADER.FIELDS that is answered from what is kept.
    let keptFields: [[String]]
    let usesSaveDate: Bool
    /// Whether the message has to be taken apart.
    let parses: Bool
    /// Whether the snapshot alone answers it.
    let isOfSnapshot: Bool
    /// Whether the whole message is wanted as it is and nothing else of its body, so that a large
    /// one may pass in slices.
    let canStream: Bool
    let setsSeen: Bool
    let tellsFlags: Bool
    /// Whether BINARY is among the items.
    let decodes: Bool

    init(_ items: [FetchItem], byUID: Bool) {
        // RFC 9051 §6.4.9: answers to UID FETCH name the UID, asked for or not.
        let all = byUID && !items.contains(.uid) ? [.uid] + items : items
        self.items = all
        lines = all.map { Line($0) }
        let needs = all.map { Self.need(of: $0) }
        part = needs.contains(.whole) || needs.contains(.stream) ? .whole : needs.contains(.header) ? .header : nil
        usesStructure = needs.contains(.structure)
        keptFields = all.compactMap { Self.keptFields($0) }
        usesSaveDate = all.contains(.saveDate)
        parses = needs.contains(.whole)
        isOfSnapshot = all.allSatisfy { [.flags, .uid, .internalDate, .size, .modSeq].contains($0) }
        canStream = needs.contains(.stream) && !needs.contains(.whole)
        setsSeen = all.contains { $0.setsSeen }
        tellsFlags = all.contains(.flags)
        decodes = all.contains { item in
            switch item {
            case .binary, .binarySize: true
            default: false
            }
        }
    }

    /// The names of a HEADER.FIELDS of the message itself that what is kept answers for.
    static func keptFields(_ item: FetchItem) -> [String]? {
        guard case .section(let section, _, _) = item, section.path.isEmpty,
            case .headerFields(let names) = section.content, KeptFields.hold(names)
        else { return nil }
        return names
    }

    private enum Need { case nothing, structure, header, stream, whole }

    private static func need(of item: FetchItem) -> Need {
        guard keptFields(item) == nil else { return .structure }
        return switch item {
        case .flags, .uid, .internalDate, .size, .modSeq, .saveDate, .emailID, .threadID: .nothing
        case .envelope, .body, .bodyStructure, .preview: .structure
        case .rfc822Header: .header
        case .rfc822: .stream
        case .rfc822Text, .binary, .binarySize: .whole
        case .section(let section, _, _):
            switch section.content {
            case .all: section.path.isEmpty ? .stream : .whole
            case .header, .headerFields, .headerFieldsNot: section.path.isEmpty ? .header : .whole
            case .text, .mime: .whole
            }
        }
    }
}
