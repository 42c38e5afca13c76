internal import Base
internal import Message

/// How folded texts are cut into words for the index.
///
/// A text without any of the signs that cut is in a piece exactly if it is in one of its words;
/// so the list of distinct words, which is far shorter than the mail, answers for it.
struct Words: Sendable {
    private let cuts: [Bool]

    private init(_ signs: String) {
        var cuts = [Bool](repeating: false, count: 256)
        for byte in 0...0x20 { cuts[byte] = true }
        for byte in signs.utf8 { cuts[Int(byte)] = true }
        self.cuts = cuts
    }

    /// In the fields that hold addresses and subjects an address is one word.
    private static let ofFields = Self("<>\"(),;:")
    /// Elsewhere identifiers and links are cut, so that what is unique in them stands alone.
    private static let ofTexts = Self("<>\"(),;:[]{}|\\@=/?&*#%+!")

    static func of(_ place: SearchPlace) -> Self {
        switch place {
        case .from, .to, .cc, .bcc, .subject: ofFields
        case .header, .body: ofTexts
        }
    }

    /// Lends each word of a piece.
    func scan(_ piece: [UInt8], _ body: (ArraySlice<UInt8>) -> Void) {
        var start = 0
        for (index, byte) in piece.enumerated() where cuts[Int(byte)] {
            if start < index { body(piece[start..<index]) }
            start = index + 1
        }
        if start < piece.count { body(piece[start...]) }
    }

    /// A part of a text that is searched for, and how it stands in a word that it is found in.
    struct Part: Hashable {
        enum Fit: Hashable { case inside, end, whole, start }

        let bytes: [UInt8]
        let fit: Fit
    }

    /// The parts of a text; one `inside` where no sign cuts it.
    func parts(of text: [UInt8]) -> [Part] {
        var parts: [Part] = []
        scan(text) { word in
            let isFirst = word.startIndex == 0
            let isLast = word.endIndex == text.count
            let fit: Part.Fit = isFirst ? (isLast ? .inside : .end) : (isLast ? .start : .whole)
            parts.append(Part(bytes: Array(word), fit: fit))
        }
        return parts
    }
}

/// One or two letters in a row, as they stand in a piece with all its signs and blanks.
enum LetterPairs {
    /// The key of a text of one or two scalars; nil for others.
    static func key(_ text: [UInt8]) -> Int64? {
        var scalars = Scalars(text)
        guard let first = scalars.next() else { return nil }
        guard let second = scalars.next() else { return key(first) }
        return scalars.next() == nil ? key(first, second) : nil
    }

    /// Which letters and pairs of ASCII have been met.
    struct Seen {
        private var bits = [UInt64](repeating: 0, count: 128 * 2 + 2)

        /// Notes one; whether it is new.
        fileprivate mutating func insert(_ index: Int) -> Bool {
            let bit: UInt64 = 1 << UInt64(index & 63)
            guard bits[index >> 6] & bit == 0 else { return false }
            bits[index >> 6] |= bit
            return true
        }
    }

    /// Lends the keys of a piece: each letter and each pair; those of ASCII once for one `seen`.
    static func scan(_ piece: [UInt8], unless seen: inout Seen, _ body: (Int64) -> Void) {
        var scalars = Scalars(piece)
        var last: UInt32?
        while let scalar = scalars.next() {
            if scalar >= 0x80 || seen.insert(128 * 128 + Int(scalar)) { body(key(scalar)) }
            if let last, last | scalar >= 0x80 || seen.insert(Int(last) << 7 | Int(scalar)) { body(key(last, scalar)) }
            last = scalar
        }
    }

    /// The keys of the pairs of a text.
    static func pairs(of text: [UInt8]) -> [Int64] {
        var keys: [Int64] = []
        var scalars = Scalars(text)
        var last: UInt32?
        while let scalar = scalars.next() {
            if let last { keys.append(key(last, scalar)) }
            last = scalar
        }
        return keys
    }

    // Negative, since words have positive numbers; a scalar has 21 bits.
    private static func key(_ first: UInt32, _ second: UInt32) -> Int64 {
        -(Int64(first) << 22 | Int64(second) << 1 | 1) - 1
    }

    private static func key(_ only: UInt32) -> Int64 { -(Int64(only) << 22) - 1 }
}

/// The scalars of UTF-8 that is known to be valid.
struct Scalars {
    private let bytes: [UInt8]
    private var index = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    mutating func next() -> UInt32? {
        guard index < bytes.count else { return nil }
        let lead = bytes[index]
        index += 1
        guard lead >= 0x80 else { return UInt32(lead) }
        let length = lead < 0xE0 ? 1 : lead < 0xF0 ? 2 : 3
        var value = UInt32(lead & (0x3F >> UInt8(length)))
        var count = 0
        while count < length, index < bytes.count {
            value = value << 6 | UInt32(bytes[index] & 0x3F)
            index += 1
            count += 1
        }
        return value
    }

    /// How many there are, counted up to a limit.
    static func count(_ bytes: some Sequence<UInt8>, upTo limit: Int) -> Int {
        var count = 0
        for byte in bytes where byte & 0xC0 != 0x80 {
            count += 1
            if count == limit { break }
        }
        return count
    }
}
