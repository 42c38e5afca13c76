/// Every limit on what comes from outside, in one place (INV-9).
///
/// Bytes unless said otherwise.
package enum Limits {
    // MARK: Lines and connections

    /// An IMAP command line before log-in; Dovecot allows the same.
    package static let imapLineBeforeLogin = 8 * 1024
    /// ID before log-in: thirty pairs of a name and a kilobyte (RFC 2971 §3.3).
    package static let imapIDLine = 36 * 1024
    /// An IMAP command line after log-in: clients send very long UID sets.
    package static let imapLine = 64 * 1024
    /// A line of an upstream server's response: a SEARCH may name every message of a mailbox.
    package static let imapServerLine = 4 * 1024 * 1024
    /// A literal that is an argument, before log-in.
    package static let imapLiteralBeforeLogin = 4 * 1024
    /// A literal that is an argument, after log-in; messages have `message`.
    package static let imapLiteral = 256 * 1024
    /// Non-synchronising literals under LITERAL- (RFC 7888 §5).
    package static let imapLiteralMinus = 4096
    /// Commands that a client may send before it has logged in.
    package static let imapCommandsBeforeLogin = 64
    /// Messages in one APPEND (RFC 3502).
    package static let imapAppendedMessages = 1024
    /// Pieces of one message that CATENATE puts together.
    package static let imapCatenateParts = 1024
    /// A URL in CATENATE: a mailbox name with every byte encoded, and a section.
    package static let messageURL = 8 * 1024
    /// All literals of one command together.
    package static let imapCommandLiterals = 128 * 1024 * 1024
    /// Literals of one command that need no share of `uploads`.
    package static let imapSmallLiterals = 16 * 1024
    /// Messages that all sessions together are handing in at one time.
    package static let uploads = 512 * 1024 * 1024
    /// How long an upload waits for its share of `uploads` before it is refused.
    package static let uploadPatience = Duration.seconds(30)
    /// How often it asks.
    package static let uploadPause = Duration.milliseconds(50)
    /// How long a client may be silent inside a command.
    package static let imapPatienceInCommand = Duration.seconds(5 * 60)
    /// Parentheses inside parentheses in a command.
    package static let imapNesting = 32
    /// Ranges in one sequence set.
    package static let imapSetRanges = 16 * 1024
    /// Search keys in one command.
    package static let imapSearchKeys = 1024
    /// How long a client may take to read the last answer.
    package static let imapFarewell = Duration.seconds(5)
    /// How often a client that waits for a long command is told how far it is (RFC 9585 §3).
    package static let imapProgressInterval = Duration.seconds(10)
    /// A literal too large that is read to its end, so that its sender can be told so.
    package static let imapSkippedLiteral = 256 * 1024 * 1024
    /// How long a client that has not logged in may be silent.
    package static let imapPatienceBeforeLogin = Duration.seconds(60)
    /// How long a client that has logged in may be silent (RFC 9051 §5.4).
    package static let imapPatience = Duration.seconds(31 * 60)
    /// Folded text of one message that the search index takes; a longer one is read in every search.
    package static let indexedText = 2 * 1024 * 1024
    /// Octets of messages, and messages, that the search index takes in one transaction.
    package static let indexedOctets = 16 * 1024 * 1024
    package static let indexedMessages = 2048
    /// How long new messages wait for the search index to take them in; meanwhile they are read.
    package static let indexDelay = Duration.seconds(4)
    /// Octets of bits that one search may ask the index for; a wider one is read.
    package static let searchAnswers = 64 * 1024 * 1024
    /// Decoded text of one part that SEARCH looks through.
    package static let searchedText = 4 * 1024 * 1024
    /// A command's tag.
    package static let imapTag = 64
    /// Names in one line of CAPABILITY, and the like.
    package static let imapCapabilities = 512
    /// Numbers that a response may spell out one by one, as COPYUID does.
    package static let imapOrderedNumbers = 1024 * 1024
    /// Field names in one section of FETCH.
    package static let imapHeaderFields = 256
    /// Items in one FETCH.
    package static let imapFetchItems = 256
    /// Pairs in ID (RFC 2971 §3.3).
    package static let imapIDFields = 30
    /// A mailbox name, encoded.
    package static let mailboxName = 1024
    /// Levels in a mailbox name.
    package static let mailboxDepth = 32
    /// Mailboxes in an account.
    package static let mailboxes = 5000
    /// Patterns in one LIST (RFC 5258).
    package static let imapListPatterns = 64
    /// Options of one kind in LIST and CREATE.
    package static let imapListOptions = 16
    /// Names that a member may be subscribed to.
    package static let subscriptions = mailboxes
    /// The name of an annotation (RFC 5464).
    package static let metadataName = 256
    /// The value of an annotation; RFC 5464 §4.1 asks for 1024.
    package static let metadataValue = 64 * 1024
    /// Annotations of one mailbox, for one member and in common each; RFC 5464 §4.1 asks for 10.
    package static let metadataEntries = 64
    /// Groups in one NOTIFY (RFC 5465).
    package static let notifyGroups = 64
    /// Names of mailboxes in one group of NOTIFY.
    package static let notifyNames = 1000
    /// Mailboxes that one NOTIFY may watch.
    package static let notifiedMailboxes = 1000
    /// One keyword.
    package static let keyword = 128
    /// Different keywords in a mailbox.
    package static let keywords = 256
    /// Faulty commands before a connection is closed.
    package static let faults = 20
    /// Faulty commands before a connection is closed, before log-in.
    package static let faultsBeforeLogin = 5

    /// An SMTP command line; RFC 5321 §4.5.3.1.4 asks for 512, AUTH needs more (RFC 4954 §4).
    package static let smtpLine = 12 * 1024
    /// A line of text in DATA as we accept it; we never send over 998 (RFC 5321 §4.5.3.1.6).
    package static let smtpTextLine = 64 * 1024
    /// A line of text as we send it, without CRLF (RFC 5321 §4.5.3.1.6).
    package static let smtpSentLine = 998
    /// A line of a reply as we write it (RFC 5321 §4.5.3.1.5).
    package static let smtpReplyLine = 512
    /// A line of a reply as we read it; SASL challenges and talkative servers exceed 512.
    package static let smtpServerLine = 16 * 1024
    /// RCPT commands that are sent before their replies are read (RFC 2920 §3.1).
    package static let smtpPipeline = 100
    /// Lines of one reply that a server may send us; EHLO answers have some dozens.
    package static let smtpReplyLines = 256
    /// A local part; RFC 5321 §4.5.3.1.1 asks for 64, bounce addresses of large senders exceed it.
    package static let localPart = 256
    /// A domain (RFC 5321 §4.5.3.1.2).
    package static let domain = 255
    /// An address with quotes and domain.
    package static let address = 512
    /// An envelope's identifier as written (RFC 3461 §4.4).
    package static let envid = 100
    /// An original recipient as written (RFC 3461 §4.2).
    package static let originalRecipient = 500
    /// Recipients of one message (RFC 5321 §4.5.3.1.8 asks for 100).
    package static let recipients = 1000
    /// A SASL response, decoded; tokens of the large providers exceed 2 KiB.
    package static let saslResponse = 12 * 1024

    /// What a connection may have waiting to be written before its producer is suspended.
    package static let outputHighWater = 256 * 1024
    /// Where a suspended producer goes on.
    package static let outputLowWater = 64 * 1024
    /// How long a suspended producer waits for a peer that does not read before it gives up.
    package static let outputStall = Duration.seconds(60)
    /// How long a TLS handshake may take.
    package static let handshake = Duration.seconds(30)
    /// Connections that the kernel keeps until they are accepted.
    package static let backlog = 1024
    /// How long a listener rests when the process has no descriptor left.
    package static let acceptPause = Duration.milliseconds(100)
    /// Connections on one listener.
    package static let connectionsPerListener = 20_000
    /// Connections from one address on one listener.
    package static let connectionsPerAddress = 1000

    // MARK: Messages

    /// A message, submitted or appended.
    package static let message = 50 * 1024 * 1024
    /// The header of a message.
    package static let header = 1024 * 1024
    /// Fields in a header that are looked at; the rest stays in the bytes.
    package static let headerFields = 10_000
    /// MIME parts inside parts.
    package static let mimeDepth = 100
    /// MIME parts in a message.
    package static let mimeParts = 10_000
    /// A multipart's boundary; RFC 2046 §5.1.1 allows 70.
    package static let mimeBoundary = 1024
    /// Parameters of one MIME field.
    package static let mimeParameters = 128
    /// Addresses in one field.
    package static let addresses = 10_000
    /// Received fields before a message is taken for a loop (RFC 5321 §6.3).
    package static let receivedFields = 50
    /// Received fields of our own before a submission is taken for a loop: a message that was redirected has one.
    package static let ownReceivedFields = 3
    /// A message that a delivery report returns whole where that was asked for; of a larger one the header.
    package static let returnedMessage = 1024 * 1024
    /// The header block of one edition.
    package static let headerBlock = 2 * 1024
    /// Links of an HTML text that are kept.
    package static let links = 1000
    /// Levels of quoting that are shown.
    package static let quoteDepth = 32
    /// Different sums of money, and different handles, that are read in one message.
    package static let readings = 200
    /// Handles in one text that are looked at.
    package static let mentions = 1000
    /// Decoded text of a message that is read for matching and triage.
    package static let readableText = 256 * 1024
    /// Decoded text of an outbound message that policy reads, hidden and attached text among it; what is
    /// beyond it is taken for the worse.
    package static let judgedText = 1024 * 1024
    /// Octets of markup that policy reads in one part.
    package static let judgedMarkup = 4 * 1024 * 1024
    /// Texts of an outbound message that policy reads one by one.
    package static let judgedTexts = 200
    /// Elements of an HTML text that may be open at a time, for telling what of it is shown.
    package static let htmlDepth = 500
    /// Texts of an HTML mail beside those of its elements: tool tips, comments.
    package static let htmlAsides = 1000

    // MARK: The house

    /// Versions of one outbound message: who needs more begins a new one.
    package static let outboundVersions = 100
    /// Octets of a comment on an outbound message.
    package static let comment = 16 * 1024
    /// Comments on one outbound message that are told to author and approvers: the newest.
    package static let shownComments = 30
    /// How long a member is told only once of one refusal about the same message.
    package static let refusalPause = Duration.seconds(10 * 60)

    /// Bodies up to this size lie in the database, larger ones in files.
    ///
    /// A file costs four syncs and its name two; up to here SQLite's log is a third of that in time and in
    /// processor.
    package static let bodyInDatabase = 256 * 1024
    /// Jobs waiting for worker threads before strangers' work is refused.
    package static let waitingJobs = 1024
    /// Changes waiting for the writer before callers are told to wait.
    package static let waitingChanges = 4096
    /// Changes in one group commit.
    package static let changesPerCommit = 256
    /// Reads waiting for a connection before callers are told to wait.
    package static let waitingReads = 16 * 1024
    /// Connections that read the store side by side.
    package static let readConnections = 4
    /// Octets of messages that were asked for lately and are kept in memory.
    package static let cachedContents = 64 * 1024 * 1024
    /// Octets of what was parsed of messages, of those asked for lately, that are kept in memory.
    package static let cachedStructures = 32 * 1024 * 1024
    /// Messages asked for at once whose structures are kept in memory: SORT of a mailbox asks for more.
    package static let structuresKeptAtOnce = 256
    /// Answers to LIST of one member that are kept in memory, and the names that one of them tells at most.
    package static let keptLists = 8
    package static let namesOfKeptList = 1000
    /// Messages of mailboxes that nobody looks at and that stay in memory: about 40 octets each.
    package static let warmEntries = 1_000_000
    /// What a mailbox in memory counts as beside its messages.
    package static let chargeOfWarmMailbox = 256
    /// Messages changed by one commit in a mailbox that nobody looks at, for it to stay in memory.
    package static let changesOfWarmMailbox = 1024
    /// Frames in the write-ahead log before they are moved into the database: 4 MiB of pages.
    package static let framesInLog = 1024
    /// Criteria of one SORT.
    package static let sortCriteria = 32
    /// Lists inside lists in an answer to THREAD; what lies deeper is told as one chain.
    package static let threadNesting = 256
    /// Octets of a subject that SORT and THREAD look at.
    package static let sortedField = 4 * 1024
    /// Octets of what SORT compares of one field.
    package static let sortKey = 512
    /// References of one message that THREAD follows: its oldest and its newest.
    package static let references = 100
    /// A Message-ID that THREAD follows; RFC 5322 §2.1.1 allows lines of 998.
    package static let messageIdentifier = 1000
    /// Characters of PREVIEW (RFC 8970 §3.3).
    package static let preview = 200
    /// Octets of common header fields that are kept beside a message for FETCH.
    package static let keptFields = 8 * 1024
    /// Octets of text that PREVIEW looks at.
    package static let previewSource = 8 * 1024
    /// Bodies up to this size are hashed and parsed where they come in, larger ones on a worker.
    package static let preparedInPlace = 16 * 1024
    /// Octets of messages parsed in one job, where they were not parsed when they came in.
    package static let structureSlice = 8 * 1024 * 1024
    /// Tombstones of one mailbox: a client that was away longer is told all that is not there.
    package static let tombstones = 20_000
    /// Tombstones removed in one change.
    package static let tombstonesPerTrim = 1000
    /// Messages that one change touches; more are done in several, between which others' pass.
    package static let placementsPerChange = 500
    /// Messages that are placed nowhere, looked at in one round of tidying up.
    package static let messagesPerCollection = 10_000
    /// Unused bodies removed in one change.
    package static let bodiesPerCollection = 64
    /// How long the relay tries, counted from the release (RFC 5321 §4.5.4.1).
    package static let relayLifetime = Duration.seconds(5 * 24 * 3600)
    /// How long a message may be on its way before its author is told.
    package static let relayDelay = Duration.seconds(4 * 3600)
    /// How often the relay looks for what is late or has waited too long.
    package static let relayRound = Duration.seconds(60)
    /// How long a session with the smarthost stays open for the next message.
    package static let relayLinger = Duration.seconds(2)
    /// Connections to the smarthost that may be configured.
    package static let relayConnections = 20
    /// Messages put back in one look at the queue, since they were decided otherwise meanwhile.
    package static let relaySkips = 100
    /// A command on the control socket.
    package static let controlRequest = 64 * 1024
    /// The answer to a command on the control socket, as the asking program takes it.
    package static let controlReply = 256 * 1024 * 1024
    /// Commands on the control socket at one time.
    package static let controlConnections = 16
    /// How long the asking program may take to write its command and to read the answer.
    package static let controlPatience = Duration.seconds(30)
    /// A message that `greenroom explain` reads, and a file of ledger heads.
    package static let explainedFile = message
    /// Days before a certificate ends when `greenroom status` begins to warn.
    package static let certificateWarning = 21
    /// A value in a log line.
    package static let logValue = 400
    /// A configuration file.
    package static let configurationFile = 16 * 1024 * 1024
    /// Files of a configuration.
    package static let configurationFiles = 10_000
    /// Tables and arrays inside each other in a configuration file.
    package static let configurationNesting = 64
    /// Problems of one file that are told; an admin mends those first.
    package static let configurationProblems = 50
    /// A file of a time zone; those of the database are below 4 KiB.
    package static let timeZoneFile = 256 * 1024
    /// Permits and restrictions of a configuration.
    package static let rules = 10_000
    /// Clauses of approved wording, and templates of one campaign.
    package static let wordings = 500
    /// The text of a clause or template; it is compared with every mail.
    package static let wordingText = 16 * 1024
    /// Mails to one creator that are looked at when those of a period are counted.
    package static let countedContacts = 1000
    /// Days that are looked ahead for working hours.
    package static let workingDaysAhead = 366
    /// Hundredths of a roster that a reload may remove without being told to.
    package static let rosterRemovals = 5
    /// A secret as its file or command gives it; tokens of the large providers exceed 2 KiB.
    package static let secret = 64 * 1024
}
