// swift-tools-version: 6.3
import PackageDescription

// The folder list below Sources is the architecture: a target imports only what stands
// above it in this list. ARCHITECTURE.md says what lives in each.

let settings: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .strictMemorySafety(),
    .defaultIsolation(nil),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InferIsolatedConformances"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .enableUpcomingFeature("ImmutableWeakCaptures"),
]

/// `Lifetimes` is needed where a type stores a `Span` (the byte cursor and its users).
let lifetimes: [SwiftSetting] = settings + [.enableExperimentalFeature("Lifetimes")]

func room(_ name: String, _ imports: [Target.Dependency], _ swiftSettings: [SwiftSetting] = settings) -> Target {
    .target(name: name, dependencies: imports, swiftSettings: swiftSettings)
}

func tests(_ name: String, _ imports: [Target.Dependency] = []) -> Target {
    .testTarget(
        name: name + "Tests",
        dependencies: [.target(name: name), "TestSupport"] + (name == "Base" ? [] : ["Base"]) + imports,
        swiftSettings: lifetimes
    )
}

let package = Package(
    name: "greenroom",
    products: [
        .executable(name: "greenroom", targets: ["greenroom"])
    ],
    targets: [
        // System modules: a module map and inline shims, no code.
        .systemLibrary(name: "CSQLite", pkgConfig: "sqlite3", providers: [.apt(["libsqlite3-dev"])]),
        .systemLibrary(name: "COpenSSL", pkgConfig: "openssl", providers: [.apt(["libssl-dev"])]),
        .systemLibrary(name: "CLinux"),

        // Ground.
        room("Base", [], lifetimes),
        room("Text", ["Base"], lifetimes),
        room("Crypto", ["Base", "COpenSSL"]),
        room("Reactor", ["Base", "CLinux"]),
        room("Net", ["Base", "Reactor", "CLinux", "COpenSSL"]),
        room("SQLite", ["Base", "CSQLite", "CLinux"]),

        // Formats and protocols, no I/O.
        room("Message", ["Base", "Text"], lifetimes),
        room("IMAPWire", ["Base", "Text"], lifetimes),
        room("SMTPWire", ["Base"], lifetimes),
        room("SASL", ["Base", "Crypto"]),

        // What Greenroom knows: pure.
        room("Campaigns", ["Base", "Text", "Message"]),
        room("Triage", ["Base", "Text", "Message", "Campaigns"]),
        room("Policy", ["Base", "Text", "Campaigns", "Triage"]),
        room("Ledger", ["Base", "Crypto", "Campaigns", "Policy"]),
        room("Views", ["Base", "Campaigns", "Policy"]),
        room("Config", ["Base", "Text", "Crypto", "SASL", "Campaigns", "Triage", "Policy", "Views"], lifetimes),

        // Protocol engines and their drivers.
        room("IMAPServer", ["Base", "Text", "Reactor", "Net", "Message", "IMAPWire", "SASL"]),
        room("IMAPClient", ["Base", "Text", "Reactor", "Net", "IMAPWire", "SASL"]),
        room("SMTPServer", ["Base", "Reactor", "Net", "SMTPWire", "SASL"]),
        room("SMTPClient", ["Base", "Reactor", "Net", "SMTPWire", "SASL"]),

        // State.
        room("Store", ["Base", "Crypto", "Reactor", "SQLite", "IMAPWire"]),
        room("Search", ["Base", "Text", "Message", "SQLite", "Store"]),
        room(
            "Mirror",
            ["Base", "Text", "Crypto", "Reactor", "Net", "Message", "IMAPWire", "SASL", "IMAPClient", "Store"]
        ),
        room(
            "Outbound",
            [
                "Base", "Crypto", "Reactor", "Net", "Message", "SMTPWire", "SASL", "Campaigns", "Policy", "Ledger",
                "SMTPClient", "Store",
            ]
        ),
        room("Letters", ["Base", "Text", "Message", "Campaigns", "Triage", "Policy"]),

        // The house.
        room(
            "Flow",
            [
                "Base", "Crypto", "Text", "Message", "Campaigns", "Triage", "Policy", "Ledger", "Views", "Config",
                "IMAPWire", "SMTPWire", "Store", "Search", "Mirror", "Outbound", "Letters",
            ]
        ),
        room(
            "Sessions",
            [
                "Base", "Crypto", "Reactor", "Net", "Message", "IMAPWire", "SMTPWire", "SASL", "Campaigns", "Policy",
                "Ledger",
                "Views", "Config", "IMAPServer", "SMTPServer", "Store", "Search", "Mirror", "Letters", "Flow",
            ]
        ),
        room(
            "Control",
            [
                "Base", "Crypto", "Reactor", "Net", "Message", "Campaigns", "Triage", "Policy", "Ledger", "Views",
                "Config",
                "SASL", "Store", "Search", "Outbound", "Flow",
            ]
        ),
        room(
            "Gateway",
            [
                "Base", "Crypto", "Reactor", "Net", "SQLite", "Message", "IMAPWire", "SMTPWire", "SASL", "Campaigns",
                "Policy",
                "Ledger", "Views", "Config", "IMAPServer", "IMAPClient", "SMTPServer", "SMTPClient", "Store", "Search",
                "Mirror", "Outbound", "Letters", "Flow", "Sessions", "Control",
            ]
        ),
        .executableTarget(
            name: "greenroom",
            dependencies: ["Base", "Reactor", "Config", "Control", "Gateway"],
            swiftSettings: settings
        ),

        // Tests mirror the sources; Conversations run the whole gateway with several clients.
        .target(
            name: "TestSupport",
            dependencies: ["Base", "Crypto", "Reactor", "Net", "SQLite"],
            path: "Tests/TestSupport",
            swiftSettings: settings
        ),
        // What fuzzers feed, and tests with them; the fuzzers themselves are built by Fuzz/Package.swift.
        .target(
            name: "FuzzEntries",
            dependencies: [
                "Base", "Text", "Message", "IMAPWire", "IMAPServer", "SQLite", "Store", "Search", "TestSupport",
            ],
            path: "Fuzz/Entries",
            swiftSettings: lifetimes
        ),
        .testTarget(
            name: "FuzzTests",
            dependencies: ["FuzzEntries", "SQLite", "TestSupport"],
            swiftSettings: settings
        ),
        tests("Base"),
        tests("Text"),
        tests("Crypto"),
        tests("Reactor"),
        tests("Net", ["Reactor"]),
        tests("SQLite"),
        tests("Message", ["Text"]),
        tests("IMAPWire", ["Text"]),
        tests("SMTPWire"),
        tests("SASL", ["Crypto"]),
        tests("Campaigns", ["Text", "Message"]),
        tests("Triage", ["Text", "Message", "Campaigns"]),
        tests("Policy", ["Text", "Campaigns", "Triage"]),
        tests("Ledger", ["Crypto", "Campaigns", "Policy"]),
        tests("Views", ["Campaigns", "Policy"]),
        tests("Config", ["Text", "Campaigns", "Triage", "Policy", "Views", "SASL", "SQLite"]),
        tests("IMAPServer", ["Text", "Reactor", "Net", "Message", "IMAPWire", "SASL"]),
        tests("IMAPClient", ["Reactor", "Net", "IMAPWire", "SASL"]),
        tests(
            "Sessions",
            [
                "SQLite", "Crypto", "Reactor", "Net", "Campaigns", "SMTPWire", "SASL", "Config", "IMAPServer",
                "SMTPServer", "Store", "Outbound", "Flow",
            ]
        ),
        tests("SMTPServer", ["Reactor", "Net", "SMTPWire", "SASL"]),
        tests("SMTPClient", ["Reactor", "Net", "SMTPWire", "SASL", "SMTPServer"]),
        tests("Store", ["Crypto", "Reactor", "SQLite", "IMAPWire"]),
        tests("Search", ["Text", "Message", "SQLite", "Store", "FuzzEntries"]),
        tests("Mirror", ["Crypto", "Reactor", "Net", "Message", "IMAPWire", "SASL", "IMAPClient", "Store"]),
        tests("Outbound", ["Crypto", "Reactor", "Net", "Message", "SMTPWire", "SMTPClient", "Policy", "Store"]),
        tests("Letters", ["Message", "Campaigns", "Policy", "Triage"]),
        tests(
            "Flow",
            [
                "SQLite", "Crypto", "Message", "IMAPWire", "SMTPWire", "Campaigns", "Policy", "Ledger", "Views",
                "Config", "Store", "Outbound", "Letters", "Reactor", "Net", "SASL", "SMTPClient", "SMTPServer",
            ]
        ),
        tests(
            "Control",
            [
                "Crypto", "Reactor", "Net", "SQLite", "SASL", "SMTPWire", "Campaigns", "Policy", "Ledger", "Config",
                "Store",
                "Search",
                "Outbound", "Flow",
            ]
        ),
        .testTarget(
            name: "Conversations",
            dependencies: [
                "Base", "Reactor", "Net", "SQLite", "Crypto", "Message", "Campaigns", "Policy", "Ledger", "Config",
                "Store",
                "IMAPWire", "Outbound", "Flow", "Gateway", "TestSupport",
            ],
            swiftSettings: lifetimes
        ),
    ]
)
