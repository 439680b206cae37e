public import OpenID

/// What a site wants of those who sign in.
public struct SignInPolicy: Sendable {
    /// The address at which people reach the server, without a path: stands in links and in what the OpenID provider knows.
    public var publicURL = "http://127.0.0.1:8080"
    /// After how many minutes without use a session ends.
    public var idleMinutes = 120
    /// After how many hours a session ends in any case.
    public var sessionHours = 12
    /// How many days an administrator or operator has to set up a second factor.
    public var secondFactorDays = 14
    /// The OpenID provider through which people may sign in.
    public var openID: OpenIDConfiguration?
    /// Whether an address that the provider calls verified is proof enough to link an account that has it.
    public var trustsOpenIDEmail = false
    /// What passwords are hashed with.
    public var passwordCost = PasswordCost.recommended

    /// The usual policy.
    public init() {}
}
