internal import Base
internal import Text

/// The data that a text asks a creator for (C10), in English, German, French and Spanish.
///
/// A sentence asks where it ends with a question mark or holds a word of asking, and names the data.
enum RequestReader {
    /// Whether any sentence may ask for some.
    static func mayHoldRequests(_ folded: FoldedText) -> Bool { !data.everyHit(in: folded).isEmpty }

    static func requests(in sentences: [Sentence]) -> Set<DataKind> {
        var result: Set<DataKind> = []
        for sentence in sentences {
            let named = data.everyHit(in: sentence.folded)
            guard !named.isEmpty else { continue }
            let asks =
                sentence.text.unicodeScalars.contains { $0 == "?" || $0 == "？" }
                || !asking.everyHit(in: sentence.folded).isEmpty
            if asks { result.formUnion(named.map(\.payload)) }
        }
        return result
    }

    private static let asking: PhraseIndex<Void> = index([
        (
            (),
            [
                "please send", "please share", "please confirm", "please provide", "please let", "could you", "can you",
                "would you", "send me", "send us", "send over", "share your", "let me know", "let us know", "tell us",
                "tell me", "we need", "we still need",
                "we would need", "i need", "i still need", "we're missing", "confirm your", "what is your",
                "what's your", "provide your",
                "bitte schick", "bitte schicke", "bitte sende", "bitte teile", "schick uns", "schick mir", "sende uns",
                "kannst du", "könntest du",
                "könnten sie", "wir brauchen", "wir benötigen", "ich brauche", "teile uns", "uns fehlt", "gib uns",
                "pouvez-vous", "peux-tu", "pourriez-vous", "merci de", "envoyez-nous", "envoie-nous", "il nous faut",
                "nous avons besoin", "indiquez-nous",
                "puedes", "podrías", "puede enviarnos", "por favor envía", "envíanos", "necesitamos", "indícanos",
            ]
        )
    ])

    private static let data: PhraseIndex<DataKind> = index([
        (
            .shippingAddress,
            [
                "shipping address", "postal address", "delivery address", "mailing address", "home address",
                "shipping details", "shipping info", "shipping information", "delivery details", "your address",
                "where should we send", "where can we send", "where to ship", "where should we ship",
                "where can we ship",
                "lieferadresse", "versandadresse", "postadresse", "deine adresse", "ihre adresse",
                "adresse de livraison", "adresse postale", "votre adresse", "ton adresse",
                "dirección de envío", "dirección postal", "tu dirección", "su dirección",
            ]
        ),
        (
            .email,
            [
                "email address", "e-mail address", "your email", "your e-mail", "e-mail-adresse", "deine e-mail",
                "ihre e-mail", "adresse e-mail", "adresse mail", "votre e-mail", "votre mail", "correo electrónico",
                "tu correo", "tu email",
            ]
        ),
        (
            .handle,
            [
                "your handle", "your handles", "your instagram", "your tiktok", "your username", "your ig",
                "your profile link",
                "your social handles", "instagram handle", "tiktok handle", "dein handle", "dein instagram",
                "deinen instagram",
                "ton compte instagram", "votre compte instagram", "tu usuario", "tu instagram",
            ]
        ),
        (
            .country,
            [
                "which country", "what country", "where are you based", "where are you located", "in welchem land",
                "wo bist du ansässig", "dans quel pays", "en qué país", "dónde estás ubicada",
            ]
        ),
        (
            .language,
            [
                "which language", "what language", "which languages", "what languages", "welche sprache",
                "welcher sprache",
                "quelle langue", "quelles langues", "qué idioma", "qué idiomas",
            ]
        ),
        (
            .rate,
            [
                "your rate", "your rates", "rate card", "your fee", "your fees", "what do you charge",
                "how much do you charge",
                "your pricing", "your prices", "dein honorar", "deine preise", "deine preisliste", "ihr honorar",
                "tes tarifs", "vos tarifs", "votre tarif", "ton tarif", "tu tarifa", "tus tarifas", "sus tarifas",
            ]
        ),
    ])

    private static func index<Payload>(_ entries: [(Payload, [String])]) -> PhraseIndex<Payload> {
        var index = PhraseIndex<Payload>()
        for (payload, phrases) in entries {
            for phrase in phrases { index.add(phrase, payload) }
        }
        return index
    }
}
