internal import Base
internal import IMAPWire
internal import Message

/// Makes the nodes of a search program, and gathers what the snapshot cannot answer.
struct SearchProgramMaker {
    private let view: MailboxView
    private(set) var questions: [SearchQuestion] = []
    /// Whether any key asks when messages were saved.
    private(set) var usesSaveDates = false
    private var places: [SearchQuestion: Int] = [:]

    init(_ view: MailboxView) { self.view = view }

    mutating func node(_ key: SearchKey) -> SearchProgram.Node {
        switch key {
        case .all: .constant(true)
        case .and(let keys): .all(keys.map { node($0) })
        case .or(let first, let second): .either(node(first), node(second))
        case .not(let inner): .not(node(inner))
        case .flag(let flag, let isSet): .flag(flag, isSet)
        case .keyword(let keyword, let isSet): .keyword(keyword, isSet)
        case .header(let field, let text), .address(let field, let text): ask(.field(field, SearchText(text)))
        case .body(let text): text.isEmpty ? .constant(true) : ask(.body(SearchText(text)))
        case .text(let text): text.isEmpty ? .constant(true) : ask(.text(SearchText(text)))
        case .received(let comparison, let day): .received(times(comparison, day))
        case .sent(let comparison, let day): ask(.sent(days(comparison, day)))
        case .saved(let comparison, let day): saved(times(comparison, day))
        case .older(let seconds): .received(Int64.min...ago(seconds))
        case .younger(let seconds): .received(ago(seconds)...Int64.max)
        case .larger(let size): .larger(size)
        case .smaller(let size): .smaller(size)
        case .sequence(let set) where set.isSavedResult: .uids(view.savedResult)
        case .uid(let set) where set.isSavedResult: .uids(view.savedResult)
        case .sequence(let set): .numbers(set.resolved(largest: UInt32(view.entries.count)))
        case .uid(let set): .uids(set.resolved(largest: view.entries.last?.uid ?? 0))
        case .modSeq(let modSeq): .changedSince(modSeq)
        // Made UIDs of before (`SearchKey.withoutObjectIDs`).
        case .emailID, .threadID: .constant(false)
        }
    }

    /// The node of a question; the same question is asked once.
    private mutating func ask(_ question: SearchQuestion) -> SearchProgram.Node {
        if let place = places[question] { return .question(place) }
        places[question] = questions.count
        questions.append(question)
        return .question(questions.count - 1)
    }

    private mutating func saved(_ times: ClosedRange<Int64>) -> SearchProgram.Node {
        usesSaveDates = true
        return .saved(times)
    }

    /// So many seconds ago (RFC 5032 §3: both keys hold at that very moment).
    private func ago(_ seconds: UInt32) -> Int64 { view.mailbox.now.milliseconds - Int64(seconds) * 1000 }

    /// The milliseconds of INTERNALDATE that are meant; its day is that of UTC.
    private func times(_ comparison: SearchKey.Comparison, _ day: CalendarDate) -> ClosedRange<Int64> {
        let start = CivilTime(year: day.year, month: day.month, day: day.day).timestamp.milliseconds
        let end = start + 86_400_000 - 1
        return switch comparison {
        case .before: Int64.min...(start - 1)
        case .on: start...end
        case .since: start...Int64.max
        }
    }

    private func days(_ comparison: SearchKey.Comparison, _ day: CalendarDate) -> ClosedRange<Int> {
        let number = day.year * 10_000 + day.month * 100 + day.day
        return switch comparison {
        case .before: Int.min...(number - 1)
        case .on: number...number
        case .since: number...Int.max
        }
    }
}
