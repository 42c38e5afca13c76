internal import Base

/// The line ends of a message, which must be CRLF (RFC 5322 §2.3).
package struct LineEnds: Sendable, Hashable {
    /// LF without CR before it.
    package let bareLF: Int
    /// CR without LF behind it.
    package let bareCR: Int
    package let nul: Int

    /// Counts what is wrong.
    package init(_ bytes: [UInt8]) {
        var bareLF = 0
        var bareCR = 0
        var nul = 0
        var previous: UInt8 = 0
        for byte in bytes {
            if byte == ASCII.lf, previous != ASCII.cr { bareLF += 1 }
            if previous == ASCII.cr, byte != ASCII.lf { bareCR += 1 }
            if byte == ASCII.nul { nul += 1 }
            previous = byte
        }
        if previous == ASCII.cr { bareCR += 1 }
        self.bareLF = bareLF
        self.bareCR = bareCR
        self.nul = nul
    }

    /// Whether every line ends in CRLF and no NUL stands anywhere.
    package var areCanonical: Bool { bareLF == 0 && bareCR == 0 && nul == 0 }

    /// The bytes with every bare LF made CRLF; bare CR and NUL stay.
    package static func canonical(_ bytes: [UInt8]) -> [UInt8] {
        let found = Self(bytes)
        guard found.bareLF > 0 else { return bytes }
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count + found.bareLF)
        var previous: UInt8 = 0
        for byte in bytes {
            if byte == ASCII.lf, previous != ASCII.cr { result.append(ASCII.cr) }
            result.append(byte)
            previous = byte
        }
        return result
    }
}
