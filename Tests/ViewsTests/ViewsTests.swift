import Campaigns
import Policy
import Testing

@testable import Views

@Suite("Views")
struct ViewTests {
    static let all: [View] = [
        .waiting, .approve, .reject, .decided, .campaign("spring"), .stage("spring", .infoCollected), .past,
        .queue(.needsReply), .queue(.unmatched), .team("ben"), .reports,
    ]

    @Test("A key gives its view back", arguments: all)
    func keys(view: View) {
        #expect(View(key: view.key) == view)
    }

    @Test(
        "Other keys give none",
        arguments: ["", "inbox", "approvals", "approvals/x", "campaign/a/b", "queue/x", "a/b"]
    )
    func otherKeys(key: String) {
        #expect(View(key: key) == nil)
    }

    @Test("Folder names are numbered, and a separator in a name stays inside its level")
    func names() {
        var names = FolderNames()
        names.stages[.replied] = "answered"
        func path(_ view: View) -> String {
            names.path(of: view, campaign: { _ in "Spring/26" }, member: { $0.rawValue })
        }
        #expect(path(.stage("spring", .replied)) == "Campaigns/Spring-26/2 answered")
        #expect(path(.stage("spring", .infoCollected)) == "Campaigns/Spring-26/5 info collected")
        #expect(path(.queue(.unmatched)) == "Queues/Unmatched")
    }

    @Test("A conversation stands in its campaign, its stage and with its assignee")
    func conversation() {
        let conversation = Placements.Conversation(campaign: "spring", isPast: false, stage: .replied, assignee: "ben")
        #expect(
            Placements.of(conversation).map(\.view.key) == ["campaign/spring", "campaign/spring/replied", "team/ben"]
        )
        let past = Placements.Conversation(campaign: "spring", isPast: true, stage: .replied, assignee: nil)
        #expect(Placements.of(past).map(\.view) == [.campaign("spring"), .past])
        let none = Placements.Conversation(campaign: nil, isPast: false, stage: .replied, assignee: nil)
        #expect(Placements.of(none).isEmpty)
    }

    @Test("C40: what somebody took on stands with them too, and only while it waits")
    func claimed() {
        var outbound = Placements.Outbound(state: .held, author: "mia", deciders: ["ben"], assignee: "ben")
        #expect(Placements.of(outbound).map(\.view) == [.waiting, .waiting, .team("ben")])
        outbound.state = .approved
        #expect(Placements.of(outbound).map(\.view) == [.decided, .waiting])
        outbound.state = .held
        outbound.assignee = "lea"
        // Nobody is shown by a claim what they may not see.
        #expect(Placements.of(outbound).map(\.member) == ["ben", "mia"])
        outbound.editor = "lea"
        #expect(Placements.of(outbound).map(\.member) == ["ben", "lea", "mia", "lea"])
    }

    @Test("D11, D12: an outbound message stands where its state says, for everybody concerned")
    func outbound() {
        var outbound = Placements.Outbound(state: .held, author: "mia", deciders: ["ben", "lea"])
        #expect(Placements.of(outbound).allSatisfy { $0.view == .waiting })
        #expect(Placements.of(outbound).map(\.member) == ["ben", "lea", "mia"])
        outbound.state = .approved
        outbound.approvedBy = ["ben"]
        #expect(Placements.of(outbound).map(\.view) == [.approve, .decided, .waiting])
        #expect(Placements.of(outbound).map(\.member) == ["ben", "lea", "mia"])
        (outbound.state, outbound.approvedBy, outbound.rejectedBy) = (.rejected, [], "lea")
        #expect(Placements.of(outbound).map(\.view) == [.decided, .reject, .waiting])
        outbound.isSettled = true
        #expect(Placements.of(outbound).allSatisfy { $0.view == .decided })
        outbound.state = .sent
        #expect(Placements.of(outbound).allSatisfy { $0.view == .decided })
        outbound.state = .withdrawn
        #expect(Placements.of(outbound).isEmpty)
    }
}

@Suite("Moves")
struct ActTests {
    @Test("What a move means")
    func moves() {
        #expect(Act.of(.waiting(isAuthor: false), into: .view(.approve), fromView: true) == .approve)
        #expect(Act.of(.waiting(isAuthor: true), into: .drafts, fromView: true) == .withdraw)
        #expect(Act.of(.waiting(isAuthor: false), into: .view(.team("ben")), fromView: true) == .claim("ben"))
        #expect(Act.of(.decidedByMover, into: .view(.waiting), fromView: true) == .takeBack)
        #expect(
            Act.of(.attached("spring"), into: .view(.stage("spring", .accepted)), fromView: true)
                == .setStage("spring", .accepted)
        )
        #expect(Act.of(.attached(nil), into: .view(.team("ben")), fromView: false) == .assign("ben"))
        #expect(Act.of(.open, into: .view(.stage("spring", .replied)), fromView: true) == .attach("spring"))
        #expect(Act.of(.attached(nil), into: .trash, fromView: true) == .dismiss)
        #expect(Act.of(.attached(nil), into: .folder, fromView: false) == .file)
    }

    @Test("What may not be done comes back with a reason")
    func refusals() {
        for (moved, destination) in [
            (Moved.waiting(isAuthor: false), Destination.trash), (.waiting(isAuthor: true), .folder),
            (.attached("spring"), .view(.campaign("summer"))), (.open, .view(.team("ben"))),
            (.decided, .view(.approve)),
        ] {
            guard case .comeBack(let why) = Act.of(moved, into: destination, fromView: true) else {
                Issue.record("\(moved) into \(destination) is not refused")
                continue
            }
            #expect(!why.isEmpty)
        }
    }
}
