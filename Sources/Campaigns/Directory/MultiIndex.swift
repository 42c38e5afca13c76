/// Keys to numbers of records, most keys having one: a dictionary of small numbers, and lists
/// only for the few keys that are shared.
struct MultiIndex<Key: Hashable & Sendable>: Sendable {
    /// A record's number, or ~place in `shared`.
    private var single: [Key: Int32] = [:]
    private var shared: [[Int32]] = []

    mutating func add(_ key: Key, _ number: Int) {
        let number = Int32(number)
        guard let old = single[key] else {
            single[key] = number
            return
        }
        if old < 0 {
            let place = Int(~old)
            if !shared[place].contains(number) { shared[place].append(number) }
        } else if old != number {
            single[key] = ~Int32(shared.count)
            shared.append([old, number])
        }
    }

    /// The numbers of a key, each once, in the order in which they were added.
    subscript(_ key: Key) -> [Int] {
        guard let value = single[key] else { return [] }
        return value < 0 ? shared[Int(~value)].map(Int.init) : [Int(value)]
    }
}
