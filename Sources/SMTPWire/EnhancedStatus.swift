/// An enhanced mail system status code, as `5.7.1` (RFC 3463).
package struct EnhancedStatus: Hashable, Sendable, CustomStringConvertible {
    /// 2 for success, 4 for "try again", 5 for "never".
    package let category: UInt8
    package let subject: UInt16
    package let detail: UInt16

    package init(_ category: UInt8, _ subject: UInt16, _ detail: UInt16) {
        self.category = category
        self.subject = subject
        self.detail = detail
    }

    /// Reads `class.subject.detail` from the front of a reply's text; `nil` where none stands there.
    package init?(_ text: some StringProtocol) {
        var numbers: [UInt16] = []
        for part in text.split(separator: ".", omittingEmptySubsequences: false) {
            let digits = part.utf8
            guard (1...3).contains(digits.count), digits.allSatisfy({ $0 &- 0x30 < 10 }), let number = UInt16(part)
            else { return nil }
            numbers.append(number)
        }
        guard numbers.count == 3, [2, 4, 5].contains(numbers[0]) else { return nil }
        self.init(UInt8(numbers[0]), numbers[1], numbers[2])
    }

    package var description: String { "\(category).\(subject).\(detail)" }
}
