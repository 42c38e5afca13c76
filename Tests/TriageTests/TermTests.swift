import Campaigns
import Testing
import Triage

@Suite("Terms and requests in a text (LABELS §1)")
struct TermTests {
    static let terms: [(String, [(TermKind, TermLength?)])] = [
        ("Thanks for the lovely reel!", []),
        ("We would like usage rights for six months.", [(.usage, .days(180))]),
        ("Whitelisting for 30 days, please.", [(.whitelisting, .days(30))]),
        ("a 6-month exclusivity period", [(.exclusivity, .days(180))]),
        ("paid ads\nfor 1\nyear", [(.paidAds, .days(365))]),
        ("The content may run in our ads in perpetuity.", [(.paidAds, .forEver), (.usage, .forEver)]),
        ("The licence is unlimited: we use your content as we like.", [(.usage, .forEver)]),
        ("Raw files are welcome. The shoot takes 3 days.", [(.rawFiles, nil)]),
        (
            "- 2 reels\n- repost on our website\n- exclusivity 1 month",
            [(.repost, nil), (.website, nil), (.exclusivity, .days(30))]
        ),
        ("Wir hätten gern die Nutzungsrechte für zwölf Monate.", [(.usage, .days(360))]),
        ("Nous demandons une exclusivité de 3 mois.", [(.exclusivity, .days(90))]),
        ("Queremos los derechos de uso durante 2 años.", [(.usage, .days(730))]),
        ("No exclusivity needed.", [(.exclusivity, nil)]),
        ("spark ads for 12 full months", [(.whitelisting, .days(360))]),
    ]

    @Test(arguments: terms)
    func reads(_ text: String, _ expected: [(TermKind, TermLength?)]) {
        let found = Triage.read(text: text).terms
        #expect(found.map(\.kind) == expected.map(\.0))
        #expect(found.map(\.length) == expected.map(\.1))
    }

    static let requests: [(String, Set<DataKind>)] = [
        ("Could you send us your shipping address?", [.shippingAddress]),
        ("Your shipping address is on the label.", []),
        ("Please confirm your address and your Instagram handle.", [.shippingAddress, .handle]),
        ("What do you charge for a reel?", [.rate]),
        ("Kannst du mir deine Adresse schicken?", [.shippingAddress]),
        ("Quels sont vos tarifs ?", [.rate]),
        ("The parcel left. We need nothing else.", []),
        ("Thanks!", []),
    ]

    @Test(arguments: requests)
    func asks(_ text: String, _ expected: Set<DataKind>) {
        #expect(Triage.read(text: text).requests == expected)
    }

    @Test func lengthsCompare() {
        #expect(TermLength.days(30) < .days(31))
        #expect(TermLength.days(100_000) < .forEver)
        #expect(!(TermLength.forEver < .forEver))
        #expect(
            ["\(TermLength.days(60))", "\(TermLength.days(365))", "\(TermLength.days(7))"] == [
                "2 months", "1 year", "7 days",
            ]
        )
    }
}
