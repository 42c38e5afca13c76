internal import Base
internal import Campaigns
internal import Config
internal import Text

extension Rulebook {
    /// The moment at which so much working time of the house has passed; without any within a year, by
    /// the clock.
    func workingTime(_ work: Duration, after start: Timestamp) -> Timestamp {
        configuration.gateway.calendar.time(after: work, from: start) ?? start.advanced(by: work)
    }
}

extension WorkCalendar {
    /// The moment at which so much working time has passed; nil where a year has none.
    func time(after work: Duration, from start: Timestamp) -> Timestamp? {
        var rest = work
        var time = start
        while let begin = nextWorkingTime(from: time) {
            let end = endOfWork(on: begin)
            let span = end.duration(since: begin)
            if rest <= span { return begin.advanced(by: rest) }
            rest -= span
            time = end
        }
        return nil
    }

    /// When work ends on the day of a working time.
    private func endOfWork(on time: Timestamp) -> Timestamp {
        let civil = zone.civil(time)
        // The last minute is on the day also where work ends at midnight.
        let last = workingHours.to - 1
        let minute = CivilTime(year: civil.year, month: civil.month, day: civil.day, hour: last / 60, minute: last % 60)
        return zone.timestamp(minute).advanced(by: .seconds(60))
    }
}
