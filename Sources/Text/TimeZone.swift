package import Base

/// Where the clocks of a place stand: offsets from UTC through the years.
///
/// Read from the files that every system keeps (TZif, RFC 9636); a fixed offset needs none.
package struct TimeZone: Hashable, Sendable {
    /// An IANA name, or the fixed offset as it was written.
    package let name: String
    /// Where the offset changes, in seconds since 1970, rising.
    private let changes: [Int64]
    /// The offset from each change on, in seconds east of UTC.
    private let offsets: [Int]
    /// Before the first change.
    private let first: Int
    /// Behind the last change.
    private let rule: ZoneRule?

    /// The same offset for ever.
    package init(name: String, secondsEast: Int) {
        self.name = name
        changes = []
        offsets = []
        first = secondsEast
        rule = nil
    }

    package static let utc = Self(name: "UTC", secondsEast: 0)

    /// Reads `UTC`, `+02:00` or `-05:30`; `nil` for all else.
    package init?(fixed text: String) {
        if text == "UTC" {
            self = .utc
            return
        }
        let bytes = Array(text.utf8)
        guard bytes.count == 6, bytes[0] == 0x2B || bytes[0] == 0x2D, bytes[3] == 0x3A,
            [1, 2, 4, 5].allSatisfy({ ASCII.isDigit(bytes[$0]) })
        else { return nil }
        let digits = bytes.map { Int($0 & 0x0F) }
        let (hours, minutes) = (digits[1] * 10 + digits[2], digits[4] * 10 + digits[5])
        guard hours <= 14, minutes < 60 else { return nil }
        let seconds = hours * 3600 + minutes * 60
        self.init(name: text, secondsEast: bytes[0] == 0x2D ? -seconds : seconds)
    }

    /// Reads a TZif file of version 2 or later (RFC 9636 §3); `nil` where it is none.
    package init?(name: String, tzif bytes: [UInt8]) {
        guard let file = ZoneFile(bytes) else { return nil }
        self.name = name
        changes = file.changes
        offsets = file.offsets
        first = file.first
        rule = file.rule
    }

    /// Seconds east of UTC at a moment.
    package func secondsEast(at time: Timestamp) -> Int {
        let seconds = time.seconds
        guard let last = changes.last else { return rule?.secondsEast(at: seconds) ?? first }
        if seconds >= last { return rule?.secondsEast(at: seconds) ?? offsets[offsets.count - 1] }
        var (low, high) = (0, changes.count)
        while low < high {
            let middle = (low + high) / 2
            if changes[middle] <= seconds { low = middle + 1 } else { high = middle }
        }
        return low == 0 ? first : offsets[low - 1]
    }

    /// What calendar and clock show there at a moment.
    package func civil(_ time: Timestamp) -> CivilTime {
        let local = CivilTime(time.advanced(by: .seconds(secondsEast(at: time))))
        var civil = local
        civil.offset = secondsEast(at: time) / 60
        return civil
    }

    /// The moment at which calendar and clock show this there; in the hour that comes twice its first
    /// time, in the hour that is left out the moment at which it would have begun.
    package func timestamp(_ local: CivilTime) -> Timestamp {
        var plain = local
        plain.offset = 0
        let shown = plain.timestamp
        // An offset of the day before and one of the day after bracket every change.
        let before = secondsEast(at: shown.advanced(by: .seconds(-86_400)))
        let after = secondsEast(at: shown.advanced(by: .seconds(86_400)))
        let early = shown.advanced(by: .seconds(-before))
        return secondsEast(at: early) == before ? early : shown.advanced(by: .seconds(-after))
    }

    /// Whether a text may be an IANA name: what stands in a path below the zone folder.
    package static func isName(_ text: String) -> Bool {
        text.utf8.count <= 64
            && text.split(separator: "/", omittingEmptySubsequences: false).allSatisfy { part in
                guard let first = part.utf8.first, ASCII.isLetter(first) else { return false }
                return part.utf8.allSatisfy {
                    ASCII.isLetter($0) || ASCII.isDigit($0) || $0 == 0x5F || $0 == 0x2D || $0 == 0x2B
                }
            }
    }
}
