/// A currency by its ISO 4217 code in upper case; `XXX` where none is known.
package struct Currency: Hashable, Sendable, Comparable, CustomStringConvertible {
    package let code: String

    /// Three letters in either case.
    package init?(_ code: some StringProtocol) {
        let upper = ASCII.uppercased(String(code))
        guard upper.utf8.count == 3, upper.utf8.allSatisfy({ ASCII.isLetter($0) }) else { return nil }
        self.code = upper
    }

    private init(known code: String) { self.code = code }

    /// No currency is known (ISO 4217).
    package static let unknown = Self(known: "XXX")

    package var description: String { code }

    package static func < (left: Self, right: Self) -> Bool { left.code < right.code }
}

/// A sum of money, exact to a thousandth of the currency's unit.
package struct Money: Hashable, Sendable, CustomStringConvertible {
    /// Thousandths of the unit, whatever the currency's own minor unit is.
    package let thousandths: Int64
    package let currency: Currency

    package init(thousandths: Int64, _ currency: Currency) {
        self.thousandths = thousandths
        self.currency = currency
    }

    /// Whole units; `nil` where the sum does not fit.
    package init?(_ units: Int64, _ currency: Currency) {
        let (product, overflow) = units.multipliedReportingOverflow(by: 1000)
        guard !overflow else { return nil }
        self.init(thousandths: product, currency)
    }

    /// The sum as a plain decimal number: `2500`, `19.9`, `0.125`.
    package var value: String {
        let size = thousandths.magnitude
        var text = (thousandths < 0 ? "-" : "") + String(size / 1000)
        let rest = size % 1000
        if rest != 0 {
            var digits = CivilTime.padded(Int(rest), 3)
            while digits.hasSuffix("0") { digits.removeLast() }
            text += "." + digits
        }
        return text
    }

    package var description: String { "\(value) \(currency)" }

    /// Which of two sums is larger; `nil` where the currencies differ, for nothing is converted.
    package func isGreater(than other: Self) -> Bool? {
        currency == other.currency ? thousandths > other.thousandths : nil
    }
}
