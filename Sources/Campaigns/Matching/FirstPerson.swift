/// Words by which a sender says that a handle is their own, or somebody else's (MATCHING §5.7).
///
/// Folded. English, German, French, Spanish, Portuguese, Italian, Dutch, Polish, Turkish,
/// Russian, Korean, Japanese and Chinese; other languages wait for a person.
enum FirstPerson {
    /// What stands right before: `this is @h`.
    static let leads: Set<String> = [
        "this is", "it's", "it’s", "it is", "i'm", "i’m", "im", "i am", "here is", "me is", "i go by", "find me at",
        "find me as", "reach me at", "follow me", "me at", "i post as", "as me", "hier ist", "ich bin", "das ist",
        "ici", "je suis", "c'est", "c’est", "soy", "yo soy", "aquí", "aquí está", "sou", "eu sou", "aqui é", "aqui",
        "sono", "io sono", "qui", "ik ben", "dit is", "jestem", "tu", "z tej strony", "ben", "burası", "я", "это", "저는",
        "저", "나는", "私は", "わたしは", "僕は", "我是", "这是", "這是", "我叫",
    ]

    /// What follows: `@h here`.
    static let followers: [String] = [
        "here", "hier", "ici", "aquí", "aqui", "qui", "tutaj", "speaking", "burada", "здесь", "です", "と申します", "입니다",
        "이에요", "예요", "에요", "라고 합니다", "이라고 합니다",
    ]

    /// Whose account it is: `my TikTok is @h`.
    static let possessives: Set<String> = [
        "my", "our", "mein", "meine", "mon", "ma", "mi", "mis", "meu", "minha", "mio", "mia", "il mio", "mijn", "mój",
        "moje", "moja", "benim", "мой", "моя", "моё", "내", "제", "저의", "나의", "私の", "我的",
    ]

    /// Words for an account and what joins it to its name.
    static let accountWords: Set<String> = [
        "is", "handle", "account", "username", "user", "name", "profile", "page", "channel", "at", "ist", "konto",
        "kanal", "profil", "name", "heißt", "heisst", "est", "compte", "pseudo", "chaîne", "es", "cuenta", "usuario",
        "perfil", "canal", "é", "conta", "è", "profilo", "canale", "account", "to", "jest", "hesabım", "kanalım", "это",
        "аккаунт", "канал", "профиль", "계정은", "계정", "아이디는", "아이디", "채널은", "채널", "アカウントは", "アカウント", "账号是",
        "账号", "帳號是", "帳號", "인스타그램은", "인스타는", "틱톡은", "유튜브는", "インスタは",
    ]

    /// What stands before somebody else's handle: `about @h`.
    static let pointers: Set<String> = [
        "about", "saw", "see", "seen", "re", "represent", "represents", "representing", "love", "loved", "like",
        "liked",
        "via", "cc", "regarding", "concerning", "über", "wegen", "zu", "sobre", "acerca de", "à propos de", "propos de",
        "su", "over", "o", "про", "about:", "met", "watched", "manage", "managing", "behalf of", "for", "für", "pour",
        "para", "per", "recommend", "recommending", "introducing",
    ]

    /// Words of a line that only says where to find somebody.
    static let labelWords: Set<String> = [
        "me", "my", "find", "follow", "on", "see", "here", "social", "socials", "link", "links", "web", "portfolio",
        "mich", "folge", "auf", "suivez-moi", "sur", "sígueme", "en", "siga", "no", "seguimi", "su", "and", "&", "-",
        "•",
        "—", "/", "*", ">", "url",
    ]

    /// After these a one-letter name is a platform: `on X`.
    static let beforeShortNames: Set<String> = [
        "on", "my", "auf", "mein", "sur", "mon", "en", "mi", "no", "meu", "su", "mio", "op", "na", "from", "von", "at",
    ]
}
