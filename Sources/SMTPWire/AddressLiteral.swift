internal import Base

extension PathGrammar {
    /// `IPv4-address-literal / IPv6-address-literal` without the brackets (RFC 5321 §4.1.3).
    static func takeAddressLiteral(_ cursor: inout ByteCursor) -> Bool {
        cursor.takeKeyword("IPv6:") ? takeIPv6(&cursor) : takeIPv4(&cursor)
    }

    /// `Snum 3("." Snum)`, each 0 to 255.
    private static func takeIPv4(_ cursor: inout ByteCursor) -> Bool {
        for index in 0..<4 {
            if index > 0 {
                guard cursor.take(0x2E) else { return false }
            }
            let start = cursor.offset
            guard cursor.takeNumber(upTo: 255) != nil, cursor.offset - start <= 3 else { return false }
        }
        return true
    }

    /// Eight groups of one to four hexadecimal digits, one run of them left out as `::`, the last
    /// two perhaps written as an IPv4 address.
    private static func takeIPv6(_ cursor: inout ByteCursor) -> Bool {
        var groups = 0
        var isShortened = false
        if cursor.peek(0) == 0x3A {
            guard cursor.peek(1) == 0x3A else { return false }
            cursor.offset += 2
            isShortened = true
        }
        while cursor.next.map(ByteClass.hexDigits.contains) == true {
            let start = cursor.offset
            let digits = cursor.takeAll(in: .hexDigits).count
            if cursor.next == 0x2E {
                cursor.offset = start
                groups += 2
                return takeIPv4(&cursor) && (isShortened ? groups <= 7 : groups == 8)
            }
            guard digits <= 4 else { return false }
            groups += 1
            guard groups <= 8, cursor.next == 0x3A else { break }
            if cursor.peek(1) == 0x3A {
                guard !isShortened else { return false }
                isShortened = true
                cursor.offset += 2
            } else {
                guard cursor.peek(1).map(ByteClass.hexDigits.contains) == true else { return false }
                cursor.offset += 1
            }
        }
        return isShortened ? groups <= 7 : groups == 8
    }
}
