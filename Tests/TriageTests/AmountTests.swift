import Base
import Testing

@testable import Triage

@Suite("LABELS §4: amounts")
struct AmountTests {
    @Test(
        "Signs, codes and words",
        arguments: [
            ("My rate is $500.", ["500 USD"]), ("500€ per reel", ["500 EUR"]), ("EUR 1.500,00 total", ["1500 EUR"]),
            ("1,500.50 USD", ["1500.5 USD"]), ("USD1200", ["1200 USD"]), ("R$ 3.000", ["3000 BRL"]),
            ("£1k", ["1000 GBP"]),
            ("1 500 €", ["1500 EUR"]), ("1\u{202F}500 €", ["1500 EUR"]), ("CHF 1'250.-", ["1250 CHF"]),
            ("₹1,20,000", ["120000 INR"]),
            ("30만원", ["300000 KRW"]), ("3만 5천원에 해요", ["35000 KRW"]), ("12万円", ["120000 JPY"]), ("¥5000", ["5000 JPY"]),
            ("5 mil euros", ["5000 EUR"]), ("2,5 Tsd. Euro", ["2500 EUR"]), ("1.250k USD", ["1250 USD"]),
            ("２００円", ["200 JPY"]),
            ("1,5 mio kr", ["1500000 XXX"]), ("800元", ["800 CNY"]), ("0,125 EUR", ["0.125 EUR"]),
            ("500dollars", ["500 USD"]),
            ("2000 zł brutto", ["2000 PLN"]),
        ]
    )
    func written(text: String, expected: [String]) {
        #expect(AmountReader.amounts(in: text).map(\.description) == expected)
    }

    @Test(
        "Ranges, alternatives and several sums, once each",
        arguments: [
            ("$500-700", ["500 USD", "700 USD"]), ("500 to 700 EUR", ["500 EUR", "700 EUR"]),
            ("€1.2k–1.5k", ["1200 EUR", "1500 EUR"]),
            ("between 5-7k €", ["5000 EUR", "7000 EUR"]), ("$500 $600", ["500 USD", "600 USD"]),
            ("$500 for one, $900 for two, so $500", ["500 USD", "900 USD"]),
            ("500 € or 550 USD", ["500 EUR", "550 USD"]),
            ("20만~30만원", ["200000 KRW", "300000 KRW"]),
        ]
    )
    func several(text: String, expected: [String]) {
        #expect(AmountReader.amounts(in: text).map(\.description) == expected)
    }

    @Test(
        "What is no amount",
        arguments: [
            "20% off", "10k followers", "on 12.05.2026 at 15:30", "+49 170 1234567", "10115 Berlin", "order #12345",
            "in 14 days",
            "a million dollar smile", "$0", "it is free", "3 reels and 2 stories", "USD", "$", "rate for 3 reels", "€%",
            "ISO 9001",
        ]
    )
    func none(text: String) { #expect(AmountReader.amounts(in: text).isEmpty, "\(text)") }

    @Test("A bare number that is a price takes the thread's currency, else XXX")
    func bare() {
        #expect(AmountReader.amounts(in: "my fee is 800", thread: "We offer 500 EUR").map(\.description) == ["800 EUR"])
        #expect(AmountReader.amounts(in: "my fee is 800").map(\.description) == ["800 XXX"])
        #expect(AmountReader.amounts(in: "my rate is 2k for 3 videos").map(\.description) == ["2000 XXX"])
    }

    @Test("A plain $ is the dollar that the text or the thread names")
    func dollars() {
        #expect(AmountReader.amounts(in: "$500 (CAD)").map(\.description) == ["500 CAD"])
        #expect(AmountReader.amounts(in: "$500", thread: "budget in AUD").map(\.description) == ["500 AUD"])
        #expect(AmountReader.amounts(in: "US$500, not CAD").map(\.description) == ["500 USD"])
        #expect(AmountReader.amounts(in: "$500 USD, not CAD").map(\.description) == ["500 USD"])
    }

    @Test("INV-9: no text makes the reader fail, and none costs more than its length")
    func fuzz() {
        var state: UInt64 = 7
        let alphabet = Array("0123456789.,' $€kmil만천円-–to:/%#@aE\n")
        for _ in 0..<2000 {
            var text = ""
            for _ in 0..<40 {
                state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                text.append(alphabet[Int(state >> 33) % alphabet.count])
            }
            for amount in AmountReader.amounts(in: text) { #expect(amount.thousandths > 0) }
        }
        for piece in ["1 ", "1만 ", "$", "1-", "9,", "      1"] {
            _ = AmountReader.amounts(in: String(repeating: piece, count: 5000))
        }
    }
}
