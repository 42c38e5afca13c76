internal import Base

/// The words by which mail programs mark what they quote, in the languages that creators write in.
enum FreshTextWords {
    /// What ends the line above a quotation: "On … Mia wrote:".
    static let wrote: [[UInt8]] = bytes([
        "wrote", "writes", "schrieb", "schrieb am", "a écrit", "escribió", "escreveu", "ha scritto", "schreef",
        "napisał", "napisała", "napisał(a)", "napisał/a", "pisze", "님이 작성", "님이 작성했습니다", "작성", "写道", "寫道",
        "さんは書きました", "さんが書きました", "は書きました", "のメール", "のメッセージ", "skrev", "kirjoitti", "yazdı",
        "пишет", "написал", "написал(а)",
    ])

    /// The same as a word inside a line: "schrieb Mia".
    static let wroteInside: [[UInt8]] = wrote.map { [0x20] + $0 + [0x20] }

    /// Labels of a quoted header's From, lower case.
    static let from: Set<String> = [
        "from", "von", "de", "da", "van", "od", "差出人", "送信者", "送信元", "보낸 사람", "보낸사람", "발신", "发件人", "發件人",
        "寄件者", "寄件人", "från", "fra", "lähettäjä", "от", "kimden", "expéditeur", "remitente", "mittente", "nadawca",
    ]
    static let date: Set<String> = [
        "sent", "date", "gesendet", "datum", "envoyé", "envoyé le", "enviado", "enviado el", "enviado em", "enviada em",
        "fecha", "data", "inviato", "verzonden", "wysłano", "送信日時", "日付", "日時", "送信", "보낸 날짜", "보낸날짜", "날짜",
        "发送时间", "发送日期", "日期", "時間", "时间", "傳送時間", "寄件日期", "skickat", "sendt", "lähetetty", "дата",
        "отправлено", "tarih", "gönderildi",
    ]
    static let to: Set<String> = [
        "to", "an", "à", "pour", "para", "a", "aan", "do", "宛先", "送信先", "받는 사람", "받는사람", "수신", "收件人", "收件者", "till",
        "til", "vastaanottaja", "кому", "kime",
    ]
    static let subject: Set<String> = [
        "subject", "betreff", "objet", "asunto", "assunto", "oggetto", "onderwerp", "temat", "件名", "제목", "主题", "主題",
        "主旨", "ämne", "emne", "aihe", "тема", "konu",
    ]
    static let other: Set<String> = [
        "cc", "kopie", "copie", "dw", "bcc", "reply-to", "antwort an", "répondre à", "responder a", "参照", "참조", "抄送",
        "副本", "cc:", "importance", "priority", "attachments", "anlagen",
    ]

    /// Lines that announce a forwarded message, lower case, without dashes and colon.
    static let forwarded: [[UInt8]] = bytes([
        "forwarded message", "forwarded by", "begin forwarded message", "fwd message", "weitergeleitete nachricht",
        "anfang der weitergeleiteten nachricht", "anfang der weitergeleiteten e-mail", "message transféré",
        "message transmis", "début du message réexpédié", "début du message transféré", "mensaje reenviado",
        "inicio del mensaje reenviado", "mensagem encaminhada", "início da mensagem encaminhada",
        "mensagem reencaminhada", "messaggio inoltrato", "inizio messaggio inoltrato", "doorgestuurd bericht",
        "begin doorgestuurd bericht", "przekazana wiadomość", "wiadomość przekazana",
        "początek przekazywanej wiadomości",
        "początek przesłanej dalej wiadomości", "転送メッセージ", "転送されたメッセージ", "転送されたメール", "전달된 메시지",
        "전달된 메일", "转发的邮件", "转发邮件", "以下是转发的邮件", "轉寄郵件", "轉寄的郵件", "開始轉寄郵件", "以下為轉寄的郵件",
        "vidarebefordrat meddelande", "пересылаемое сообщение",
    ])

    /// Lines that announce the message that is answered, lower case, without dashes.
    static let original: [[UInt8]] = bytes([
        "original message", "original-nachricht", "ursprüngliche nachricht", "originalnachricht", "message d'origine",
        "message d’origine", "message original", "mensaje original", "mensagem original", "messaggio originale",
        "oorspronkelijk bericht", "wiadomość oryginalna", "oryginalna wiadomość", "元のメッセージ", "original appointment",
        "원본 메시지", "원본 메일", "原始邮件", "原始郵件", "原邮件", "ursprungligt meddelande", "исходное сообщение",
    ])

    /// How a phone's standing note under a mail begins, lower case.
    static let phoneNotes: [[UInt8]] = bytes([
        "sent from my ", "sent from outlook", "sent from mail for", "sent from yahoo", "sent via ", "get outlook for",
        "von meinem ", "gesendet von ", "gesendet mit ", "envoyé de mon ", "envoyé depuis ", "enviado desde mi ",
        "enviado desde ", "enviado do meu ", "enviado a partir do ", "inviato da ", "verzonden vanaf ",
        "verstuurd vanaf ",
        "wysłane z ", "iphoneから送信", "私のiphoneから送信", "나의 iphone에서 보냄", "내 iphone에서 보냄", "发自我的", "從我的",
        "skickat från min",
    ])

    /// What the phone notes begin with: most lines begin with something else.
    static let phoneNoteStarts: ByteClass = phoneNotes.reduce(into: ByteClass()) { $0.insert($1[0]) }

    /// Prefixes of a subject that say that something is forwarded, lower case, without the colon.
    static let forwardPrefixes: Set<String> = [
        "fwd", "fw", "wg", "tr", "rv", "enc", "i", "doorst", "pd", "転送", "전달", "转发", "轉寄", "vb", "vs", "ilt",
    ]
}

extension FreshTextWords {
    /// Compared as bytes: a hundred comparisons a line that fail at the first one.
    private static func bytes(_ words: [String]) -> [[UInt8]] { words.map { Array($0.utf8) } }
}

/// The labels of a quoted header.
enum HeaderBlockLabel {
    case from
    case date
    case to
    case subject
    case other

    init?(_ label: String) {
        if FreshTextWords.from.contains(label) {
            self = .from
        } else if FreshTextWords.date.contains(label) {
            self = .date
        } else if FreshTextWords.to.contains(label) {
            self = .to
        } else if FreshTextWords.subject.contains(label) {
            self = .subject
        } else if FreshTextWords.other.contains(label) {
            self = .other
        } else {
            return nil
        }
    }
}
