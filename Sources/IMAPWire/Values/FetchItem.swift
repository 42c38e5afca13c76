/// One thing that FETCH asks for (RFC 9051 §6.4.5).
package enum FetchItem: Hashable, Sendable {
    case flags
    case uid
    case internalDate
    case size
    case envelope
    /// BODY without section: the structure without extension data.
    case body
    case bodyStructure
    case rfc822
    case rfc822Header
    case rfc822Text
    case section(SectionSpec, partial: PartialRange?, peek: Bool)
    /// BINARY: a part with its transfer encoding undone (RFC 3516 §4.2).
    case binary([UInt32], partial: PartialRange?, peek: Bool)
    case binarySize([UInt32])
    case modSeq
    /// The first words of the text; with `isLazy` only where they cost nothing (RFC 8970).
    case preview(isLazy: Bool)
    /// When the message was saved in this mailbox (RFC 8514).
    case saveDate
    // RFC 8474 §5.3.
    case emailID
    case threadID

    /// RFC 9051 §6.4.5 FAST, ALL and FULL.
    package static let fast: [Self] = [.flags, .internalDate, .size]
    package static let all: [Self] = fast + [.envelope]
    package static let full: [Self] = all + [.body]

    /// Whether asking for it marks the message as seen.
    package var setsSeen: Bool {
        switch self {
        case .rfc822, .rfc822Text: true
        case .section(_, _, let peek), .binary(_, _, let peek): !peek
        default: false
        }
    }
}
