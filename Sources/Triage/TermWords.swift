internal import Campaigns
internal import Text

/// The words that speak of uses, exclusivity and time (LABELS §1), in the languages of the team's mail:
/// English, German, French and Spanish.
enum TermWords {
    static let index: PhraseIndex<TermKind> = {
        var index = PhraseIndex<TermKind>()
        for (kind, phrases) in phrases {
            for phrase in phrases { index.add(phrase, kind) }
        }
        return index
    }()

    private static let phrases: [(TermKind, [String])] = [
        (
            .usage,
            [
                "usage rights", "usage right", "content rights", "rights to the content", "rights to your content",
                "image rights", "usage license", "usage licence", "content license", "content licence",
                "license the content", "licence the content", "license your content", "licence your content",
                "license for the content", "licence for the content", "paid usage", "full usage", "usage period",
                "usage term", "usage terms", "organic usage", "digital usage", "full buyout", "buyout", "buy-out",
                "use your content", "use the content", "use your video", "use your videos", "use your photos",
                "perpetual license", "perpetual licence", "perpetual rights", "perpetual usage", "in perpetuity",
                "nutzungsrechte", "nutzungsrecht", "bildrechte", "content nutzen", "inhalte nutzen",
                "lizenz für den content", "lizenz für die inhalte",
                "droits d'utilisation", "droit d'utilisation", "droits d'usage", "droits d'exploitation",
                "utiliser votre contenu", "utiliser ton contenu", "cession de droits",
                "derechos de uso", "derecho de uso", "derechos de imagen", "usar tu contenido", "usar su contenido",
            ]
        ),
        (
            .paidAds,
            [
                "paid ads", "paid ad", "paid media", "paid social", "paid advertising", "paid promotion", "as an ad",
                "as ads", "in ads", "in our ads", "in advertising", "ad usage", "ads usage", "ad rights",
                "boost your post", "boost the post",
                "boost your video", "boosting", "boosted", "run it as an ad", "meta ads", "facebook ads", "tiktok ads",
                "google ads", "youtube ads", "sponsored ads", "performance ads",
                "werbeanzeigen", "als anzeige", "bezahlte anzeigen", "bezahlte werbung", "als werbeanzeige",
                "publicité payante", "publicités payantes", "sponsoriser le post", "en publicité",
                "anuncios pagados", "publicidad pagada", "publicidad de pago", "como anuncio",
            ]
        ),
        (
            .whitelisting,
            [
                "whitelisting", "whitelist", "whitelisted", "white listing", "allowlisting", "allowlist",
                "partnership ad", "partnership ads", "partnership ad code", "branded content ads", "spark ad",
                "spark ads", "spark code",
                "spark codes", "spark ad code", "dark posting", "dark posts", "dark ads", "creator licensing",
                "partnerschaftsanzeigen", "partnerschaftsanzeige",
            ]
        ),
        (
            .repost,
            [
                "repost", "reposts", "reposting", "reshare", "resharing", "regram", "cross-post", "crosspost",
                "on our channels", "on our own channels", "on our social channels", "on our instagram", "on our tiktok",
                "on our feed", "auf unseren kanälen", "reposten", "sur nos réseaux", "sur nos comptes", "repartager",
                "en nuestras redes", "en nuestros canales", "repostear",
            ]
        ),
        (
            .website,
            [
                "on our website", "on our site", "on our homepage", "on our product page", "on our product pages",
                "in our newsletter", "in our newsletters", "in our emails", "email marketing", "in our shop",
                "in our online shop",
                "on our web shop", "website usage", "auf unserer website", "auf unserer webseite",
                "in unserem newsletter",
                "in unserem shop", "sur notre site", "dans notre newsletter", "en nuestra web", "en nuestro sitio",
                "en nuestra newsletter",
            ]
        ),
        (
            .rawFiles,
            [
                "raw files", "raw file", "raw footage", "raw material", "raw content", "raw clips", "source files",
                "rohmaterial", "rohdateien", "rushes", "fichiers bruts", "archivos originales", "material en bruto",
            ]
        ),
        (
            .editing,
            [
                "edit your content", "edit the content", "edit your video", "edit the video", "cut-downs", "cutdowns",
                "cut downs", "editing rights", "derivative works", "bearbeitungsrechte", "bearbeitungsrecht",
                "droits de modification", "derechos de edición",
            ]
        ),
        (
            .offline,
            [
                "billboard", "billboards", "out of home", "ooh", "dooh", "in print", "print ads", "print usage",
                "on tv", "tv spot", "tv commercial", "television", "in-store", "in store", "point of sale",
                "plakate", "plakatwerbung", "printwerbung", "im fernsehen", "am point of sale", "affichage",
                "à la télévision",
                "en magasin", "vallas publicitarias", "en televisión",
            ]
        ),
        (
            .likeness,
            [
                "name and likeness", "your likeness", "name and image", "your name and face", "right of publicity",
                "recht am eigenen bild", "droit à l'image", "tu imagen y nombre",
            ]
        ),
        (
            .exclusivity,
            [
                "exclusivity", "exclusive", "exclusively", "exclusivity period", "category exclusivity", "non-compete",
                "noncompete", "not work with competitors", "not work with other brands", "no competing brands",
                "not post for competitors", "exklusivität", "exklusiv", "exklusive", "wettbewerbsverbot",
                "exclusivité", "exclusif", "exclusive", "exclusividad", "exclusivo", "exclusiva",
            ]
        ),
    ]

