import Message

/// The bytes of a text with CRLF line ends.
func mail(_ text: String) -> [UInt8] {
    var result: [UInt8] = []
    for byte in text.utf8 {
        if byte == 0x0A { result.append(0x0D) }
        result.append(byte)
    }
    return result
}

func parsed(_ text: String) -> ParsedMessage { ParsedMessage(mail(text)) }

func text(_ bytes: some Sequence<UInt8>) -> String { String(decoding: Array(bytes), as: UTF8.self) }

func text(_ bytes: [UInt8]?) -> String? { bytes.map { String(decoding: $0, as: UTF8.self) } }
