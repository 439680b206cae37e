/// A module of Kith: panels, learning sets, inquiries, mentoring, or one of your own.
///
/// A plugin declares and keeps no state: everything here can be read without a database, and what acts (a handler, a job, a command) is
/// given all that it needs when it is called. What a plugin remembers is in its tables.
///
/// ```swift
/// public enum Noticeboard: Plugin {
///     public static let id = "noticeboard"
///     public static let title = "Noticeboard"
///     public static let summary = "Short notices for everyone in a network"
///     public static let version = "1.0.0"
///     public static let migrations = [Migration(module: id, number: 1, name: "notices", sql: PackageResources._0001_notices_sql)]
///     public static let permissions = [writeNotices]
///     public static let endpoints: [Endpoint] = [ … ]
///     public static let privacy = PrivacyContract(holdings: [ … ])
/// }
/// ```
public protocol Plugin: Sendable {
    /// The namespace of its schema, routes, jobs, permissions, settings and events: lower case letters and underscores.
    static var id: String { get }
    /// What people call it.
    static var title: String { get }
    /// What it is for, in one line.
    static var summary: String { get }
    /// Its version, by semantic versioning.
    static var version: String { get }
    /// The versions of this interface with which it works.
    static var interface: ClosedRange<Int> { get }
    /// The plugins without which it does not work.
    static var requirements: [any Plugin.Type] { get }
    /// The steps of its schema, which has the name of its id.
    static var migrations: [Migration] { get }
    /// What its endpoints demand.
    static var permissions: [Permission] { get }
    /// What a network may choose.
    static var settings: [Setting] { get }
    /// Its operations, all of them below `/networks/{network}/`.
    static var endpoints: [Endpoint] { get }
    /// Its background work.
    static var jobs: [JobKind] { get }
    /// The messages that it sends.
    static var templates: [MessageTemplate] { get }
    /// What it puts into people's calendars.
    static var calendars: [CalendarSource] { get }
    /// Its commands for the `kith` command line.
    static var commands: [any ParsableCommand.Type] { get }
    /// What the constraints of its tables mean to the person who breaks one, by name.
    static var rules: [String: SchemaRule] { get }
    /// What it asks people to agree to.
    static var purposes: [ConsentPurpose] { get }
    /// What of it ends when a person withdraws from one of its activities, a programme or the network, in the transaction of the withdrawal.
    static var withdrawal: [WithdrawalStep] { get }
    /// What it holds of people, and what becomes of it.
    static var privacy: PrivacyContract { get }
}

extension Plugin {
    /// The first version of the interface.
    public static var interface: ClosedRange<Int> { 1...1 }
    /// None.
    public static var requirements: [any Plugin.Type] { [] }
    /// None.
    public static var migrations: [Migration] { [] }
    /// None.
    public static var permissions: [Permission] { [] }
    /// None.
    public static var settings: [Setting] { [] }
    /// None.
    public static var jobs: [JobKind] { [] }
    /// None.
    public static var templates: [MessageTemplate] { [] }
    /// None.
    public static var calendars: [CalendarSource] { [] }
    /// None.
    public static var commands: [any ParsableCommand.Type] { [] }
    /// Nothing.
    public static var purposes: [ConsentPurpose] { [] }
    /// Nothing.
    public static var withdrawal: [WithdrawalStep] { [] }
    /// None.
    public static var rules: [String: SchemaRule] { [:] }
}

/// The version of the interface between the server and its plugins. It rises when a plugin must be changed.
public let pluginInterfaceVersion = 1
