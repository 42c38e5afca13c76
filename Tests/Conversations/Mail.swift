/// The mails that the conversations are made of.
enum Mail {
    static func from(
        _ sender: String,
        to recipients: String = "hello@glow.example",
        subject: String = "Serum",
        id: String,
        fields: [String] = [],
        text: String = "Hi Mia, I would love to try the serum."
    ) -> String {
        let header = [
            "From: \(sender)", "To: \(recipients)", "Subject: \(subject)",
            "Date: Sun, 22 Nov 2026 09:00:00 +0000", "Message-ID: <\(id)>",
        ]
        return (header + fields + ["", text]).joined(separator: "\n")
    }

    static let fromKofi = from("Kofi Mensah <kofi@kofimakes.example>", id: "serum-1@kofimakes.example")

    static let toKofi = from(
        "Mia Berg <hello@glow.example>",
        to: "Kofi Mensah <kofi@kofimakes.example>",
        subject: "Our offer",
        id: "offer-1@glow.example",
        text: "Hi Kofi, shall we talk on Monday?"
    )

    static func toLumi(_ subject: String, id: String, fields: [String] = [], text: String = "How are you?") -> String {
        from(
            "Mia Berg <hello@glow.example>",
            to: "luisa@lumi.example",
            subject: subject,
            id: id,
            fields: fields,
            text: text
        )
    }

    static func fromInstagram(_ handle: String, id: String, server: String = "mx.glow.example") -> String {
        "Authentication-Results: \(server); dmarc=pass header.from=mail.instagram.com\n"
            + from(
                "Instagram <no-reply@mail.instagram.com>",
                subject: "\(handle) sent you a message",
                id: id,
                text: "\(handle) sent you a message.\n\nHello! I would like to hear more."
            )
    }

    /// A reply to a notice, as a mail client writes it.
    static func answer(_ notice: String, _ text: String, from sender: String = "Ben Okafor <ben@glow.example>")
        -> String
    {
        """
        From: \(sender)
        To: approvals@greenroom.invalid
        Subject: Re: Held
        Date: Sun, 22 Nov 2026 10:15:00 +0000
        In-Reply-To: \(notice)
        References: \(notice)

        \(text)
        """
    }

    static let commands = "approvals@greenroom.invalid"
    static let spring = "\"Campaigns/Spring Serum Launch\""
    static func stage(_ name: String) -> String { "\"Campaigns/Spring Serum Launch/\(name)\"" }
}
