// swift-tools-version: 6.3
import PackageDescription

// What `scripts/fuzz` builds: the parsers together with libFuzzer, in a package of its own so that
// its instrumentation costs the ordinary build nothing. The rooms are links to ../Sources; the
// entries in Entries/ are a target of the main package too, where tests feed them Inputs/.

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
    .enableExperimentalFeature("Lifetimes"),
]

func room(_ name: String, _ imports: [Target.Dependency]) -> Target {
    .target(name: name, dependencies: imports, swiftSettings: settings)
}

let package = Package(
    name: "fuzz",
    targets: [
        .systemLibrary(name: "COpenSSL", pkgConfig: "openssl", providers: [.apt(["libssl-dev"])]),
        .systemLibrary(name: "CSQLite", pkgConfig: "sqlite3", providers: [.apt(["libsqlite3-dev"])]),
        .systemLibrary(name: "CLinux"),
        room("Base", []),
        room("Text", ["Base"]),
        room("Crypto", ["Base", "COpenSSL"]),
        room("Reactor", ["Base", "CLinux"]),
        room("Net", ["Base", "Reactor", "CLinux", "COpenSSL"]),
        room("Message", ["Base", "Text"]),
        room("IMAPWire", ["Base", "Text"]),
        room("SASL", ["Base", "Crypto"]),
        room("SQLite", ["Base", "CSQLite", "CLinux"]),
        room("Store", ["Base", "Crypto", "Reactor", "SQLite", "IMAPWire"]),
        room("Search", ["Base", "Text", "Message", "SQLite", "Store"]),
        room("TestSupport", ["Base", "Crypto", "Reactor", "Net", "SQLite"]),
        room("IMAPServer", ["Base", "Text", "Reactor", "Net", "Message", "IMAPWire", "SASL"]),
        room(
            "FuzzEntries",
            ["Base", "Text", "Message", "IMAPWire", "IMAPServer", "SQLite", "Store", "Search", "TestSupport"]
        ),
        .target(name: "CFuzzer"),
        .executableTarget(name: "fuzz", dependencies: ["CFuzzer", "FuzzEntries"], swiftSettings: settings),
    ]
)
