internal import Base
internal import Campaigns
internal import Text

/// `[calendar]`, of the house or of a campaign: when people work.
struct CalendarTable<Source: FileInspector> {
    let loader: FileLoader<Source>

    /// What the table leaves out stays as it was.
    func read(_ reader: inout TableReader, over base: WorkCalendar) -> WorkCalendar? {
        guard var table = reader.table("calendar") else { return nil }
        defer { table.finish() }
        var calendar = base
        if let name = table.optional("time_zone", .line) {
            if let zone = zone(name) {
                calendar.zone = zone
            } else {
                table.report(
                    "the time zone \"\(name)\" is not known to this machine; write a name such as"
                        + " \"Europe/Berlin\" (package tzdata), or an offset such as \"+01:00\"",
                    at: "time_zone"
                )
            }
        }
        let days = table.list("working_days", .choice) as [WorkCalendar.Weekday]
        if !days.isEmpty { calendar.workingDays = Set(days) }
        if let hours = table.optional("working_hours", .hours) {
            if hours.from < hours.to {
                calendar.workingHours = hours
            } else {
                table.report("\"working_hours\" must end after they begin, on the same day", at: "working_hours")
            }
        }
        let holidays = table.list("holidays", .date)
        if table.has("holidays") {
            calendar.holidays = Set(holidays.map { CivilTime(year: $0.year, month: $0.month, day: $0.day) })
        }
        return calendar
    }

    private func zone(_ name: String) -> TimeZone? {
        if let fixed = TimeZone(fixed: name) { return fixed }
        guard TimeZone.isName(name) else { return nil }
        do {
            return TimeZone(name: name, tzif: try loader.source.read("\(Self.folder)/\(name)"))
        } catch {
            return nil
        }
    }

    /// Where systems keep the time zone database.
    private static var folder: String { "/usr/share/zoneinfo" }
}

extension ValueForm where Value == WorkCalendar.Hours {
    /// `"09:00-18:00"`; what ends before it begins runs over midnight.
    static var hours: Self {
        Self(expected: "a span of time such as \"09:00-18:00\"", example: "\"09:00-18:00\"") { value in
            guard let parts = value.string?.split(separator: "-", omittingEmptySubsequences: false), parts.count == 2,
                let from = TimeOfDay(parts[0])
            else { return nil }
            let end = parts[1] == "24:00" ? 24 * 60 : TimeOfDay(parts[1])?.minutes
            guard let end, end != from.minutes else { return nil }
            return WorkCalendar.Hours(from: from.minutes, to: end)
        }
    }
}
