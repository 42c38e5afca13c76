internal import Base

/// What is parsed of a message once, when it comes in, and answered from for ever: ENVELOPE and
/// BODYSTRUCTURE as they stand on the wire, and what SORT, THREAD and PREVIEW ask for.
///
/// One sequence of bytes, so that keeping it, reading it and answering from it copy and no more: the
/// version, marks, the sent date, the ends of the parts, then the parts. It is the same for all
/// editions of a message: a header block adds fields that none of this shows.
package struct MessageStructure: Sendable {
    /// What a better parser raises, so that everything is made again.
    package static let version: UInt8 = 2

    /// In the order in which they stand in the bytes.
    enum Part: Int, CaseIterable {
        /// The value of ENVELOPE.
        case envelope
        /// The value of BODYSTRUCTURE, and of BODY, which has no extension data.
        case bodyStructure
        case body
        // What SORT compares, as `Collation` makes it (RFC 5256 §3, RFC 5957 §3).
        case subject
        case from
        case to
        case cc
        case displayFrom
        case displayTo
        /// Normalised ids (RFC 5256 §3): the message's own, and its references, each behind a line feed.
        case messageID
        case references
        /// UTF-8 (RFC 8970 §3.3).
        case preview
        /// The fields of `KeptFields` as they stand in the message.
        case fields
    }

    private struct Marks: OptionSet {
        let rawValue: UInt8
        static let hasDate = Self(rawValue: 1)
        static let isReplyOrForward = Self(rawValue: 2)
        static let keepsFields = Self(rawValue: 4)
    }

    /// As the store keeps them.
    package let bytes: [UInt8]

    /// Takes what was kept; `nil` for anything but a structure of this version.
    package init?(_ bytes: [UInt8]) {
        guard bytes.count >= Self.partsStart, bytes[0] == Self.version else { return nil }
        self.bytes = bytes
        var start = Self.partsStart
        for part in Part.allCases {
            let end = end(of: part)
            guard end >= start else { return nil }
            start = end
        }
        guard start == bytes.count else { return nil }
    }

    init(sent: Timestamp?, isReplyOrForward: Bool, keepsFields: Bool, parts: (Part) -> [UInt8]) {
        let parts = Part.allCases.map(parts)
        var marks: Marks = sent == nil ? [] : .hasDate
        if isReplyOrForward { marks.insert(.isReplyOrForward) }
        if keepsFields { marks.insert(.keepsFields) }
        var bytes = [Self.version, marks.rawValue]
        bytes.reserveCapacity(parts.reduce(Self.partsStart) { $0 + $1.count })
        Self.append(UInt64(bitPattern: sent?.milliseconds ?? 0), count: 8, to: &bytes)
        var end = Self.partsStart
        for part in parts {
            end += part.count
            Self.append(UInt64(end), count: 4, to: &bytes)
        }
        for part in parts { bytes += part }
        self.bytes = bytes
    }

    subscript(_ part: Part) -> ArraySlice<UInt8> {
        let start = part.rawValue == 0 ? Self.partsStart : end(at: part.rawValue - 1)
        return bytes[start..<end(of: part)]
    }

    /// The point in time of the Date field; `nil` where there is none that can be read.
    var sent: Timestamp? {
        guard Marks(rawValue: bytes[1]).contains(.hasDate) else { return nil }
        return Timestamp(milliseconds: Int64(bitPattern: number(at: 2, count: 8)))
    }

    /// Whether the subject is that of a reply or a forward (RFC 5256 §3 REFERENCES).
    var isReplyOrForward: Bool { Marks(rawValue: bytes[1]).contains(.isReplyOrForward) }

    /// Whether the common header fields stand in it.
    var keepsFields: Bool { Marks(rawValue: bytes[1]).contains(.keepsFields) }

    // MARK: Places

    private static let endsStart = 10
    private static let partsStart = endsStart + 4 * Part.allCases.count

    private func end(of part: Part) -> Int { end(at: part.rawValue) }

    private func end(at place: Int) -> Int { Int(number(at: Self.endsStart + 4 * place, count: 4)) }

    private func number(at offset: Int, count: Int) -> UInt64 {
        var value: UInt64 = 0
        for index in (0..<count).reversed() { value = value << 8 | UInt64(bytes[offset + index]) }
        return value
    }

    private static func append(_ number: UInt64, count: Int, to bytes: inout [UInt8]) {
        for index in 0..<count { bytes.append(UInt8(truncatingIfNeeded: number >> (8 * UInt64(index)))) }
    }
}
