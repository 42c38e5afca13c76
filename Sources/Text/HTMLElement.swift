internal import Base

/// An element of an HTML mail, as far as its name and attributes say what is seen of it.
struct HTMLElement {
    let name: String
    /// Where a link goes.
    private(set) var target: String?
    /// What is read in the place of a picture or a field.
    private(set) var standIn = ""
    /// Tool tips and the like.
    private(set) var asides: [String] = []
    private(set) var color: HTMLColor?
    private(set) var background: HTMLColor?
    private(set) var isHidden: Bool
    /// Whether nobody can tell what is seen of it.
    private(set) var isUndecidable: Bool
    /// Whether it shows a picture, on its ground if not as itself.
    private(set) var isPicture: Bool
    /// Whether a style keeps it on the line, whatever its name.
    private(set) var isInline = false
    private var seen: Set<String> = []

    init(name: String) {
        self.name = name
        isHidden = Self.hidden.contains(name)
        isUndecidable = Self.undecidable.contains(name)
        isPicture = name == "img" || name == "input"
    }

    /// Takes in an attribute; of several with one name the first counts, as in a browser.
    mutating func add(_ attribute: String, _ value: String) {
        guard seen.insert(attribute).inserted else { return }
        switch attribute {
        case "href" where name == "a": target = value
        case "alt", "value", "placeholder", "label": standIn += standIn.isEmpty ? value : " " + value
        case "title", "aria-label", "aria-description", "summary", "content", "srcdoc": asides.append(value)
        case "hidden": isHidden = true
        case "style": add(HTMLStyle(value))
        case "color", "text": color = HTMLColor(value)
        case "background": isPicture = true
        case "bgcolor": background = HTMLColor(value)
        case "rel" where name == "link": isUndecidable = true
        case "dir" where name == "bdo": isUndecidable = true
        default: break
        }
    }

    private mutating func add(_ style: HTMLStyle) {
        if style.hides { isHidden = true }
        if style.isUndecidable { isUndecidable = true }
        if style.hasPicture { isPicture = true }
        isInline = style.isInline
        asides += style.texts
        if let color = style.color { self.color = color }
        if let background = style.background { self.background = background }
    }

    /// Struck out, or not for reading.
    private static let hidden: Set<String> = ["del", "s", "strike", "datalist", "rp"]

    /// Whose content browsers read in ways of their own, or show only sometimes.
    private static let undecidable: Set<String> = [
        "audio", "bdo", "button", "canvas", "details", "dialog", "embed", "frameset", "iframe", "marquee", "math",
        "noembed", "noframes", "noscript", "object", "option", "optgroup", "picture", "plaintext", "select", "svg",
        "template", "textarea", "video", "xmp",
    ]
}

/// A colour of text or ground.
enum HTMLColor: Equatable {
    case rgb(Int, Int, Int)
    /// Cannot be compared.
    case other
    case none

    static let black = Self.rgb(0, 0, 0)
    static let white = Self.rgb(255, 255, 255)

    init(_ text: String) {
        let text = ASCII.lowercased(ASCII.trimmed(text))
        if let known = Self.names[text] {
            self = known
        } else if text == "transparent" {
            self = .none
        } else if text.hasPrefix("#") || text.utf8.count == 6, let color = Self.hexadecimal(text) {
            self = color
        } else if text.hasPrefix("rgb"), text.hasSuffix(")"), let open = text.firstIndex(of: "(") {
            let parts = text[open...].dropFirst().dropLast().split { ", /".contains($0) }
            let values = parts.prefix(3).compactMap { Int($0) }
            let isFaint = parts.count > 3 && (Double(parts[3]) ?? 0) < 0.5
            self = values.count == 3 && !isFaint ? .rgb(values[0], values[1], values[2]) : .other
        } else {
            self = .other
        }
    }

    private static func hexadecimal(_ text: String) -> Self? {
        let digits = text.utf8.drop { $0 == UInt8(ascii: "#") }.map { ASCII.hexValue($0).map(Int.init) }
        let values = digits.compactMap { $0 }
        guard values.count == digits.count else { return nil }
        switch values.count {
        case 3: return .rgb(values[0] * 17, values[1] * 17, values[2] * 17)
        case 6: return .rgb(values[0] * 16 + values[1], values[2] * 16 + values[3], values[4] * 16 + values[5])
        default: return nil
        }
    }

    private static let names: [String: Self] = [
        "black": .black, "white": .white, "ivory": .rgb(255, 255, 240), "snow": .rgb(255, 250, 250),
        "whitesmoke": .rgb(245, 245, 245), "red": .rgb(255, 0, 0), "blue": .rgb(0, 0, 255), "green": .rgb(0, 128, 0),
        "navy": .rgb(0, 0, 128), "gray": .rgb(128, 128, 128), "grey": .rgb(128, 128, 128),
        "windowtext": .black,
    ]

    /// Whether text of this colour is not seen on a ground; what cannot be compared is taken for lost.
    func isLost(on background: Self) -> Bool {
        switch (self, background) {
        case (.rgb(let red, let green, let blue), .rgb(let red2, let green2, let blue2)):
            abs(red - red2) < 48 && abs(green - green2) < 48 && abs(blue - blue2) < 48
        case (.none, _): true
        // Black and what is left as it is are seen on most grounds; a picture behind is not looked at.
        default: self != .black
        }
    }
}
