/// The one cursor over bytes: every parser of the house reads through it.
///
/// `take…` answers whether it could, `expect…` belongs to the grammars, which throw their own
/// errors with `offset`. Nothing is copied until `copy`, nothing is allocated, and going back is
/// setting `offset` to a value that was read before.
package struct ByteCursor: ~Escapable {
    package let bytes: Span<UInt8>
    /// Where the next byte is read, from 0 up to `bytes.count`.
    package var offset: Int

    @_lifetime(copy bytes)
    package init(_ bytes: Span<UInt8>, at offset: Int = 0) {
        self.bytes = bytes
        self.offset = offset
    }

    package var isAtEnd: Bool { offset >= bytes.count }

    package var remaining: Int { bytes.count - offset }

    /// The next byte, left where it is.
    @inline(__always)
    package var next: UInt8? {
        offset < bytes.count ? bytes[offset] : nil
    }

    /// The byte `distance` places behind the next one.
    package func peek(_ distance: Int) -> UInt8? {
        let index = offset + distance
        return index < bytes.count ? bytes[index] : nil
    }

    @inline(__always)
    @_lifetime(self: copy self)
    package mutating func take() -> UInt8? {
        guard offset < bytes.count else { return nil }
        defer { offset &+= 1 }
        return bytes[offset]
    }

    @inline(__always)
    @_lifetime(self: copy self)
    package mutating func take(_ byte: UInt8) -> Bool {
        guard offset < bytes.count, bytes[offset] == byte else { return false }
        offset &+= 1
        return true
    }

    /// Takes one byte of the class.
    @_lifetime(self: copy self)
    package mutating func take(in class: ByteClass) -> UInt8? {
        guard offset < bytes.count, `class`.contains(bytes[offset]) else { return nil }
        defer { offset &+= 1 }
        return bytes[offset]
    }

    /// Takes the longest run of bytes in the class; the range is empty where there is none.
    @_lifetime(self: copy self)
    package mutating func takeAll(in class: ByteClass) -> Range<Int> {
        let start = offset
        while offset < bytes.count, `class`.contains(bytes[offset]) { offset &+= 1 }
        return start..<offset
    }

    /// Takes everything before the next `byte`, or to the end where there is none.
    @_lifetime(self: copy self)
    package mutating func takeUntil(_ byte: UInt8) -> Range<Int> {
        let start = offset
        while offset < bytes.count, bytes[offset] != byte { offset &+= 1 }
        return start..<offset
    }

    /// Takes `count` bytes, or nothing where fewer are left.
    @_lifetime(self: copy self)
    package mutating func take(count: Int) -> Range<Int>? {
        guard count >= 0, count <= remaining else { return nil }
        defer { offset &+= count }
        return offset..<(offset + count)
    }

    /// Takes exactly this ASCII text, letter case aside.
    @_lifetime(self: copy self)
    package mutating func takeKeyword(_ keyword: StaticString) -> Bool {
        let count = keyword.utf8CodeUnitCount
        guard count <= remaining else { return false }
        var index = offset
        for expected in keyword.description.utf8 {
            guard ASCII.lowercased(bytes[index]) == ASCII.lowercased(expected) else { return false }
            index &+= 1
        }
        offset = index
        return true
    }

    /// Takes decimal digits as a number; nothing is taken where there is no digit or the number
    /// is over `maximum`.
    @_lifetime(self: copy self)
    package mutating func takeNumber(upTo maximum: UInt64 = .max) -> UInt64? {
        var value: UInt64 = 0
        var index = offset
        while index < bytes.count, ASCII.isDigit(bytes[index]) {
            let (shifted, tooLarge) = value.multipliedReportingOverflow(by: 10)
            let (sum, carried) = shifted.addingReportingOverflow(UInt64(bytes[index] & 0x0F))
            guard !tooLarge, !carried, sum <= maximum else { return nil }
            value = sum
            index &+= 1
        }
        guard index > offset else { return nil }
        offset = index
        return value
    }

    /// The bytes of a range, copied out.
    package func copy(_ range: Range<Int>) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(range.count)
        for index in range { result.append(bytes[index]) }
        return result
    }

    /// The text of a range; what is not UTF-8 becomes U+FFFD.
    package func text(_ range: Range<Int>) -> String {
        String(decoding: copy(range), as: UTF8.self)
    }
}
