// swift-tools-version: 6.3
import PackageDescription

// A package of its own, so that peers to measure against never become dependencies of the
// gateway. The rooms are links to ../Sources: their declarations are for one package only, and
// here they are built together with what measures them.

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
    name: "benchmarks",
    targets: [
        .systemLibrary(name: "COpenSSL", pkgConfig: "openssl", providers: [.apt(["libssl-dev"])]),
        .systemLibrary(name: "CLinux"),
        room("Base", []),
        room("Reactor", ["Base", "CLinux"]),
        room("Net", ["Base", "Reactor", "CLinux", "COpenSSL"]),
        room("Text", ["Base"]),
        room("Crypto", ["Base", "COpenSSL"]),
        room("Message", ["Base", "Text"]),
        room("IMAPWire", ["Base", "Text"]),
        room("SASL", ["Base", "Crypto"]),
        room("IMAPServer", ["Base", "Text", "Reactor", "Net", "Message", "IMAPWire", "SASL"]),
        room("Campaigns", ["Base", "Text", "Message"]),
        room("Triage", ["Base", "Text", "Message", "Campaigns"]),
        room("Policy", ["Base", "Text", "Campaigns", "Triage"]),
        room("Views", ["Base", "Campaigns", "Policy"]),
        room("Config", ["Base", "Text", "Crypto", "SASL", "Campaigns", "Triage", "Policy", "Views"]),
        // The peer and the load, in C: the same load drives both servers.
        .target(name: "CEcho", linkerSettings: [.linkedLibrary("ssl"), .linkedLibrary("crypto")]),
        .executableTarget(
            name: "bench",
            dependencies: [
                "Base", "Text", "Reactor", "Net", "Message", "IMAPServer", "Campaigns", "Triage", "Policy",
                "Config", "CEcho",
            ],
            swiftSettings: settings
        ),
    ]
)
