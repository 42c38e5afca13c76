internal import Base

/// How currencies are written: signs, codes, words (LABELS §4).
enum CurrencyMarks {
    /// A mark with its ISO 4217 code; folded, longer ones first where one begins another.
    struct Mark: Sendable {
        let text: [Unicode.Scalar]
        let currency: Currency
        /// Whether it is made of letters, so that it has to be a whole word.
        let isWord: Bool
    }

    static let marks: [Unicode.Scalar: [Mark]] = {
        var result: [Unicode.Scalar: [Mark]] = [:]
        for (code, texts) in spellings {
            guard let currency = Currency(code) else { continue }
            for text in texts {
                let scalars = Array(text.unicodeScalars)
                guard let first = scalars.first, let last = scalars.last else { continue }
                // `円`, `원`, `元` hang on numbers and words alike.
                let isWord = last.properties.isAlphabetic && last.value < 0x3000
                result[first, default: []].append(Mark(text: scalars, currency: currency, isWord: isWord))
            }
        }
        for key in result.keys { result[key]?.sort { $0.text.count > $1.text.count } }
        return result
    }()

    /// Those that a plain `$` may stand for where the text names them.
    static let dollars: Set<Currency> = Set(
        ["CAD", "AUD", "NZD", "SGD", "HKD", "TWD", "MXN", "ARS", "CLP", "COP"].compactMap { Currency($0) }
    )

    private static let spellings: [(String, [String])] = [
        (
            "USD",
            [
                "$", "us$", "usd", "usd$", "dollar", "dollars", "bucks", "dólares", "dolares", "dólar", "ドル", "달러",
                "美元", "美金", "долларов",
            ]
        ),
        ("EUR", ["€", "eur", "euro", "euros", "евро", "ユーロ", "유로", "欧元"]),
        ("GBP", ["£", "gbp", "pounds", "quid", "pfund", "libras", "英镑", "파운드", "ポンド"]),
        ("JPY", ["¥", "￥", "jpy", "yen", "円", "日元", "엔"]),
        ("KRW", ["₩", "krw", "won", "원", "韩元", "ウォン"]),
        ("CNY", ["cny", "rmb", "yuan", "元", "人民币", "위안", "块"]),
        ("BRL", ["r$", "brl", "reais"]),
        ("CHF", ["chf", "sfr", "franken", "fr."]),
        ("CAD", ["ca$", "c$", "cad", "can$"]), ("AUD", ["a$", "au$", "aud"]), ("NZD", ["nz$", "nzd"]),
        ("SGD", ["s$", "sg$", "sgd"]), ("HKD", ["hk$", "hkd", "港币"]), ("TWD", ["nt$", "twd", "台币", "新台币"]),
        ("MXN", ["mx$", "mxn"]), ("ARS", ["ars"]), ("CLP", ["clp"]), ("COP", ["cop"]), ("PEN", ["pen", "soles"]),
        ("INR", ["₹", "inr", "rs", "rs.", "rupees"]), ("PLN", ["zł", "zl", "pln", "złotych", "złote"]),
        ("CZK", ["kč", "czk"]), ("HUF", ["huf", "ft"]), ("RON", ["ron", "lei"]), ("BGN", ["bgn"]),
        ("SEK", ["sek"]), ("NOK", ["nok"]), ("DKK", ["dkk"]), ("XXX", ["kr", "kr.", "pesos"]),
        ("TRY", ["₺", "try", "tl"]), ("RUB", ["₽", "rub", "руб", "руб.", "рублей", "рубля"]),
        ("UAH", ["₴", "uah", "грн"]),
        ("ILS", ["₪", "ils", "nis"]), ("AED", ["aed", "dhs"]), ("SAR", ["sar"]), ("ZAR", ["zar"]),
        ("NGN", ["₦", "ngn"]),
        ("KES", ["kes"]), ("EGP", ["egp"]), ("THB", ["฿", "thb", "baht", "บาท"]), ("VND", ["₫", "vnd", "đ"]),
        ("IDR", ["rp", "rp.", "idr"]), ("MYR", ["rm", "myr"]), ("PHP", ["₱", "php"]), ("PKR", ["pkr"]),
    ]
}

/// Words behind a number that make it larger: `2k`, `5 mil`, `30만`.
enum Multipliers {
    static let words: [String: Int64] = [
        "k": 1000, "mil": 1000, "tsd": 1000, "tsd.": 1000, "tys": 1000, "tys.": 1000, "тыс": 1000, "тыс.": 1000,
        "bin": 1000, "thousand": 1000, "grand": 1000, "mille": 1000, "тысяч": 1000, "tausend": 1000, "m": 1_000_000,
        "mio": 1_000_000, "mio.": 1_000_000, "mln": 1_000_000, "млн": 1_000_000, "million": 1_000_000,
        "millions": 1_000_000, "millionen": 1_000_000, "millones": 1_000_000, "milhões": 1_000_000, "lakh": 100_000,
        "lakhs": 100_000, "crore": 10_000_000,
    ]

    /// In scripts without spaces; they may follow each other: `3만 5천`.
    static let signs: [(text: String, factor: Int64)] = [
        ("백만", 1_000_000), ("십만", 100_000), ("천만", 10_000_000), ("만", 10_000), ("천", 1000), ("백", 100),
        ("억", 100_000_000), ("百万", 1_000_000), ("十万", 100_000), ("千万", 10_000_000), ("万", 10_000), ("萬", 10_000),
        ("千", 1000), ("億", 100_000_000), ("亿", 100_000_000),
    ]
}

/// Words around a bare number that say whether it is money.
enum MoneyWords {
    /// Close before a number, these make it a sum.
    static let price: Set<String> = [
        "rate", "rates", "fee", "fees", "budget", "price", "charge", "quote", "offer", "honorar", "gage", "preis",
        "budget:", "tarif", "cachet", "prix", "tarifa", "precio", "presupuesto", "preço", "valor", "orçamento",
        "tariffa", "prezzo", "compenso", "stawka", "cena", "ücret", "fiyat", "бюджет", "цена", "гонорар", "pay", "paid",
        "단가", "원고료", "견적", "광고비", "報酬", "料金", "予算", "費用", "费用", "报价", "预算", "稿费",
    ]

    /// Right behind a number, these make it something else.
    static let units: Set<String> = [
        "day", "days", "week", "weeks", "month", "months", "year", "years", "hour", "hours", "hrs", "min", "minutes",
        "followers", "follower", "views", "view", "likes", "subscribers", "subs", "reel", "reels", "story", "stories",
        "post", "posts", "video", "videos", "photos", "percent", "am", "pm", "tage", "tagen", "wochen", "monate",
        "stunden", "abonnenten", "aufrufe", "jours", "semaines", "mois", "abonnés", "vues", "días", "semanas", "meses",
        "seguidores", "vistas", "visualizações", "giorni", "settimane", "mesi", "dni", "gün", "hafta", "takipçi",
        "дней",
        "подписчиков", "pieces", "pcs", "units", "times", "x", "st", "nd", "rd", "th", "clips", "rounds", "slides",
    ]
}
