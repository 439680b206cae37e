import Crypto
import Postgres
public import struct FoundationEssentials.UUID

/// A read of people's records, which is recorded in the transaction of the read: no answer without the entry.
///
/// One entry a request: of a page it names the first and the last person, between whom everyone stands on it.
public struct Observation: Sendable {
    /// Whose record is read.
    public enum Subject: Sendable {
        /// One person's.
        case person(UUID)
        /// Those of a page of the list of people.
        case people
    }

    private let subject: Subject
    private let operation: String
    private let reason: String?
    private var page = Page()

    /// Describes a read.
    /// - Parameters:
    ///   - subject: whose record
    ///   - operation: the name of the endpoint
    ///   - reason: why, in the words of whoever reads, where they say it
    public init(of subject: Subject, operation: String, reason: String?) {
        self.subject = subject
        self.operation = operation
        self.reason = reason
    }

    func on(_ page: Page) -> Observation {
        var observation = self
        observation.page = page
        return observation
    }

    /// The statement that records it. Nobody is recorded for reading their own record, or one that is not there.
    /// - Parameters:
    ///   - roles: the roles that let the person in; nil where everyone may
    ///   - anywhere: whether a role in any programme does
    ///   - place: the programme or activity in which a role holds
    ///   - request: the request
    /// - Returns: the statement, which answers no row
    func recorded(roles: RoleNames?, anywhere: Bool, place: UUID?, request: UUID) -> Query {
        // With a salt of its own, so that nobody can try out reasons against the log once the words are erased.
        let salt = SymmetricKey(size: .bits128).withUnsafeBytes { Array($0) }
        let digest = reason.map { Array(SHA256.hash(data: salt + Array($0.utf8))) }
        return """
            with seen as (\(query: seen)), recorded as (
                insert into kith.audit_entries
                    (network_id, entry_id, account_id, person_id, action, subject_id, subject_until, request_id, role, digest)
                select kith.current_network(), kith.new_id(), kith.current_account(), kith.current_person(), \("read." + operation),
                    seen.first, seen.last, \(request), (
                        select g.role from kith.role_grants g
                        where g.network_id = kith.current_network() and g.person_id = kith.current_person() and g.ended_at is null
                          and g.role = any (\(roles)::text[])
                          and (g.programme_id is null or \(anywhere) or g.programme_id = \(place)::uuid or g.programme_id = (
                              select a.programme_id from kith.activities a
                              where a.network_id = kith.current_network() and a.activity_id = \(place)::uuid))
                        order by g.programme_id is not null, g.role limit 1), \(digest)::bytea
                from seen returning network_id, entry_id)
            insert into kith.access_reasons (network_id, entry_id, salt, reason)
            select network_id, entry_id, \(salt), \(reason)::text from recorded where \(reason)::text is not null
            """
    }

    private var seen: Query {
        switch subject {
        case .person(let person):
            """
            select person_id as first, null::uuid as last from kith.people
            where network_id = kith.current_network() and person_id = \(person) and person_id is distinct from kith.current_person()
            """
        case .people:
            """
            select (array_agg(person_id order by person_id))[1] as first, (array_agg(person_id order by person_id desc))[1] as last
            from (
                select person_id from kith.people
                where network_id = kith.current_network() and (\(page.after)::uuid is null or person_id > \(page.after)::uuid)
                order by person_id limit \(page.limit)) page
            having bool_or(person_id is distinct from kith.current_person())
            """
        }
    }
}
