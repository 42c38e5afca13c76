package import Base
package import Text

/// When people work: what "working hours" and "tonight" mean in a rule.
package struct WorkCalendar: Hashable, Sendable {
    /// A span of the clock in minutes since midnight; one that ends before it begins runs over midnight.
    package struct Hours: Hashable, Sendable, CustomStringConvertible {
        package let from: Int
        package let to: Int

        package init(from: Int, to: Int) {
            self.from = from
            self.to = to
        }

        package func contains(_ minute: Int) -> Bool {
            from <= to ? (from..<to).contains(minute) : !(to..<from).contains(minute)
        }

        package var description: String { "\(Self.text(from))-\(Self.text(to))" }

        private static func text(_ minute: Int) -> String {
            "\(CivilTime.padded(minute / 60)):\(CivilTime.padded(minute % 60))"
        }
    }

    package enum Weekday: String, CaseIterable, Hashable, Sendable {
        case sun, mon, tue, wed, thu, fri, sat

        /// 0 for Sunday.
        package var number: Int { Self.allCases.firstIndex(of: self) ?? 0 }
    }

    package var zone: TimeZone
    package var workingDays: Set<Weekday>
    /// Within one day: they end after they begin.
    package var workingHours: Hours
    /// Days without work, at their midnight in UTC.
    package var holidays: Set<CivilTime>

    package init(
        zone: TimeZone = .utc,
        workingDays: Set<Weekday> = [.mon, .tue, .wed, .thu, .fri],
        workingHours: Hours = Hours(from: 9 * 60, to: 18 * 60),
        holidays: Set<CivilTime> = []
    ) {
        self.zone = zone
        self.workingDays = workingDays
        self.workingHours = workingHours
        self.holidays = holidays
    }

    package func weekday(at time: Timestamp) -> Weekday { Weekday.allCases[zone.civil(time).weekday] }

    package func minute(at time: Timestamp) -> Int {
        let civil = zone.civil(time)
        return civil.hour * 60 + civil.minute
    }

    package func isWorkingDay(_ time: Timestamp) -> Bool { isWorkingDay(zone.civil(time)) }

    private func isWorkingDay(_ civil: CivilTime) -> Bool {
        let day = CivilTime(year: civil.year, month: civil.month, day: civil.day)
        return workingDays.contains(Weekday.allCases[civil.weekday]) && !holidays.contains(day)
    }

    package func isWorkingTime(_ time: Timestamp) -> Bool {
        isWorkingDay(time) && workingHours.contains(minute(at: time))
    }

    /// The first working time from a moment on; `nil` where none comes within a year.
    package func nextWorkingTime(from time: Timestamp) -> Timestamp? {
        if isWorkingTime(time) { return time }
        let today = zone.civil(time)
        var day = CivilTime(year: today.year, month: today.month, day: today.day)
        for _ in 0...Limits.workingDaysAhead {
            if isWorkingDay(day) {
                var start = day
                (start.hour, start.minute) = (workingHours.from / 60, workingHours.from % 60)
                let begin = zone.timestamp(start)
                if begin >= time { return begin }
            }
            day = CivilTime(day.timestamp.advanced(by: .seconds(86_400)))
        }
        return nil
    }
}
