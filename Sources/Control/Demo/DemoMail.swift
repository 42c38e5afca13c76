/// The mails of the story.
enum DemoMail {
    static let fromCreator = """
        From: Kofi Mensah <kofi@kofimakes.example>
        To: hello@glow.example
        Subject: Serum
        Date: Sun, 22 Nov 2026 09:00:00 +0000
        Message-ID: <serum-1@kofimakes.example>
        MIME-Version: 1.0
        Content-Type: text/plain; charset=utf-8

        Hi Mia, I would love to try the serum. What do you offer?

        Kofi
        """

    static let fromOtherAddress = """
        From: K. <kofi.private@mail.example>
        To: hello@glow.example
        Subject: Re: Serum
        Date: Sun, 22 Nov 2026 09:10:00 +0000
        Message-ID: <serum-2@mail.example>
        In-Reply-To: <serum-1@kofimakes.example>
        References: <serum-1@kofimakes.example>

        Me again, from my private address.
        """

    static let fromInstagram = """
        Authentication-Results: mx.glow.example; dmarc=pass header.from=mail.instagram.com
        From: Instagram <no-reply@mail.instagram.com>
        To: hello@glow.example
        Subject: aiko_glow sent you a message
        Date: Sun, 22 Nov 2026 09:20:00 +0000
        Message-ID: <notice-1@mail.instagram.com>

        aiko_glow sent you a message.

        Hello! I would like to hear more about the campaign.
        """

    static let fromStranger = """
        From: Sam <sam@elsewhere.example>
        To: hello@glow.example
        Subject: Working together?
        Date: Sun, 22 Nov 2026 09:30:00 +0000
        Message-ID: <pitch-1@elsewhere.example>

        I make videos. Interested?
        """

    static let offer = """
        From: Mia Berg <hello@glow.example>
        To: Kofi Mensah <kofi@kofimakes.example>
        Subject: Re: Serum offer
        Date: Sun, 22 Nov 2026 10:00:00 +0000
        Message-ID: <offer-1@glow.example>
        In-Reply-To: <serum-1@kofimakes.example>
        References: <serum-1@kofimakes.example>

        Hi Kofi, we can offer 1800 EUR for two videos.

        Mia
        """

    static let second = """
        From: Mia Berg <hello@glow.example>
        To: luisa@lumi.example
        Subject: Second idea
        Date: Sun, 22 Nov 2026 10:10:00 +0000
        Message-ID: <offer-2@glow.example>

        Could you do it for 100 EUR, with usage rights for ever?
        """

    static let third = """
        From: Mia Berg <hello@glow.example>
        To: luisa@lumi.example
        Subject: Third thought
        Date: Sun, 22 Nov 2026 10:20:00 +0000
        Message-ID: <offer-3@glow.example>

        Forget what I was about to write.
        """

    static let fourth = """
        From: Mia Berg <hello@glow.example>
        To: luisa@lumi.example
        Subject: After the storm
        Date: Sun, 22 Nov 2026 10:30:00 +0000
        Message-ID: <offer-4@glow.example>

        The parcel is ready whenever you are.
        """

    static let `internal` = """
        From: Mia Berg <hello@glow.example>
        To: ben@glow.example
        Subject: Lunch
        Date: Sun, 22 Nov 2026 10:40:00 +0000
        Message-ID: <lunch-1@glow.example>

        Soup?
        """

    static func rejection(answering notice: String) -> String {
        """
        From: Ben Okafor <hello@glow.example>
        To: approvals@greenroom.invalid
        Subject: Re: Held
        Date: Sun, 22 Nov 2026 10:15:00 +0000
        Message-ID: <answer-1@glow.example>
        In-Reply-To: \(notice)
        References: \(notice)

        reject Usage rights for ever are out of the question, ask legal first.

        > To decide, answer this mail with one of these as the first line:
        >   approve
        """
    }
}
