public import Postgres
public import struct FoundationEssentials.UUID

/// Work that takes longer than a request: asked for with 202, followed on the stream, cancellable, safe over a restart.
public enum Jobs {
    /// How far a job is.
    public enum State: String, Sendable, CaseIterable, PostgresCodable {
        case queued, running, succeeded, failed, cancelled
    }

    /// What the API answers for a job.
    public static let resource = Resource(
        "Job", "job", table: "kith.jobs", key: "job_id",
        [
            .text("kind", "What is being done."),
            .choice("state", State.self, "How far it is."),
            .number("progress", "How much is done, from 0 to 1."),
            .text("stage", "What it is at, in plain English.").orNull,
            .id("subject_id", "What it is about.").orNull,
            .json("result", schema: ["type": ["object", "null"]], "What came of it."),
            .json("problem", schema: ["type": ["object", "null"]], "Why it failed, with a title and a detail."),
            .integer("attempts", "How often it was begun."),
            .moment("cancel_requested_at", "When somebody asked to stop it.").orNull,
            .version, .createdAt,
            .moment("started_at", "When it began.").orNull,
            .moment("finished_at", "When it ended.").orNull,
        ])

    /// The jobs that a person sees: those that they asked for, and all of them with a role for it in the whole network.
    public static let visible: Query = """
        requested_by = kith.current_person() or exists (
            select from kith.role_grants g where g.person_id = kith.current_person() and g.programme_id is null and g.ended_at is null
              and g.role = any (\(Permission.readJobs.roleNames)))
        """

    /// Asks for work, to be begun at a moment, an SQL expression; one that has passed means at once. While the same work about the same
    /// subject is unfinished, that job is answered instead of a second one.
    public static func enqueue(
        by actor: Actor, _ kind: JobKind, about subject: UUID, _ arguments: JSON, from moment: Query = "now()"
    ) async throws -> Row {
        try await enqueue(by: actor, kind.id, of: kind.module, about: subject, arguments, from: moment)
    }

    /// Asks for work by the name of its kind.
    static func enqueue(
        by actor: Actor, _ kind: String, of module: String, about subject: UUID, _ arguments: JSON, from moment: Query = "now()"
    ) async throws -> Row {
        try await actor.run(
            actor.recorded(
                """
                insert into kith.jobs (network_id, job_id, module, kind, arguments, subject_id, requested_by, requested_account, run_at)
                values (\(actor.network), \(UUID.version7()), \(module), \(kind), \(JSONText(arguments.description)), \(subject),
                        kith.current_person(), kith.current_account(), \(query: moment))
                on conflict (network_id, kind, subject_id) where state in ('queued', 'running') do update set version = jobs.version
                returning \(query: resource.columns)
                """, as: "job.queued"),
            "select pg_notify('kith_jobs', '')"
        )[0].only(resource)
    }

    /// Asks a job to stop. One that has not begun stops at once; one that runs is told at its next heartbeat.
    public static func cancel(by actor: Actor, _ id: UUID) async throws -> Row {
        let changed = try await actor.write(
            """
            update kith.jobs set cancel_requested_at = coalesce(cancel_requested_at, now()), version = version + 1,
                state = case state when 'queued' then 'cancelled' else state end,
                finished_at = case state when 'queued' then now() else finished_at end
            where job_id = \(id) and state in ('queued', 'running') and (\(query: visible)) returning \(query: resource.columns)
            """)
        if let row = changed.first { return row }
        _ = try await actor.get(resource, id, where: visible)
        throw Refusal.conflict("This work is already finished.")
    }
}

/// A kind of job that a module declares, with the function that does it.
public struct JobKind: Sendable {
    /// The module, `core` or the plugin's id; a disabled plugin's jobs wait.
    public let module: String
    /// The name, `module.verb`.
    public let id: String
    /// What it does, in plain English.
    public let summary: String
    let work: @Sendable (JobRun) async throws -> JSON

    /// Declares a kind of job.
    /// - Parameters:
    ///   - module: `core` or the plugin's id
    ///   - name: the verb
    ///   - summary: what it does
    ///   - work: does it and answers its result. It may be begun again after a crash, so it must be repeatable.
    public init(module: String, _ name: String, _ summary: String, work: @escaping @Sendable (JobRun) async throws -> JSON) {
        self.module = module
        id = "\(module).\(name)"
        self.summary = summary
        self.work = work
    }
}

/// One run of a job.
public struct JobRun: Sendable {
    /// The job.
    public let id: UUID
    /// Acts in the name of whoever asked for the job, as long as the lease is held.
    public let actor: Actor
    /// What was asked.
    public let arguments: JSON

    /// Says how far the work is. Written at most a few times a second, and seen on the stream of events.
    /// - Parameters:
    ///   - progress: from 0 to 1
    ///   - stage: what it is at, in plain English
    /// - Throws: ``Refusal`` where the lease is lost
    public func report(_ progress: Double, _ stage: String) async throws {
        _ = try await actor.run(
            """
            with changed as (
                update kith.jobs set progress = \(min(max(progress, 0), 1)), stage = \(stage), version = version + 1
                where job_id = \(id) returning job_id, requested_by)
            insert into kith.events (network_id, event_id, kind, subject_id, person_id)
            select kith.current_network(), kith.new_id(), 'job.progressed', job_id, requested_by from changed
            """)
    }
}
