internal import Base
internal import Text

/// Every sum of money in a text (LABELS §4).
///
/// A number is money where a currency stands beside it, where it is one end of a range or list
/// whose other end has one, or where a word such as `fee` stands right before it. Sums spelled
/// in words are not read.
struct AmountReader {
    private struct Sum {
        var range: Range<Int>
        var thousandths: Int64
        var currency: Currency?
        /// Whether the currency stood before the number.
        var hasLeading = false
        var factor: Int64 = 1
        var isCounted = false
    }

    private let text: [Unicode.Scalar]
    private var sums: [Sum] = []
    /// Behind the last currency mark that a number took.
    private var taken = 0

    static func amounts(in text: String, thread: String = "") -> [Money] {
        // Most mail names no number: ASCII's digits, or full-width ones.
        guard text.utf8.contains(where: { ASCII.isDigit($0) || $0 == 0xEF }) else { return [] }
        var reader = Self(text)
        reader.read()
        return reader.amounts(thread)
    }

    private init(_ text: String) {
        let text = text.utf8.count <= Limits.readableText ? text : String(text.prefix(Limits.readableText))
        let bytes = CaseFolding.searchableBytes(text)
        self.text =
            ASCII.isASCII(bytes.span)
            ? bytes.map { Unicode.Scalar($0) } : Array(String(decoding: bytes, as: UTF8.self).unicodeScalars)
    }

    private mutating func read() {
        var index = 0
        while index < text.count {
            guard NumberReader.digit(text[index]) != nil else {
                index += 1
                continue
            }
            let (number, end) = NumberReader.number(in: text, at: index)
            if let number, !isInsideWord(index) { add(number) }
            index = max(end, sums.last?.range.upperBound ?? end)
        }
        joinRanges()
    }

    // MARK: One number

    private mutating func add(_ number: WrittenNumber) {
        var sum = Sum(range: number.range, thousandths: number.thousandths)
        multiply(&sum, number)
        if let (currency, start) = currency(endingAt: sum.range.lowerBound) {
            sum.currency = currency
            sum.hasLeading = true
            sum.range = start..<sum.range.upperBound
        } else if let (currency, end) = currency(startingAt: sum.range.upperBound) {
            sum.currency = currency
            sum.range = sum.range.lowerBound..<end
        }
        guard !isPercentage(sum.range.upperBound) else { return }
        taken = sum.currency == nil ? taken : sum.range.upperBound
        sum.isCounted = sum.currency == nil && isPriced(sum)
        sums.append(sum)
    }

    /// `2k`, `5 mil`, `3만 5천`.
    private func multiply(_ sum: inout Sum, _ number: WrittenNumber) {
        var end = sum.range.upperBound
        if let (factor, after) = sign(at: skippingBlank(end)) {
            var total = sum.thousandths.multipliedReportingOverflow(by: factor).partialValue
            var smallest = factor
            end = after
            // Each further part is smaller: `12만 5000`, `1억 2천만`.
            while true {
                let next = skippingBlank(end)
                guard next < text.count, NumberReader.digit(text[next]) != nil,
                    let part = NumberReader.number(in: text, at: next).number
                else { break }
                let partSign = sign(at: skippingBlank(part.range.upperBound))
                let value = part.thousandths.multipliedReportingOverflow(by: partSign?.0 ?? 1).partialValue
                guard value < smallest * 1000 else { break }
                total += value
                smallest = partSign?.0 ?? 1
                end = partSign?.1 ?? part.range.upperBound
                if partSign == nil { break }
            }
            guard total >= 0, total < Self.largest else { return }
            sum.thousandths = total
            sum.factor = factor
            sum.range = sum.range.lowerBound..<end
            return
        }
        let start = skippingBlank(end)
        var wordEnd = start
        while wordEnd < text.count, text[wordEnd].properties.isAlphabetic { wordEnd += 1 }
        guard wordEnd > start else { return }
        let word = String(String.UnicodeScalarView(text[start..<wordEnd]))
        if let factor = Multipliers.words[word] {
            // A lone `m` behind a blank is a metre.
            if word == "m", start > end { return }
            // `1.250k` is not a thousand times 1250.
            var value = sum.thousandths
            if number.isOpen { value /= 1000 }
            let (product, overflow) = value.multipliedReportingOverflow(by: factor)
            guard !overflow, product < Self.largest else { return }
            sum.thousandths = product
            sum.factor = factor
            // `2,5 Tsd. Euro`
            let hasStop = wordEnd < text.count && text[wordEnd] == "." && Multipliers.words[word + "."] != nil
            sum.range = sum.range.lowerBound..<(hasStop ? wordEnd + 1 : wordEnd)
        }
    }

