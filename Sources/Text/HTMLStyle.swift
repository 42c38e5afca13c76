internal import Base

/// What a style says of being seen: that of one element, or a whole sheet of rules taken together.
struct HTMLStyle {
    /// Whether what it applies to is not, or hardly, seen.
    private(set) var hides = false
    /// Whether it holds what is not read here.
    private(set) var isUndecidable = false
    private(set) var hasPicture = false
    private(set) var isInline = false
    private(set) var color: HTMLColor?
    private(set) var background: HTMLColor?
    /// Texts that it puts before or behind others.
    private(set) var texts: [String] = []

    init(_ text: String) {
        let css = Self.withoutComments(ASCII.lowercased(text))
        // An escape may spell any name.
        if css.contains("\\") || css.contains("@import") { isUndecidable = true }
        for declaration in css.split(whereSeparator: { ";{}".contains($0) }) {
            guard let colon = declaration.firstIndex(of: ":") else { continue }
            let name = ASCII.trimmed(declaration[..<colon])
            let value = ASCII.trimmed(declaration[declaration.index(after: colon)...])
            read(name, value)
        }
    }

    private mutating func read(_ name: String, _ value: String) {
        if value.contains("var(") || value.contains("calc(") || value.contains("expression(") { isUndecidable = true }
        if value.contains("url(") { hasPicture = true }
        switch name {
        case "display":
            if value.hasPrefix("none") { hides = true }
            isInline = value.hasPrefix("inline") || value.hasPrefix("contents")
        case "float": isInline = !value.hasPrefix("none")
        case "visibility": if !value.hasPrefix("visible"), !value.hasPrefix("inherit") { hides = true }
        case "color":
            let value = Self.withoutImportance(value)
            if !Self.inherited.contains(value) { color = HTMLColor(value) }
            if color == HTMLColor.none { hides = true }
        case "background", "background-color":
            let value = Self.withoutImportance(value)
            if value != "none", value != "transparent", !Self.inherited.contains(value) {
                background = HTMLColor(value)
            }
        case "text-decoration", "text-decoration-line": if value.contains("line-through") { hides = true }
        case "position": if !value.hasPrefix("static"), !value.hasPrefix("relative") { hides = true }
        case "content":
            texts.append(value)
            isUndecidable = true
        case "unicode-bidi", "direction":
            if !value.hasPrefix("ltr"), !value.hasPrefix("normal") { isUndecidable = true }
        default: readSize(name, value)
        }
    }

    private mutating func readSize(_ name: String, _ value: String) {
        if Self.undecidable.contains(name) { isUndecidable = true }
        if name.hasPrefix("margin"),
            value.split(separator: " ").contains(where: { (Self.number(String($0)) ?? 0) < -50 })
        {
            hides = true
        }
        guard let number = Self.number(value) else { return }
        switch name {
        case "font-size", "font":
            let unit = value.drop { $0.isNumber || $0 == "." || $0 == "+" || $0 == "-" }
            let least = unit.hasPrefix("px") || unit.hasPrefix("pt") ? 5 : unit.hasPrefix("%") ? 40 : 0.4
            // `font` begins with a weight where it is written in full.
            if number < least || (name == "font" && !unit.hasPrefix("p")) { hides = true }
        case "opacity": if number < 0.3 { hides = true }
        case "height", "width", "max-height", "max-width", "line-height": if number < 0.1 { hides = true }
        case "text-indent", "left", "top", "right", "bottom", "letter-spacing", "word-spacing", "z-index":
            if number < 0 { hides = true }
        default: break
        }
    }

    private static let inherited: Set<String> = ["inherit", "initial", "unset", "currentcolor", "revert"]

    private static let undecidable: Set<String> = [
        "mso-hide", "clip", "clip-path", "transform", "filter", "mask", "mask-image", "-webkit-mask",
        "-webkit-text-fill-color", "-webkit-mask-image", "content-visibility", "mix-blend-mode", "zoom", "scale",
        "translate", "font-palette", "text-security", "-webkit-text-security",
    ]

    /// The number that a value begins with.
    private static func number(_ value: String) -> Double? {
        let text = value.prefix { $0.isNumber || $0 == "." || $0 == "+" || $0 == "-" }
        return Double(text.hasPrefix(".") ? "0" + text : String(text))
    }

    private static func withoutImportance(_ value: String) -> String {
        value.split(separator: "!").first.map { ASCII.trimmed($0) } ?? value
    }

    private static func withoutComments(_ css: String) -> String {
        guard css.contains("/*") else { return css }
        var result: [UInt8] = []
        let bytes = Array(css.utf8)
        var index = 0
        while index < bytes.count {
            guard bytes[index...].starts(with: "/*".utf8) else {
                result.append(bytes[index])
                index += 1
                continue
            }
            index = bytes.span.firstIndex(of: Array("*/"), from: index + 2).map { $0 + 2 } ?? bytes.count
        }
        return String(decoding: result, as: UTF8.self)
    }
}
