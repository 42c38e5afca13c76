internal import Text

/// The creators of one agency and all that texts may call them (MATCHING §5.5).
struct Roster: Sendable {
    enum Naming: Hashable, Sendable {
        /// The full name, in any script or order.
        case full(Int)
        /// One name of several: shared, or too little to tell a person by.
        case part(Int)
    }

    /// Creators' numbers.
    let creators: [Int]
    let names: PhraseIndex<Naming>

    static func all(agencies: [Agency], creators: [Creator]) -> [Self] {
        var byAgency: [AgencyID: [Int]] = [:]
        for (number, creator) in creators.enumerated() {
            if let agency = creator.agency { byAgency[agency, default: []].append(number) }
        }
        return agencies.map { agency in
            let numbers = byAgency[agency.id] ?? []
            return Self(creators: numbers, names: index(numbers, creators))
        }
    }

    private static func index(_ numbers: [Int], _ creators: [Creator]) -> PhraseIndex<Naming> {
        var index = PhraseIndex<Naming>()
        for number in numbers {
            let creator = creators[number]
            for name in [creator.name] + creator.otherNames {
                let words = name.split(whereSeparator: \.isWhitespace).map(String.init)
                index.add(name, words.count > 1 || isUnspaced(name) ? .full(number) : .part(number))
                if words.count > 1 {
                    // Family name first or last: both are written.
                    index.add((words.dropFirst() + words.prefix(1)).joined(separator: " "), .full(number))
                    if words.count > 2 {
                        index.add((words.suffix(1) + words.dropLast()).joined(separator: " "), .full(number))
                    }
                    for word in words where word.unicodeScalars.count >= shortestPart {
                        index.add(word, .part(number))
                    }
                } else if isUnspaced(name), name.unicodeScalars.count == 3 {
                    // One letter of family name, two of given name.
                    index.add(String(name.dropFirst()), .part(number))
                }
            }
        }
        return index
    }

    /// Whether a name stands in a script without spaces, where one word is a full name.
    private static func isUnspaced(_ name: String) -> Bool {
        name.unicodeScalars.allSatisfy { $0.value >= 0x3000 && $0.value <= 0xD7A3 }
            && name.unicodeScalars.count > 1
    }

    /// Shorter words are too often something else.
    private static let shortestPart = 3
}
