/// The messages of the load: unlike each other, and the same in every run.
enum MailCorpus {
    /// A message of about `size` octets; the number makes it one of a kind.
    static func message(_ number: Int, size: Int = 4096) -> [UInt8] {
        var random = SeededRandom(seed: UInt64(number))
        let sender = random.pick(people)
        let boundary = "=_part_\(number)"
        var text = "From: \(sender) <\(sender.lowercased())\(number % 97)@sender.example>\r\n"
        text += "To: Team <user\(number % 20)@glow.example>, \(random.pick(people)) <copy@glow.example>\r\n"
        text += "Subject: \(random.pick(words)) \(random.pick(words)) \(number)\r\n"
        text += "Date: \(date(number))\r\nMessage-ID: <\(number)@bench.example>\r\n"
        if number % 3 == 0 {
            text += "In-Reply-To: <\(number - 3)@bench.example>\r\nReferences: <\(number - 3)@bench.example>\r\n"
        }
        text += "Received: from mx.sender.example by mx.glow.example; \(date(number))\r\nMIME-Version: 1.0\r\n"
        switch number % 4 {
        case 0:
            text += "Content-Type: multipart/alternative; boundary=\"\(boundary)\"\r\n\r\n"
            text += "--\(boundary)\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n"
            text += lines(&random, size / 2)
            text += "--\(boundary)\r\nContent-Type: text/html; charset=utf-8\r\n\r\n<p>"
            text += lines(&random, size - text.utf8.count - 40) + "</p>\r\n--\(boundary)--\r\n"
        case 1:
            text += "Content-Type: multipart/mixed; boundary=\"\(boundary)\"\r\n\r\n"
            text += "--\(boundary)\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n"
            text += lines(&random, size / 2)
            text += "--\(boundary)\r\nContent-Type: image/png; name=\"picture.png\"\r\n"
            text += "Content-Disposition: attachment; filename=\"picture.png\"\r\n"
            text += "Content-Transfer-Encoding: base64\r\n\r\n"
            while text.utf8.count < size - 100 { text += base64Line(&random) }
            text += "--\(boundary)--\r\n"
        default:
            text += "Content-Type: text/plain; charset=utf-8\r\n\r\n"
            text += lines(&random, size - text.utf8.count)
        }
        return Array(text.utf8)
    }

    /// Stands in one message of a thousand, in many, and in none.
    static let rareWord = "quasar"
    static let commonWord = "garden"
    static let absentWord = "zyzzyva"

    /// Words until so many octets are reached.
    private static func lines(_ random: inout SeededRandom, _ size: Int) -> String {
        var text = ""
        var column = 0
        if random.below(1000) == 0 { text += "\(rareWord) " }
        while text.utf8.count < size {
            let word = random.pick(words)
            text += word
            column += word.utf8.count + 1
            if column > 66 {
                text += "\r\n"
                column = 0
            } else {
                text += " "
            }
        }
        return text + "\r\n"
    }

    private static func base64Line(_ random: inout SeededRandom) -> String {
        let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
        return String(decoding: (0..<76).map { _ in alphabet[random.below(64)] }, as: UTF8.self) + "\r\n"
    }

    private static func date(_ number: Int) -> String {
        let two = { (value: Int) in value < 10 ? "0\(value)" : "\(value)" }
        return "\(two(1 + number / 1440 % 28)) Mar 2026 \(two(number / 60 % 24)):\(two(number % 60)):00 +0000"
    }

    private static let people = ["Mia", "Ben", "Lea", "Noor", "Ines", "Tom", "Yara", "Paul", "Zoe", "Emil"]
    private static let words = """
        about account agency answer april autumn batch before better brand brief camera campaign care case channel \
        city clear colour comment content contract copy cotton creator cream customer daily date deadline delivery \
        detail draft dress drop early email evening event fashion figure film final first follow form fresh garden \
        glass green group happy heart house idea image invoice journey kind label launch later letter light list \
        little live local long look market market material meeting message minute model money month morning music \
        name nature night note number offer office open order outfit package paper parcel payment people person \
        photo picture place plan please post price product question rate reach ready reel report review right sample \
        season serum share shipping shoot short skin small song space spring stage start still story studio style \
        summer support sure table talk team term thank thing think thread time today tomorrow topic travel update \
        version video view voice water week welcome white winter wish word work world writing year yellow young
        """.split { $0 == " " || $0 == "\n" }.map(String.init)
}

extension MailCorpus {
    /// A copy of one of the templates that differs from every other in its Message-ID and first line.
    static func message(_ number: Int, from templates: [[UInt8]]) -> [UInt8] {
        Array("X-Number: \(number)\r\n".utf8) + templates[number % templates.count]
    }
}
