public import Postgres
public import struct FoundationEssentials.UUID

/// A withdrawal while it happens: who withdraws, and from what.
public struct Withdrawal: Sendable {
    /// From what a person withdraws.
    public enum Scope: Sendable, Hashable {
        /// One panel, learning set or other activity.
        case activity(UUID)
        /// A programme with all its activities.
        case programme(UUID)
        /// The network: the person leaves.
        case network
    }

    /// Who withdraws.
    public let person: UUID
    /// From what.
    public let scope: Scope

    /// The activities that it reaches, as a query of their ids, to use as `… in (\(query: withdrawal.activities))`.
    public var activities: Query {
        let all: Query = "select a.activity_id from kith.activities a where a.network_id = kith.current_network()"
        return switch scope {
        case .activity(let id): "\(query: all) and a.activity_id = \(id)"
        case .programme(let id): "\(query: all) and a.programme_id = \(id)"
        case .network: all
        }
    }
}

/// Something that ends when a person withdraws, declared by the core or a module. All steps run in the transaction of the withdrawal, in the
/// order of their declaration, whether or not the network uses the module at the time.
public struct WithdrawalStep: Sendable {
    /// What ends, in plain English, for people who wonder what leaving does.
    public let summary: String
    /// What is recorded of each row, as in `seat.ended`; nil for what concerns nobody else. It never says why.
    public let action: String?
    let statement: @Sendable (Withdrawal) -> Query?

    /// Declares a step.
    /// - Parameters:
    ///   - summary: what ends, in plain English
    ///   - action: what is recorded of each row; the statement then answers `returning … as id`
    ///   - statement: ends it; nil where the scope leaves it as it is. Pay that was earned is never touched.
    public init(_ summary: String, recording action: String? = nil, _ statement: @escaping @Sendable (Withdrawal) -> Query?) {
        self.summary = summary
        self.action = action
        self.statement = statement
    }
}

extension WithdrawalStep {
    /// What of the core ends.
    public static let core: [WithdrawalStep] = [
        WithdrawalStep(
            "You are not expected at meetings, and what was arranged for you there is called off.", recording: "meeting.person_withdrew"
        ) {
            """
            update kith.meeting_invitations i set withdrawn_at = now() from kith.meetings m
            where i.person_id = \($0.person) and i.withdrawn_at is null and m.network_id = i.network_id and m.meeting_id = i.meeting_id
              and m.ends_at > now() and m.activity_id in (\(query: $0.activities))
            returning i.meeting_id as id
            """
        },
        WithdrawalStep("Your roles end.", recording: "role.ended") { withdrawal in
            let held: Query = """
                update kith.role_grants set ended_at = now() where person_id = \(withdrawal.person) and ended_at is null
                """
            return switch withdrawal.scope {
            case .activity: nil
            case .programme(let id): "\(query: held) and programme_id = \(id) returning grant_id as id"
            case .network: "\(query: held) returning grant_id as id"
            }
        },
        WithdrawalStep("You are no longer a member of their confidential spaces; what you wrote there stays with its members.") {
            withdrawal in
            var programme: UUID?
            if case .programme(let id) = withdrawal.scope { programme = id }
            return "select kith.leave_spaces_of(\(withdrawal.person), array(\(query: withdrawal.activities)), \(programme)::uuid)"
        },
        WithdrawalStep("What was about to be sent to you about it is not sent. What is said of pay that you earned still is.") {
            let all: Query = """
                update kith.messages set state = 'cancelled' where person_id = \($0.person) and state = 'queued' and not outlives_leaving
                """
            return switch $0.scope {
            case .network: all
            case .activity: "\(query: all) and \(query: isAbout($0))"
            case .programme(let id):
                "\(query: all) and (\(query: isAbout($0)) or lower(parameters ->> 'programme_id') = \(id)::uuid::text)"
            }
        },
        network("Invitations to sign in stop working.") {
            "update kith.invitations set expires_at = now() where person_id = \($0.person) and accepted_at is null and expires_at > now()"
        },
        network("Your place in organisations of the network ends.") {
            "update kith.affiliations set ended_on = greatest(current_date, started_on) where person_id = \($0.person) and ended_on is null"
        },
        network("What you agreed to is withdrawn, and your answers for equality monitoring are deleted.") {
            """
            insert into kith.consents (network_id, consent_id, person_id, purpose, wording, given, channel, recorded_by, happened_at)
            select s.network_id, kith.new_id(), s.person_id, s.purpose, s.wording, false,
                   case when s.person_id = kith.current_person() then 'web' else 'in_person' end, kith.current_person(), now()
            from kith.consent_states s where s.network_id = kith.current_network() and s.person_id = \($0.person) and s.given
            """
        },
        network(
            "You have left: nobody asks you to anything, and all that you can still open here is a complaint of your own and what you earned.",
            recording: "person.left"
        ) {
            """
            update kith.people set ended_at = now(), version = version + 1 where person_id = \($0.person) and ended_at is null
            returning person_id as id
            """
        },
    ]

    private static func isAbout(_ withdrawal: Withdrawal) -> Query {
        "lower(parameters ->> 'activity_id') in (select activity_id::text from (\(query: withdrawal.activities)) a)"
    }

    private static func network(
        _ summary: String, recording action: String? = nil, _ statement: @escaping @Sendable (Withdrawal) -> Query
    ) -> WithdrawalStep {
        WithdrawalStep(summary, recording: action) { withdrawal in withdrawal.scope == .network ? statement(withdrawal) : nil }
    }
}