    private func sign(at index: Int) -> (Int64, Int)? {
        for (sign, factor) in Multipliers.signs where matches(Array(sign.unicodeScalars), at: index) {
            return (factor, index + sign.unicodeScalars.count)
        }
        return nil
    }

    // MARK: What stands beside it

    private func currency(startingAt index: Int) -> (Currency, Int)? {
        let start = skippingBlank(index)
        guard start < text.count, let marks = CurrencyMarks.marks[text[start]] else { return nil }
        for mark in marks where matches(mark.text, at: start) {
            let end = start + mark.text.count
            if mark.isWord, end < text.count, text[end].properties.isAlphabetic, !isUnspaced(text[end]) { continue }
            // `500 $600`: the sign belongs to the number behind it.
            if !mark.isWord, start > index, end < text.count, NumberReader.digit(text[end]) != nil { return nil }
            return (mark.currency, end)
        }
        return nil
    }

    private func currency(endingAt index: Int) -> (Currency, Int)? {
        var end = index
        while end > taken, isBlank(text[end - 1]), index - end < 2 { end -= 1 }
        // The longest mark that ends here; none is longer than nine letters.
        for start in max(taken, end - 9)..<max(end, taken) {
            for mark in CurrencyMarks.marks[text[start]] ?? [] where start + mark.text.count == end {
                guard matches(mark.text, at: start) else { continue }
                let startsWord = mark.text[0].properties.isAlphabetic
                if startsWord, start > 0, text[start - 1].properties.isAlphabetic, !isUnspaced(text[start - 1]) {
                    continue
                }
                return (mark.currency, start)
            }
        }
        return nil
    }

    private func isPercentage(_ index: Int) -> Bool {
        let next = skippingBlank(index)
        return next < text.count && ["%", "％", "‰"].contains(text[next])
    }

    /// Whether the digits belong to a word, a tag, an order number or a link.
    private func isInsideWord(_ index: Int) -> Bool {
        guard index > 0 else { return false }
        let before = text[index - 1]
        if before == "#" || before == "_" || before == "@" || before == "/" || before == "=" { return true }
        if before.properties.isAlphabetic, !isUnspaced(before) {
            // `USD1200` and `R$500` are sums.
            return currency(endingAt: index) == nil
        }
        return false
    }

    /// Whether a bare number is a price: a word for money within the four words before it.
    private func isPriced(_ sum: Sum) -> Bool {
        guard sum.thousandths >= Self.smallestBare else { return false }
        let before = words(before: sum.range.lowerBound)
        guard before.contains(where: { MoneyWords.price.contains($0) }) else { return false }
        let start = skippingBlank(sum.range.upperBound)
        if start < text.count, text[start] == ":" || text[start] == "/" || text[start] == "." {
            // Times and dates go on with digits.
            if start + 1 < text.count, NumberReader.digit(text[start + 1]) != nil { return false }
        }
        var end = start
        while end < text.count, text[end].properties.isAlphabetic { end += 1 }
        return !MoneyWords.units.contains(String(String.UnicodeScalarView(text[start..<end])))
    }

    private func words(before index: Int) -> [String] {
        var start = index
        var blanks = 0
        while start > 0, index - start < 60 {
            let scalar = text[start - 1]
            if scalar == "." || scalar == "!" || scalar == "?" || scalar == "\n" || scalar == ";" { break }
            if isBlank(scalar) { blanks += 1 }
            if blanks > 4 { break }
            start -= 1
        }
        let sentence = String(String.UnicodeScalarView(text[start..<index]))
        return sentence.split { !$0.isLetter }.map(String.init)
    }

    // MARK: Ranges

    /// `500-700 €`, `$1k to $2k`, `between 500 and 700 EUR`: both ends have the currency.
    private mutating func joinRanges() {
        for index in sums.indices.dropFirst() {
            let between = text[sums[index - 1].range.upperBound..<sums[index].range.lowerBound]
            guard Self.isConnector(between) else { continue }
            if sums[index - 1].currency == nil { sums[index - 1].currency = sums[index].currency }
            if sums[index].currency == nil, sums[index - 1].hasLeading {
                sums[index].currency = sums[index - 1].currency
            }
            if sums[index].isCounted || sums[index - 1].isCounted, sums[index].currency == nil {
                sums[index - 1].isCounted = true
                sums[index].isCounted = true
            }
            // `5-7k` is 5k to 7k, `500-1k` is not 500k.
            let factor = sums[index].factor
            if factor > 1, sums[index - 1].factor == 1, sums[index - 1].thousandths < sums[index].thousandths / factor {
                sums[index - 1].thousandths *= factor
            }
        }
    }

