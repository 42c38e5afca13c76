package import Base

/// A day without time or zone, as SEARCH compares them (RFC 9051 §6.4.4).
package struct CalendarDate: Hashable, Sendable, Comparable {
    package var year: Int
    package var month: Int
    package var day: Int

    package init(year: Int, month: Int, day: Int) {
        self.year = year
        self.month = month
        self.day = day
    }

    /// The day of a point of time at an offset from UTC, in minutes.
    package init(_ timestamp: Timestamp, offset: Int = 0) {
        let civil = CivilTime(timestamp, offset: offset)
        self.init(year: civil.year, month: civil.month, day: civil.day)
    }

    package static func < (left: Self, right: Self) -> Bool {
        (left.year, left.month, left.day) < (right.year, right.month, right.day)
    }
}

/// The months as IMAP writes them.
enum MonthName {
    static let all = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
}
