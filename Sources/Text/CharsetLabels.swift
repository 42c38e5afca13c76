extension Charset {
    /// A name for each charset that is known, as BADCHARSET lists them (RFC 3501 §7.1).
    package static let preferredNames = [
        "US-ASCII", "UTF-8", "UTF-7", "UTF-16", "UTF-32", "ISO-8859-1", "ISO-8859-2", "ISO-8859-3", "ISO-8859-4",
        "ISO-8859-5", "ISO-8859-6", "ISO-8859-7", "ISO-8859-8", "ISO-8859-9", "ISO-8859-10", "ISO-8859-11",
        "ISO-8859-13", "ISO-8859-14", "ISO-8859-15", "ISO-8859-16", "WINDOWS-1250", "WINDOWS-1251", "WINDOWS-1252",
        "WINDOWS-1253", "WINDOWS-1254", "WINDOWS-1255", "WINDOWS-1256", "WINDOWS-1257", "WINDOWS-1258", "IBM437",
        "IBM850", "IBM852", "IBM866", "KOI8-R", "KOI8-U", "MACINTOSH", "GB18030", "BIG5", "EUC-TW", "SHIFT_JIS",
        "EUC-JP", "ISO-2022-JP", "EUC-KR", "ISO-2022-KR", "JOHAB", "VISCII",
    ]

    /// IANA names and aliases, and names that mail programs made up, by their letters and digits.
    ///
    /// A charset is read as the larger one that programs mean by its name: GB2312 as GB18030, EUC-KR as
    /// Unified Hangul, Shift_JIS as Windows-31J. Only converters without known faults are named:
    /// ISO-2022-JP-3 and ISO-2022-CN-EXT have crashed old C libraries.
    static let methods: [String: Method] = {
        var methods: [String: Method] = [:]
        for (method, names) in table {
            for name in names.split(separator: " ") { methods[String(name)] = method }
        }
        return methods
    }()

    private static let table: [(Method, String)] = [
        (
            .utf8OrWindows1252,
            """
            usascii ascii us ansix341968 ansix341986 iso646us iso646irv1991 ibm367 cp367 csascii utf8 unicode11utf8 \
            csutf8 utf8mac 7bit 8bit none unknown unknown8bit default binary
            """
        ),
        (
            .windows1252,
            """
            iso88591 iso885911987 latin1 l1 ibm819 cp819 isoir100 csisolatin1 windows1252 cp1252 xcp1252 win1252 \
            xwindows1252 cswindows1252 ansi iso8859
            """
        ),
        (.utf16, "utf16 csutf16 unicode ucs2 iso10646ucs2 csunicode"),
        (.utf16BigEndian, "utf16be csutf16be unicodefffe"),
        (.utf16LittleEndian, "utf16le csutf16le unicodefeff"),
        (.converter("UTF-32"), "utf32 ucs4 iso10646ucs4"),
        (.converter("UTF-32BE"), "utf32be"),
        (.converter("UTF-32LE"), "utf32le"),
        (.converter("UTF-7"), "utf7 unicode11utf7 csunicode11utf7 csutf7"),
        (.converter("ISO-8859-2"), "iso88592 iso885921987 latin2 l2 isoir101 csisolatin2"),
        (.converter("ISO-8859-3"), "iso88593 iso885931988 latin3 l3 isoir109 csisolatin3"),
        (.converter("ISO-8859-4"), "iso88594 iso885941988 latin4 l4 isoir110 csisolatin4"),
        (.converter("ISO-8859-5"), "iso88595 iso885951988 cyrillic isoir144 csisolatincyrillic"),
        (
            .converter("ISO-8859-6"),
            "iso88596 iso885961987 arabic ecma114 asmo708 isoir127 csisolatinarabic iso88596i iso88596e"
        ),
        (.converter("ISO-8859-7"), "iso88597 iso885971987 greek greek8 ecma118 elot928 isoir126 csisolatingreek"),
        (
            .converter("ISO-8859-8"),
            "iso88598 iso885981988 hebrew isoir138 csisolatinhebrew iso88598i iso88598e visual logical"
        ),
        (
            .converter("CP1254"),
            "iso88599 iso885991989 latin5 l5 isoir148 csisolatin5 windows1254 cp1254 xcp1254 win1254"
        ),
        (.converter("ISO-8859-10"), "iso885910 iso8859101992 latin6 l6 isoir157 csisolatin6"),
        (.converter("CP874"), "iso885911 tis620 tis6202533 windows874 cp874 dos874"),
        (.converter("ISO-8859-13"), "iso885913 latin7"),
        (.converter("ISO-8859-14"), "iso885914 iso8859141998 latin8 l8 isoir199 isoceltic"),
        (.converter("ISO-8859-15"), "iso885915 latin9 l9 csiso885915"),
        (.converter("ISO-8859-16"), "iso885916 iso8859162001 latin10 l10 isoir226"),
        (.converter("CP1250"), "windows1250 cp1250 xcp1250 win1250"),
        (.converter("CP1251"), "windows1251 cp1251 xcp1251 win1251"),
        (.converter("CP1253"), "windows1253 cp1253 xcp1253 win1253"),
        (.converter("CP1255"), "windows1255 cp1255 xcp1255 win1255"),
        (.converter("CP1256"), "windows1256 cp1256 xcp1256 win1256"),
        (.converter("CP1257"), "windows1257 cp1257 xcp1257 win1257"),
        (.converter("CP1258"), "windows1258 cp1258 xcp1258 win1258"),
        (.converter("CP437"), "ibm437 cp437 437 cspc8codepage437"),
        (.converter("CP850"), "ibm850 cp850 850 cspc850multilingual"),
        (.converter("CP852"), "ibm852 cp852 852 cspcp852"),
        (.converter("CP866"), "ibm866 cp866 866 csibm866"),
        (.converter("KOI8-R"), "koi8r koi8 koi cskoi8r"),
        (.converter("KOI8-U"), "koi8u koi8ru cskoi8u"),
        (.converter("MACINTOSH"), "macintosh mac macroman xmacroman csmacintosh"),
        (.converter("MAC-CYRILLIC"), "maccyrillic xmaccyrillic xmacukrainian"),
        (
            .converter("GB18030"),
            "gb18030 csgb18030 gbk cp936 ms936 windows936 csgbk gb2312 csgb2312 euccn gb231280 csiso58gb231280 chinese isoir58 xgbk"
        ),
        (.converter("BIG5-HKSCS"), "big5 csbig5 big5hkscs cnbig5 xxbig5 big5eten cp950 windows950"),
        (.converter("EUC-TW"), "euctw xeuctw"),
        (
            .converter("CP932"),
            "shiftjis sjis xsjis mskanji csshiftjis windows31j cswindows31j cp932 ms932 xmscp932 windows932"
        ),
        (.converter("EUC-JP-MS"), "eucjp xeucjp cseucpkdfmtjapanese extendedunixcodepackedformatforjapanese eucjpms"),
        (.converter("ISO-2022-JP-2"), "iso2022jp csiso2022jp iso2022jp2 csiso2022jp2 iso2022jp1 jis cp50220 cp50221"),
        (
            .converter("UHC"),
            "euckr cseuckr ksc56011987 ksc56011989 ksc5601 ks5601 csksc56011987 korean isoir149 windows949 cp949 uhc ms949"
        ),
        (.converter("ISO-2022-KR"), "iso2022kr csiso2022kr"),
        (.converter("JOHAB"), "johab cp1361 ms1361"),
        (.converter("VISCII"), "viscii csviscii"),
    ]
}
