/// "Did you mean": the known word nearest to a misspelled one.
package enum Suggestion {
    /// ` (did you mean "approvers"?)`, or nothing where no known word is near.
    package static func text(for word: String, among known: some Sequence<String>) -> String {
        guard let nearest = nearest(to: word, among: known) else { return "" }
        return " (did you mean \"\(nearest)\"?)"
    }

    /// The nearest word within a third of the word's length, the first of equals.
    static func nearest(to word: String, among known: some Sequence<String>) -> String? {
        let letters = Array(word.lowercased().utf8.prefix(longest))
        let limit = max(1, letters.count / 3)
        var best: (word: String, distance: Int)?
        for candidate in known {
            // Of a hundred thousand ids most are out of reach by their length.
            guard abs(min(candidate.utf8.count, longest) - letters.count) <= limit + 2 else { continue }
            let distance = distance(letters, Array(candidate.lowercased().utf8.prefix(longest)))
            if distance <= limit, distance < best?.distance ?? .max { best = (candidate, distance) }
        }
        return best?.word
    }

    private static let longest = 64

    /// Insertions, removals, replacements and swaps of neighbours between two words.
    private static func distance(_ left: [UInt8], _ right: [UInt8]) -> Int {
        guard !left.isEmpty, !right.isEmpty else { return max(left.count, right.count) }
        var beforeLast: [Int] = []
        var last = Array(0...right.count)
        for row in 1...left.count {
            var current = [row]
            for column in 1...right.count {
                let replaced = last[column - 1] + (left[row - 1] == right[column - 1] ? 0 : 1)
                var cost = min(last[column] + 1, current[column - 1] + 1, replaced)
                if row > 1, column > 1, left[row - 1] == right[column - 2], left[row - 2] == right[column - 1] {
                    cost = min(cost, beforeLast[column - 2] + 1)
                }
                current.append(cost)
            }
            (beforeLast, last) = (last, current)
        }
        return last[right.count]
    }
}
