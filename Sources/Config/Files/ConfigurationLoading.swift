package import Base
internal import Campaigns

/// What came of reading a configuration directory: a configuration, or why there is none.
package struct ConfigurationReading: Sendable {
    /// Missing as soon as there is one problem.
    package var configuration: Configuration?
    /// By file and place.
    package var problems: [Problem]
    /// The cases of the policies, in the order of the files; empty where they could not be judged.
    package var cases: [PolicyCaseResult] = []
}

extension Configuration {
    /// Reads `greenroom.toml` alone: where a running gateway is found though other files are broken.
    package static func loadGateway(
        directory: String,
        from source: some FileInspector
    ) -> (settings: GatewaySettings?, problems: [Problem]) {
        let loader = FileLoader(directory: directory, source: source)
        let settings = GatewayFile(loader: loader).read()
        return (settings, loader.problems)
    }

    /// Reads and checks all files of a directory; every problem that can be found is told at once.
    ///
    /// Relative paths in the files start at the directory, wherever the program runs.
    /// `looksAtNamedFiles`: Whether certificates and keys that they name have to be there, as for serving.
    package static func load(
        directory: String,
        from source: some FileInspector,
        looksAtNamedFiles: Bool = true
    ) -> ConfigurationReading {
        let loader = FileLoader(directory: directory, source: source, looksAtNamedFiles: looksAtNamedFiles)
        let gateway = GatewayFile(loader: loader).read()
        let team = TeamFile(loader: loader).read()
        let channels = ChannelsFile(loader: loader).read()
        let agencies = AgenciesFile(loader: loader).read()
        let platforms = loader.catalogue.isExcused(.platform) ? nil : channels.platforms.map(\.id.rawValue)
        let creators = CreatorsFile(loader: loader, platforms: platforms).read()
        let campaigns = CampaignFile(loader: loader, calendar: gateway?.calendar ?? WorkCalendar()).readAll()
        defineChannels(channels, loader)
        let rules = PolicyFiles(loader: loader).readAll(clauses: WordingFile(loader: loader).read())
        let tests = PolicyTests(
            loader: loader,
            calendar: gateway?.calendar ?? WorkCalendar(),
            undoTime: gateway?.undoTime ?? .zero
        )
        let cases = tests.readAll(campaigns)
        loader.runChecks(gateway: gateway, team: team)
        // Rules that were read in part would fail their tests for no reason.
        var results: [PolicyCaseResult] = []
        if let team, loader.problems.isEmpty { results = tests.run(cases, rules, team) }
        guard let gateway, let team, loader.problems.isEmpty else {
            return ConfigurationReading(configuration: nil, problems: loader.problems, cases: results)
        }
        let configuration = Configuration(
            gateway: gateway,
            team: team,
            agencies: agencies,
            creators: creators,
            campaigns: campaigns,
            channels: channels,
            rules: rules,
            files: loader.files.sorted { $0.path < $1.path }
        )
        return ConfigurationReading(configuration: configuration, problems: [], cases: results)
    }

    /// What rules may name as a channel (MATCHING §9).
    private static func defineChannels(_ channels: ChannelSettings, _ loader: FileLoader<some FileInspector>) {
        if loader.catalogue.isExcused(.platform) { loader.catalogue.excuse([.channel]) }
        loader.catalogue.provide(
            .channel,
            [Channel.email, .marketplace].map(\.rawValue) + channels.platforms.map(\.id.rawValue)
        )
    }
}
