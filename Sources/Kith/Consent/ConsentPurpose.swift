public import Postgres

/// Something that people are asked to agree to, declared by the core or by a module. Its wordings are its history: a new one is added at
/// the end, and everybody is asked again.
public struct ConsentPurpose: Sendable {
    /// The name, `module.noun`, unique in the server.
    public let id: String
    /// What it is for, in a few words.
    public let title: String
    /// What people read or hear before they decide, in plain English; version 1 first, the present one last.
    public let wordings: [String]

    /// Declares a purpose.
    public init(_ id: String, _ title: String, wordings: [String]) {
        self.id = id
        self.title = title
        self.wordings = wordings
    }

    /// The version of the present wording, from 1.
    public var wording: Int { wordings.count }

    /// Refuses a decision about another wording than the present one.
    /// - Parameters:
    ///   - wording: what was read
    ///   - pointer: where the request says so
    /// - Throws: ``Refusal`` that names the present wording
    public func requirePresent(_ wording: Int, at pointer: String = "/consent_wording") throws {
        guard wording != self.wording else { return }
        throw Refusal.conflict(
            "The wording has changed, and is now version \(self.wording). Read it again, then decide.",
            [FieldProblem(pointer, "The present wording is version \(self.wording).")])
    }

    /// A condition for queries that need the purpose: whether a person agrees to it in its present wording.
    /// - Parameter person: an SQL expression for the person's id, such as `v.person_id`
    /// - Returns: the condition
    public func holds(for person: Query) -> Query {
        "kith.has_consent(\(query: person), \(id), \(wording)::integer)"
    }

    /// Refuses an operation to whoever asks without having agreed.
    var requirement: Query {
        "select kith.require_consent(\(id), \(wording)::integer, \(title))"
    }

    /// The module that declares it.
    var module: String { String(id.prefix { $0 != "." }) }
}

extension ConsentPurpose {
    /// Telling those who arrange meetings what a person needs in order to take part.
    public static let shareAccessNeeds = ConsentPurpose(
        "core.share_access_needs", "sharing what you need with those who arrange it",
        wordings: [
            """
            You can tell us what you need in order to take part, such as large print, an interpreter or step-free access. If you agree, the \
            people in this network who arrange access can read it, so that it is there when you come. Nobody who chooses people for anything \
            can read it. You can keep single needs to yourself, and you can change your mind at any time.
            """
        ])

    /// Counting who takes part, and who does not.
    public static let equalityMonitoring = ConsentPurpose(
        "core.equality_monitoring", "counting who takes part, in groups of five or more",
        wordings: [
            """
            You can tell us about your lived experience, age, disability, ethnicity, gender, religion and sexual orientation. We use it for \
            one thing: to count who takes part, so that a network can see whom it leaves out. Only you can read your own answers. Counts show \
            groups of five people or more. You can skip any question. If you change your mind, your answers are deleted at once.
            """
        ])

    /// The purposes of the core.
    public static let core = [shareAccessNeeds, equalityMonitoring]
}
