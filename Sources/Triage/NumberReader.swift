/// A number in a text, as people of many countries write it.
struct WrittenNumber {
    /// In scalars of the text.
    let range: Range<Int>
    /// In thousandths.
    let thousandths: Int64
    /// Whether a separator could be of thousands or of decimals: `1.250`.
    let isOpen: Bool
}

enum NumberReader {
    /// The number that begins at a digit; `nil` where the digits are a date, a telephone number or
    /// another thing with separators no number has.
    static func number(in text: [Unicode.Scalar], at start: Int) -> (number: WrittenNumber?, end: Int) {
        var groups: [String] = [""]
        var separators: [Unicode.Scalar] = []
        var index = start
        while index < text.count {
            if let digit = digit(text[index]) {
                groups[groups.count - 1].append(digit)
                index += 1
                continue
            }
            guard isSeparator(text[index]), index + 1 < text.count, digit(text[index + 1]) != nil else { break }
            // A blank groups only three digits, behind one to three.
            if isBlank(text[index]), !isGroup(text, index + 1) || groups[groups.count - 1].count > 3 { break }
            separators.append(text[index])
            groups.append("")
            index += 1
        }
        guard groups.joined().count <= 15, let value = value(groups, separators) else { return (nil, index) }
        let isOpen = separators.count == 1 && groups[1].count == 3 && !isBlank(separators[0])
        return (WrittenNumber(range: start..<index, thousandths: value, isOpen: isOpen), index)
    }

    private static func value(_ groups: [String], _ separators: [Unicode.Scalar]) -> Int64? {
        guard let first = groups.first, !separators.isEmpty else { return thousandths(groups[0], "") }
        let kinds = Set(separators)
        let last = separators[separators.count - 1]
        let isMark = last == "." || last == ","
        if kinds.count == 1 {
            if separators.count == 1, isMark, groups[1].count != 3 || first == "0" || first.isEmpty {
                return groups[1].count <= 3 ? thousandths(first, groups[1]) : nil
            }
            return grouped(groups[...]).flatMap { thousandths($0, "") }
        }
        // Two kinds: the last one is the decimal mark, and stands once.
        guard kinds.count == 2, isMark, separators.filter({ $0 == last }).count == 1 else { return nil }
        return grouped(groups.dropLast()).flatMap { thousandths($0, groups[groups.count - 1]) }
    }

    /// The digits of groups of thousands, or of the Indian two and three.
    private static func grouped(_ groups: ArraySlice<String>) -> String? {
        guard let first = groups.first, let last = groups.last, (1...3).contains(first.count) else { return nil }
        let middle = groups.dropFirst().dropLast()
        let isThousands = middle.allSatisfy { $0.count == 3 }
        let isIndian = first.count <= 2 && middle.allSatisfy { $0.count == 2 }
        guard groups.count == 1 || (last.count == 3 && (isThousands || isIndian)) else { return nil }
        return groups.joined()
    }

    private static func thousandths(_ whole: String, _ fraction: String) -> Int64? {
        guard fraction.count <= 3, let units = Int64(whole.isEmpty ? "0" : whole) else { return nil }
        let padded = fraction + String(repeating: "0", count: 3 - fraction.count)
        guard let rest = Int64(padded) else { return nil }
        let (product, overflow) = units.multipliedReportingOverflow(by: 1000)
        return overflow ? nil : product + rest
    }

    /// The digit of a scalar in ASCII or full width.
    static func digit(_ scalar: Unicode.Scalar) -> Character? {
        switch scalar.value {
        case 0x30...0x39: Character(scalar)
        case 0xFF10...0xFF19: Character(Unicode.Scalar(UInt8(truncatingIfNeeded: scalar.value - 0xFEE0)))
        default: nil
        }
    }

    private static func isSeparator(_ scalar: Unicode.Scalar) -> Bool {
        scalar == "." || scalar == "," || scalar == "'" || scalar == "’" || isBlank(scalar)
    }

    private static func isBlank(_ scalar: Unicode.Scalar) -> Bool {
        scalar == " " || scalar.value == 0xA0 || scalar.value == 0x202F || scalar.value == 0x2009
    }

    private static func isGroup(_ text: [Unicode.Scalar], _ start: Int) -> Bool {
        guard start + 3 <= text.count, text[start..<start + 3].allSatisfy({ digit($0) != nil }) else { return false }
        return start + 3 == text.count || digit(text[start + 3]) == nil
    }
}