    /// Days of a unit of time.
    static let units: [String: Int] = [
        "day": 1, "days": 1, "week": 7, "weeks": 7, "month": 30, "months": 30, "mo": 30, "mos": 30, "year": 365,
        "years": 365, "yr": 365, "yrs": 365,
        "tag": 1, "tage": 1, "tagen": 1, "woche": 7, "wochen": 7, "monat": 30, "monate": 30, "monaten": 30, "jahr": 365,
        "jahre": 365, "jahren": 365,
        "jour": 1, "jours": 1, "semaine": 7, "semaines": 7, "mois": 30, "an": 365, "ans": 365, "année": 365,
        "années": 365,
        "día": 1, "días": 1, "semana": 7, "semanas": 7, "mes": 30, "meses": 30, "año": 365, "años": 365,
    ]

    static let numbers: [String: Int] = [
        "a": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9,
        "ten": 10, "eleven": 11, "twelve": 12, "eighteen": 18, "twenty-four": 24, "ninety": 90, "sixty": 60,
        "thirty": 30,
        "ein": 1, "eine": 1, "einen": 1, "einem": 1, "einer": 1, "zwei": 2, "drei": 3, "vier": 4, "fünf": 5,
        "sechs": 6, "sieben": 7, "acht": 8, "neun": 9, "zehn": 10, "elf": 11, "zwölf": 12,
        "un": 1, "une": 1, "deux": 2, "trois": 3, "quatre": 4, "cinq": 5, "sept": 7, "huit": 8, "neuf": 9, "dix": 10,
        "onze": 11, "douze": 12,
        "una": 1, "dos": 2, "tres": 3, "cuatro": 4, "cinco": 5, "seis": 6, "siete": 7, "ocho": 8, "nueve": 9,
        "diez": 10, "once": 11, "doce": 12,
    ]

    /// What has no end.
    static let forEver: PhraseIndex<Void> = {
        var index = PhraseIndex<Void>()
        for phrase in [
            "in perpetuity", "perpetuity", "perpetual", "perpetually", "forever", "for ever", "unlimited",
            "indefinitely", "indefinite", "for life", "lifetime", "no time limit", "without time limit", "no expiry",
            "unbefristet", "unbegrenzt", "zeitlich unbegrenzt", "dauerhaft", "für immer",
            "illimité", "illimités", "illimitée", "à perpétuité", "perpétuel", "sans limite de durée",
            "ilimitado", "ilimitados", "a perpetuidad", "perpetuo", "sin límite de tiempo", "para siempre",
        ] { index.add(phrase, ()) }
        return index
    }()
}
