internal import Base
internal import Campaigns

/// `terms = { usage = ["repost"], usage_for = "6 months", exclusivity = "1 month" }`: what may be
/// promised; what is not named may not.
enum TermsTable {
    static func read(_ reader: inout TableReader) -> ApprovedTerms? {
        guard var table = reader.table("terms") else { return nil }
        defer { table.finish() }
        let usage = table.list("usage", .choice) as [TermKind]
        if usage.contains(.exclusivity) {
            table.report("exclusivity is no use; write exclusivity = \"1 month\"", at: "usage")
        }
        let terms = ApprovedTerms(
            usage: Set(usage),
            usageLength: table.optional("usage_for", .termLength),
            exclusivity: table.optional("exclusivity", .termLength)
        )
        return terms
    }
}

extension ValueForm where Value == TermLength {
    /// `"30 days"`, `"6 months"`, `"1 year"` or `"for ever"`.
    static var termLength: Self {
        Self(
            expected: "a time such as \"30 days\", \"6 months\", \"1 year\" or \"for ever\"",
            example: "\"6 months\""
        ) { value in
            guard let text = value.string else { return nil }
            if text == "for ever" { return .forEver }
            let parts = text.split(separator: " ")
            guard parts.count == 2, let count = Int(parts[0]), (1...1000).contains(count) else { return nil }
            let units: [(String, Int)] = [("day", 1), ("week", 7), ("month", 30), ("year", 365)]
            let unit = units.first { parts[1] == $0.0 || parts[1] == "\($0.0)s" }
            return unit.map { .days(count * $0.1) }
        }
    }
}
