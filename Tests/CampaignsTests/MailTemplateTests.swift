import Campaigns
import Testing

@Suite("Templates used unchanged")
struct MailTemplateTests {
    private static let values: MailTemplate.Values = [
        .name: ["Luisa Meier", "Luisa", "Lumi"], .campaign: ["Spring"], .brand: ["Glow"], .sender: ["Mia Berg", "Mia"],
    ]

    private static func template() throws -> MailTemplate {
        try #require(
            MailTemplate(
                id: "reminder",
                subject: "{campaign}: a reminder",
                text: "Hi {name},\n\na short reminder for {campaign}.\n\nBest, {sender}\n"
            )
        )
    }

    static let texts = [
        ("Hi Luisa,\na short reminder for Spring.\n\n\nBest, Mia", true),
        ("hi LUISA MEIER, a short  reminder for spring. Best, Mia Berg", true),
        ("Hi Ana,\na short reminder for Spring.\nBest, Mia", false),
        ("Hi Luisa,\na short reminder for Spring. We pay 900 EUR.\nBest, Mia", false),
        ("Hi Luisa,\na short reminder for Spring.\nBest, Mia\nPS: exclusivity", false),
        ("Hi ,\na short reminder for Spring.\nBest, Mia", false),
        ("", false),
    ]

    @Test(arguments: texts)
    func compares(_ text: String, _ isUnchanged: Bool) throws {
        #expect(try Self.template().isUnchanged(MailTemplate.Compared(text), Self.values) == isUnchanged)
    }

    @Test func comparesTheSubject() throws {
        let template = try Self.template()
        #expect(template.isSubject(MailTemplate.Compared("Spring: a reminder"), Self.values))
        #expect(!template.isSubject(MailTemplate.Compared("Spring: a reminder, 900 EUR"), Self.values))
    }

    @Test("Braces that name no place are none", arguments: ["Hi {nme}", "Hi {name", "Hi name}", "{}"])
    func refuses(_ text: String) {
        #expect(MailTemplate(id: "t", subject: nil, text: text) == nil)
    }
}
