import Base
import Testing

@Suite struct JSONTests {
    private static let cases: [(JSON, String)] = [
        (.null, "null"), (.bool(true), "true"), (.number(-7), "-7"), (.array([]), "[]"), ([:], "{}"),
        (["a": .number(1), "b": .strings(["x", "y"])], #"{"a":1,"b":["x","y"]}"#),
        (.optional(nil), "null"), (.optional("é"), "\"é\""),
    ]

    @Test(arguments: cases)
    func writesOneLine(_ value: JSON, text: String) {
        #expect(value.text == text)
    }

    @Test func escapesWhatEndsAStringOrMovesACursor() {
        let value = JSON.string("\"\\\n\r\t\u{0}\u{1B}[2J\u{7F}\u{9B}\u{2028}")
        #expect(value.text == #""\"\\\n\r\t\u0000\u001b[2J\u007f\u009b\u2028""#)
    }
}