    private static func isConnector(_ between: ArraySlice<Unicode.Scalar>) -> Bool {
        let words = String(String.UnicodeScalarView(between))
        let trimmed = words.split(whereSeparator: \.isWhitespace)
        guard trimmed.count <= 1, !words.contains("\n") else { return false }
        return trimmed.first.map { connectors.contains(String($0)) } ?? false
    }

    private static let connectors: Set<String> = [
        "-", "–", "—", "~", "〜", "～", "to", "bis", "à", "a", "al", "até", "ate", "tot", "do", "до", "or", "oder", "ou",
        "o",
        "and", "und", "et", "y", "e", "и", "/", "から", "에서", "到", "至", "或",
    ]

    // MARK: The result

    private func amounts(_ thread: String) -> [Money] {
        let dollar = statedDollar(thread)
        let fallback = sums.lazy.compactMap(\.currency).first ?? Self.currency(ofThread: thread)
        var result: [Money] = []
        for sum in sums where sum.thousandths > 0 && result.count < Limits.readings {
            guard var currency = sum.currency ?? (sum.isCounted ? fallback ?? .unknown : nil) else { continue }
            if let dollar, currency.code == "USD", hasPlainDollar(sum) { currency = dollar }
            let money = Money(thousandths: sum.thousandths, currency)
            if !result.contains(money) { result.append(money) }
        }
        return result
    }

    /// Whether the currency was written as nothing but `$`.
    private func hasPlainDollar(_ sum: Sum) -> Bool {
        let written = text[sum.range]
        return written.contains("$") && !written.contains(where: { $0 == "u" })
    }

    /// The dollar that the text or the thread names, where it names one and not the American.
    private func statedDollar(_ thread: String) -> Currency? {
        guard text.contains("$") else { return nil }
        var named: Set<Currency> = []
        let all = String(String.UnicodeScalarView(text)) + "\n" + CaseFolding.searchable(thread)
        for word in all.unicodeScalars.split(whereSeparator: { !Self.isLetter($0) && $0 != "$" }) {
            guard let first = word.first else { continue }
            for mark in CurrencyMarks.marks[first] ?? []
            where mark.text.count >= 2 && word.elementsEqual(mark.text) {
                if mark.currency.code == "USD", !mark.text.starts(with: "us".unicodeScalars) { continue }
                named.insert(mark.currency)
            }
        }
        let dollars = named.intersection(CurrencyMarks.dollars)
        return dollars.count == 1 && !named.contains(where: { $0.code == "USD" }) ? dollars.first : nil
    }

    private static func isLetter(_ scalar: Unicode.Scalar) -> Bool {
        scalar.value < 0x80
            ? ASCII.isLetter(UInt8(truncatingIfNeeded: scalar.value)) : scalar.properties.isAlphabetic
    }

    private static func currency(ofThread thread: String) -> Currency? {
        guard !thread.isEmpty else { return nil }
        var reader = Self(thread)
        reader.read()
        return reader.sums.lazy.compactMap(\.currency).first
    }

    private func matches(_ pattern: [Unicode.Scalar], at index: Int) -> Bool {
        index + pattern.count <= text.count && text[index..<index + pattern.count].elementsEqual(pattern)
    }

    private func skippingBlank(_ index: Int) -> Int {
        var index = index
        while index < text.count, isBlank(text[index]) { index += 1 }
        return index
    }

    private func isBlank(_ scalar: Unicode.Scalar) -> Bool {
        scalar == " " || scalar == "\t" || scalar.value == 0xA0 || scalar.value == 0x202F || scalar.value == 0x2009
    }

    private func isUnspaced(_ scalar: Unicode.Scalar) -> Bool { scalar.value >= 0xE00 && scalar.value < 0x10000 }

    /// A trillion units: larger numbers are no fees.
    private static let largest: Int64 = 1_000_000_000_000 * 1000
    /// Ten units: a bare smaller number is a count.
    private static let smallestBare: Int64 = 10 * 1000
}
