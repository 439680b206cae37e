-- The open call: a role profile that anybody can read, expressions of interest by people without an account, who may take part and why
-- somebody is left out, shortlisting by people who do not see each other's scores, and how power is shared.

-- Visitors --------------------------------------------------------------------------------------------------------
-- Somebody without an account comes through a door of this schema, as nobody. The transaction is marked, and then sees of what people
-- sent in the one expression of interest whose secret was shown, and nothing else of it.

create function expert_panels.is_visitor() returns boolean language sql stable parallel safe
    return coalesce(current_setting('expert_panels.visitor', true), '') = 'yes';
create function expert_panels.own_interest() returns uuid language sql stable parallel safe
    return nullif(current_setting('expert_panels.interest', true), '')::uuid;
-- The server's own work, for retention and for people's rights over their data.
create function expert_panels.is_server() returns boolean language sql stable parallel safe
    return kith.rights_of() is not null or (kith.current_person() is null and not expert_panels.is_visitor());

create table expert_panels.role_profiles (
    network_id uuid not null,
    opportunity_id uuid not null,
    time_needed text not null check (length(time_needed) between 1 and 2000),
    pay text not null check (length(pay) between 1 and 2000),
    support text not null check (length(support) between 1 and 2000),
    who_for text not null check (length(who_for) between 1 and 2000),
    -- Whoever may take part answers each with yes.
    eligibility text[] not null default '{}' check (cardinality(eligibility) <= 20),
    published_at timestamptz,
    version bigint not null default 1,
    created_at timestamptz not null default now(),
    primary key (network_id, opportunity_id),
    constraint role_profiles_opportunity_fkey foreign key (network_id, opportunity_id) references expert_panels.opportunities
);
call kith.isolate('expert_panels.role_profiles');
create policy published on expert_panels.role_profiles as restrictive for select to kith_app
    using (published_at is not null or not expert_panels.is_visitor());
create policy doors on expert_panels.role_profiles for select to kith_owner using (true);
grant select, insert, update on expert_panels.role_profiles to kith_app;

-- Whether a call takes expressions of interest is reckoned at each request: it opens and closes by itself.
create view expert_panels.open_calls with (security_invoker = true) as
    select o.network_id, o.opportunity_id, o.panel_id, d.name as panel_name, d.purpose, o.title, o.description, o.seats, o.opens_at, o.closes_at,
        p.time_needed, p.pay, p.support, p.who_for, p.eligibility, p.published_at, o.version as call_version, p.version, p.created_at,
        case when o.closes_at <= now() or d.ended_at is not null then 'closed' when o.opens_at > now() then 'not_yet_open' else 'open' end as state
    from expert_panels.role_profiles p join expert_panels.opportunities o using (network_id, opportunity_id)
        join expert_panels.panel_details d using (network_id, panel_id);
grant select on expert_panels.open_calls to kith_app;

-- Expressions of interest -----------------------------------------------------------------------------------------

create table expert_panels.interests (
    network_id uuid not null,
    interest_id uuid not null,
    opportunity_id uuid not null,
    reference text not null check (length(reference) between 1 and 100),
    -- Where it is known which person of the network it is.
    person_id uuid,
    -- SHA-256 of what the person keeps to read, change, send in and withdraw it.
    secret_hash bytea not null check (octet_length(secret_hash) = 32),
    words text check (length(words) between 1 and 10000),
    recording text check (length(recording) between 1 and 2000),
    channel text not null check (channel in ('web', 'paper', 'phone', 'in_person')),
    -- Who wrote it down for the person.
    entered_by uuid,
    volunteer_id uuid,
    version bigint not null default 1,
    created_at timestamptz not null default now(),
    sent_at timestamptz,
    withdrawn_at timestamptz,
    feedback_wanted_at timestamptz,
    feedback text check (length(feedback) between 1 and 5000),
    feedback_by uuid,
    feedback_at timestamptz,
    primary key (network_id, interest_id),
    constraint interests_secret_key unique (network_id, secret_hash),
    constraint interests_opportunity_fkey foreign key (network_id, opportunity_id) references expert_panels.opportunities,
    constraint interests_person_fkey foreign key (network_id, person_id) references kith.people,
    constraint interests_volunteer_fkey foreign key (network_id, volunteer_id) references expert_panels.volunteers
);
create index interests_opportunity_idx on expert_panels.interests (network_id, opportunity_id);
create index interests_person_idx on expert_panels.interests (network_id, person_id) where person_id is not null;
create unique index interests_volunteer_key on expert_panels.interests (network_id, volunteer_id) where volunteer_id is not null;
create index interests_secret_idx on expert_panels.interests (secret_hash);
call kith.isolate('expert_panels.interests');
create policy visitors_own on expert_panels.interests as restrictive to kith_app
    using (not expert_panels.is_visitor() or interest_id = expert_panels.own_interest())
    with check (not expert_panels.is_visitor() or interest_id = expert_panels.own_interest());
create policy doors on expert_panels.interests to kith_owner using (true) with check (true);
grant select, insert, update on expert_panels.interests to kith_app;

-- Opens a network to anybody, for a call that is published in it.
create function expert_panels.enter_open_call(secret bytea, network uuid, opportunity uuid) returns void
    language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
    if not exists (
        select from expert_panels.role_profiles p join kith.enabled_plugins e using (network_id)
        where p.network_id = network and p.opportunity_id = opportunity and p.published_at is not null and e.plugin = 'expert_panels') then
        raise exception 'no such call' using errcode = 'KH404';
    end if;
    perform set_config('kith.account', '', true), set_config('kith.network', network::text, true), set_config('kith.person', '', true),
            set_config('expert_panels.visitor', 'yes', true), set_config('expert_panels.interest', '', true);
end $$;

-- Opens a network to whoever shows the secret of an expression of interest, for that one.
create function expert_panels.enter_interest(secret bytea, network uuid, place uuid) returns void
    language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
    own uuid;
begin
    select i.interest_id into own from expert_panels.interests i join kith.enabled_plugins e using (network_id)
    where i.network_id = network and i.secret_hash = secret and e.plugin = 'expert_panels';
    if not found then
        raise exception 'no such expression of interest' using errcode = 'KH404';
    end if;
    perform set_config('kith.account', '', true), set_config('kith.network', network::text, true), set_config('kith.person', '', true),
            set_config('expert_panels.visitor', 'yes', true), set_config('expert_panels.interest', own::text, true);
end $$;

-- Who it is and how they can be reached: apart, because those who shortlist must not see it.
create table expert_panels.interest_contacts (
    network_id uuid not null,
    interest_id uuid not null,
    name text check (length(name) between 1 and 200),
    contact text check (length(contact) between 1 and 500),
    primary key (network_id, interest_id),
    constraint interest_contacts_interest_fkey foreign key (network_id, interest_id) references expert_panels.interests
);
call kith.isolate('expert_panels.interest_contacts');
create policy visitors_own on expert_panels.interest_contacts as restrictive to kith_app
    using (not expert_panels.is_visitor() or interest_id = expert_panels.own_interest())
    with check (not expert_panels.is_visitor() or interest_id = expert_panels.own_interest());
create policy forgetting on expert_panels.interest_contacts to kith_owner using (true);
grant select, insert, update, delete on expert_panels.interest_contacts to kith_app;

-- What the person says of themselves for the targets, until it is sent in. Nobody else reads it; the draw reads the copy.
create table expert_panels.interest_answers (
    network_id uuid not null,
    interest_id uuid not null,
    answers jsonb not null,
    household bytea,
    primary key (network_id, interest_id),
    constraint interest_answers_interest_fkey foreign key (network_id, interest_id) references expert_panels.interests
);
call kith.isolate('expert_panels.interest_answers');
create policy own_answers on expert_panels.interest_answers as restrictive to kith_app
    using (interest_id = expert_panels.own_interest() or expert_panels.is_server())
    with check (interest_id = expert_panels.own_interest() or expert_panels.is_server());
create policy forgetting on expert_panels.interest_answers to kith_owner using (true);
grant select, insert, update, delete on expert_panels.interest_answers to kith_app;

-- What people without an account agreed to: added to, never changed.
create table expert_panels.interest_consents (
    network_id uuid not null,
    consent_id uuid not null,
    interest_id uuid not null,
    purpose text not null check (purpose in ('interest', 'monitoring')),
    wording integer not null check (wording > 0),
    given boolean not null,
    channel text not null check (channel in ('web', 'paper', 'phone', 'in_person')),
    -- Who wrote it down; null for the person themselves.
    recorded_by uuid,
    happened_at timestamptz not null default clock_timestamp(),
    primary key (network_id, consent_id),
    constraint interest_consents_recorder_check check ((recorded_by is null) = (channel = 'web')),
    constraint interest_consents_interest_fkey foreign key (network_id, interest_id) references expert_panels.interests
);
create index interest_consents_interest_idx on expert_panels.interest_consents (network_id, interest_id, purpose, happened_at desc);
call kith.isolate('expert_panels.interest_consents');
create policy visitors_own on expert_panels.interest_consents as restrictive for select to kith_app
    using (not expert_panels.is_visitor() or interest_id = expert_panels.own_interest());
create policy named_recorder on expert_panels.interest_consents as restrictive for insert to kith_app
    with check (interest_id = expert_panels.own_interest() and recorded_by is not distinct from kith.current_person());
create policy counter on expert_panels.interest_consents to kith_owner using (true) with check (true);
grant select, insert on expert_panels.interest_consents to kith_app;

-- Equality monitoring: asked for apart, by the person alone, and counted in groups.
create table expert_panels.interest_monitoring (
    network_id uuid not null,
    interest_id uuid not null,
    question text not null check (length(question) between 1 and 50),
    answer text not null check (length(answer) between 1 and 100),
    primary key (network_id, interest_id, question),
    constraint interest_monitoring_interest_fkey foreign key (network_id, interest_id) references expert_panels.interests
);
call kith.isolate('expert_panels.interest_monitoring');
create policy own_answers on expert_panels.interest_monitoring as restrictive to kith_app
    using (interest_id = expert_panels.own_interest() or expert_panels.is_server())
    with check (interest_id = expert_panels.own_interest());
create policy counter on expert_panels.interest_monitoring to kith_owner using (true);
grant select, insert, delete on expert_panels.interest_monitoring to kith_app;

create function expert_panels.count_interest_monitoring(opportunity uuid, present_wording integer)
    returns table (question text, answer text, people bigint)
    language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
    select m.question, m.answer, count(*)
    from expert_panels.interest_monitoring m join expert_panels.interests i using (network_id, interest_id)
    where m.network_id = kith.current_network() and i.opportunity_id = opportunity and i.withdrawn_at is null and (
        select c.given and c.wording >= present_wording from expert_panels.interest_consents c
        where c.network_id = m.network_id and c.interest_id = m.interest_id and c.purpose = 'monitoring'
        order by c.happened_at desc, c.consent_id desc limit 1)
    group by m.question, m.answer having count(*) >= kith.policy_figure('smallest_group_counted', current_date)
    order by m.question, m.answer;
end;

-- Whoever withdraws, by whatever way, leaves nothing of what they said; the ledger says that it is no longer agreed to.
create function expert_panels.forget_interest() returns trigger
    language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
    recorder uuid := case when kith.current_person() is distinct from new.person_id then kith.current_person() end;
begin
    new.words := null;
    new.recording := null;
    insert into expert_panels.interest_consents (network_id, consent_id, interest_id, purpose, wording, given, channel, recorded_by)
    select network_id, kith.new_id(), interest_id, purpose, wording, false, case when recorder is null then 'web' else 'in_person' end, recorder
    from (select distinct on (purpose) * from expert_panels.interest_consents c
          where c.network_id = new.network_id and c.interest_id = new.interest_id order by purpose, happened_at desc, consent_id desc) latest
    where given;
    delete from expert_panels.interest_contacts d where d.network_id = new.network_id and d.interest_id = new.interest_id;
    delete from expert_panels.interest_answers d where d.network_id = new.network_id and d.interest_id = new.interest_id;
    delete from expert_panels.interest_monitoring d where d.network_id = new.network_id and d.interest_id = new.interest_id;
    delete from expert_panels.characteristics d where d.network_id = new.network_id and d.volunteer_id = new.volunteer_id;
    return new;
end $$;
create policy forgetting on expert_panels.characteristics to kith_owner using (true);
create trigger forget_interest before update on expert_panels.interests for each row
    when (old.withdrawn_at is null and new.withdrawn_at is not null) execute function expert_panels.forget_interest();

create function expert_panels.withdraw_interest() returns trigger
    language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
    update expert_panels.interests i set withdrawn_at = new.withdrawn_at, version = i.version + 1
    where i.network_id = new.network_id and i.volunteer_id = new.volunteer_id and i.withdrawn_at is null;
    return null;
end $$;
create trigger withdraw_interest after update on expert_panels.volunteers for each row
    when (old.withdrawn_at is null and new.withdrawn_at is not null) execute function expert_panels.withdraw_interest();

-- Who may take part -----------------------------------------------------------------------------------------------

-- What stands between somebody who offers and somebody who decides. Declared by either; it expires.
create table expert_panels.conflicts (
    network_id uuid not null,
    conflict_id uuid not null,
    interest_id uuid not null,
    -- Who decides; null where the one who offers declares it.
    person_id uuid,
    kind text not null check (kind in ('line_management', 'same_care_team', 'family', 'ended_badly', 'pending_appointment', 'other')),
    words text check (length(words) between 1 and 2000),
    declared_at timestamptz not null default now(),
    expires_on date not null,
    primary key (network_id, conflict_id),
    constraint conflicts_interest_fkey foreign key (network_id, interest_id) references expert_panels.interests,
    constraint conflicts_person_fkey foreign key (network_id, person_id) references kith.people
);
create index conflicts_interest_idx on expert_panels.conflicts (network_id, interest_id);
create index conflicts_person_idx on expert_panels.conflicts (network_id, person_id) where person_id is not null;
call kith.isolate('expert_panels.conflicts');
create policy visitors_own on expert_panels.conflicts as restrictive for select to kith_app
    using (not expert_panels.is_visitor() or (interest_id = expert_panels.own_interest() and person_id is null));
create policy declared_by_themselves on expert_panels.conflicts as restrictive for insert to kith_app
    with check (person_id = kith.current_person() or (person_id is null and interest_id = expert_panels.own_interest()));
grant select, insert, update (kind, words) on expert_panels.conflicts to kith_app;

-- Who is in no pool, and why. It can be taken back, with a reason too; both stay on record.
create table expert_panels.exclusions (
    network_id uuid not null,
    exclusion_id uuid not null,
    volunteer_id uuid not null,
    stage text not null check (stage in ('eligibility', 'conflict', 'shortlisting')),
    reason text not null check (length(reason) between 1 and 2000),
    -- Null where it follows from the person's own answers.
    decided_by uuid,
    decided_at timestamptz not null default now(),
    lifted_by uuid,
    lifted_at timestamptz,
    lifted_reason text check (length(lifted_reason) between 1 and 2000),
    primary key (network_id, exclusion_id),
    constraint exclusions_lifted_check check (lifted_at is null or num_nulls(lifted_by, lifted_reason) = 0),
    constraint exclusions_volunteer_fkey foreign key (network_id, volunteer_id) references expert_panels.volunteers
);
create unique index exclusions_standing_key on expert_panels.exclusions (network_id, volunteer_id) where lifted_at is null;
call kith.isolate('expert_panels.exclusions');
grant select, insert, update (reason, lifted_by, lifted_at, lifted_reason) on expert_panels.exclusions to kith_app;
create view expert_panels.exclusion_details with (security_invoker = true) as
    select e.*, v.reference, v.opportunity_id, v.panel_id
    from expert_panels.exclusions e join expert_panels.volunteer_details v using (network_id, volunteer_id);
grant select on expert_panels.exclusion_details to kith_app;

-- Shortlisting ----------------------------------------------------------------------------------------------------

create table expert_panels.shortlists (
    network_id uuid not null,
    shortlist_id uuid not null,
    opportunity_id uuid not null,
    criteria text[] not null check (cardinality(criteria) between 1 and 20),
    most_points integer not null check (most_points between 1 and 10),
    opened_by uuid not null,
    created_at timestamptz not null default now(),
    minimum_points integer check (minimum_points >= 0),
    -- How power was shared among those who decided, when they did.
    deciders integer,
    deciders_counted integer,
    deciders_percent integer,
    decided_by uuid,
    decided_at timestamptz,
    primary key (network_id, shortlist_id),
    constraint shortlists_opportunity_key unique (network_id, opportunity_id),
    constraint shortlists_opportunity_fkey foreign key (network_id, opportunity_id) references expert_panels.opportunities
);
call kith.isolate('expert_panels.shortlists');
grant select, insert, update (minimum_points, deciders, deciders_counted, deciders_percent, decided_by, decided_at) on expert_panels.shortlists to kith_app;

create table expert_panels.shortlisters (
    network_id uuid not null,
    shortlist_id uuid not null,
    person_id uuid not null,
    -- They have thought about what stands between them and those who offer, and declared what they know of.
    declared_at timestamptz,
    declaration_expires_on date,
    finished_at timestamptz,
    ended_at timestamptz,
    primary key (network_id, shortlist_id, person_id),
    constraint shortlisters_shortlist_fkey foreign key (network_id, shortlist_id) references expert_panels.shortlists,
    constraint shortlisters_person_fkey foreign key (network_id, person_id) references kith.people
);
create index shortlisters_person_idx on expert_panels.shortlisters (network_id, person_id);
call kith.isolate('expert_panels.shortlisters');
-- Whoever sets the data of another shows all of them to each other: so nobody finishes for somebody else.
create policy themselves on expert_panels.shortlisters as restrictive for update to kith_app
    using (true) with check (person_id = kith.current_person() or finished_at is null or ended_at is not null);
grant select, insert, update (declared_at, declaration_expires_on, finished_at, ended_at) on expert_panels.shortlisters to kith_app;

-- Whether everybody who scores is done: from then on they see each other's.
create function expert_panels.is_settled(shortlist uuid) returns boolean language sql stable
    return (select count(*) >= 2 and bool_and(l.finished_at is not null) from expert_panels.shortlisters l
            where l.network_id = kith.current_network() and l.shortlist_id = shortlist and l.ended_at is null);

-- Whether whoever asks may score somebody now.
create function expert_panels.may_assess(shortlist uuid, interest uuid) returns boolean language sql stable
    return exists (
        select from expert_panels.shortlisters l join expert_panels.shortlists s using (network_id, shortlist_id)
            join expert_panels.interests i using (network_id, opportunity_id)
        where l.network_id = kith.current_network() and l.shortlist_id = shortlist and i.interest_id = interest
          and l.person_id = kith.current_person() and l.finished_at is null and l.ended_at is null and s.decided_at is null
          and l.declaration_expires_on >= current_date
          and i.sent_at is not null and i.withdrawn_at is null and i.person_id is distinct from l.person_id
          and not exists (select from expert_panels.exclusions e
                          where e.network_id = i.network_id and e.volunteer_id = i.volunteer_id and e.lifted_at is null)
          and not exists (select from expert_panels.conflicts c where c.network_id = l.network_id and c.interest_id = interest
                            and c.person_id = l.person_id and c.expires_on >= current_date));

create table expert_panels.assessments (
    network_id uuid not null,
    assessment_id uuid not null,
    interest_id uuid not null,
    person_id uuid not null,
    shortlist_id uuid not null,
    -- One figure for each of the criteria, in their order.
    points integer[] not null default '{}',
    words text check (length(words) between 1 and 5000),
    written_at timestamptz not null default now(),
    primary key (network_id, assessment_id),
    constraint assessments_once_key unique (network_id, interest_id, person_id),
    constraint assessments_interest_fkey foreign key (network_id, interest_id) references expert_panels.interests,
    constraint assessments_shortlister_fkey foreign key (network_id, shortlist_id, person_id) references expert_panels.shortlisters
);
create index assessments_shortlist_idx on expert_panels.assessments (network_id, shortlist_id, person_id);
call kith.isolate('expert_panels.assessments');
create policy blind on expert_panels.assessments as restrictive for select to kith_app
    using (expert_panels.is_server() or (not expert_panels.is_visitor()
        and (person_id = kith.current_person() or expert_panels.is_settled(shortlist_id))));
create policy own_assessment on expert_panels.assessments as restrictive for insert to kith_app
    with check (person_id = kith.current_person() and expert_panels.may_assess(shortlist_id, interest_id));
create policy own_change on expert_panels.assessments as restrictive for update to kith_app
    using (person_id = kith.current_person() or expert_panels.is_server())
    with check (expert_panels.is_server() or (person_id = kith.current_person() and expert_panels.may_assess(shortlist_id, interest_id)));
grant select, insert, update (points, words, written_at) on expert_panels.assessments to kith_app;

-- Whoever shortlists sees no name and no address, whatever other role they have, until the shortlist is decided.
create function expert_panels.is_shortlisting(interest uuid) returns boolean language sql stable
    return exists (
        select from expert_panels.interests i join expert_panels.shortlists s using (network_id, opportunity_id)
            join expert_panels.shortlisters l using (network_id, shortlist_id)
        where i.network_id = kith.current_network() and i.interest_id = interest and l.person_id = kith.current_person()
          and l.ended_at is null and s.decided_at is null);
create policy unnamed on expert_panels.interest_contacts as restrictive for select to kith_app
    using (interest_id = expert_panels.own_interest() or not expert_panels.is_shortlisting(interest_id));

-- An expression of interest with what came of it.
create view expert_panels.interest_details with (security_invoker = true) as
    select i.*, o.panel_id, o.title as call_title, c.name, c.contact, e.reason as left_out_because, e.stage as left_out_at,
        case when i.withdrawn_at is not null then 'withdrawn' when i.sent_at is null then 'draft' when e.exclusion_id is not null then 'left_out'
             when s.ended_at is not null then 'ended' when s.part is not null then s.part
             when d.drawn_at is not null then 'not_drawn' else 'sent' end as state
    from expert_panels.interests i join expert_panels.opportunities o using (network_id, opportunity_id)
        left join expert_panels.interest_contacts c using (network_id, interest_id)
        left join expert_panels.exclusions e on e.network_id = i.network_id and e.volunteer_id = i.volunteer_id and e.lifted_at is null
        left join lateral (
            select w.* from expert_panels.pool_members m join expert_panels.draws w using (network_id, pool_id)
            where m.network_id = i.network_id and m.volunteer_id = i.volunteer_id and w.drawn_at is not null
            order by w.drawn_at desc limit 1) d on true
        left join expert_panels.seats s on s.network_id = i.network_id and s.draw_id = d.draw_id and s.volunteer_id = i.volunteer_id;
grant select on expert_panels.interest_details to kith_app;

-- Power -----------------------------------------------------------------------------------------------------------

-- What people say of themselves, with lived experience or without, to be counted where panels are run and chosen. What they answered for
-- equality monitoring was asked for another purpose and is not used for this. Nobody writes it for somebody else or reads it.
create table expert_panels.lived_experience (
    network_id uuid not null,
    person_id uuid not null,
    declares boolean not null,
    -- Also in groups so small, or so put together, that others can tell who is meant.
    in_every_group boolean not null,
    declared_at timestamptz not null default now(),
    primary key (network_id, person_id),
    constraint lived_experience_person_fkey foreign key (network_id, person_id) references kith.people
);
call kith.isolate('expert_panels.lived_experience');
create policy themselves on expert_panels.lived_experience as restrictive to kith_app
    using (person_id = kith.current_person() or expert_panels.is_server()) with check (person_id = kith.current_person());
create policy counter on expert_panels.lived_experience to kith_owner using (true);
grant select, insert, update, delete on expert_panels.lived_experience to kith_app;

-- Whoever leaves a network is counted no more, also where somebody else records that they leave, who may not read what they said.
create function expert_panels.forget_lived_experience(person uuid) returns void
    language sql security definer set search_path = pg_catalog, pg_temp
begin atomic
    delete from expert_panels.lived_experience l
    where l.network_id = kith.current_network() and l.person_id = person;
end;

-- Who chairs a panel and who selects for it, beside those who shortlist.
create table expert_panels.parts (
    network_id uuid not null,
    part_id uuid not null,
    panel_id uuid not null,
    person_id uuid not null,
    part text not null check (part in ('chair', 'selector')),
    created_at timestamptz not null default now(),
    ended_at timestamptz,
    primary key (network_id, part_id),
    constraint parts_panel_fkey foreign key (network_id, panel_id) references expert_panels.panels,
    constraint parts_person_fkey foreign key (network_id, person_id) references kith.people
);
create unique index parts_once_key on expert_panels.parts (network_id, panel_id, person_id, part) where ended_at is null;
create index parts_person_idx on expert_panels.parts (network_id, person_id);
call kith.isolate('expert_panels.parts');
grant select, insert, update (ended_at) on expert_panels.parts to kith_app;

-- Who puts something on the agenda and who speaks, where a panel writes that down.
create table expert_panels.voices (
    network_id uuid not null,
    panel_id uuid not null,
    held_on date not null,
    person_id uuid not null,
    agenda_items integer not null check (agenda_items between 0 and 1000),
    minutes_spoken integer not null check (minutes_spoken between 0 and 1000),
    primary key (network_id, panel_id, held_on, person_id),
    constraint voices_panel_fkey foreign key (network_id, panel_id) references expert_panels.panels,
    constraint voices_person_fkey foreign key (network_id, person_id) references kith.people
);
create index voices_person_idx on expert_panels.voices (network_id, person_id);
call kith.isolate('expert_panels.voices');
grant select, insert, update on expert_panels.voices to kith_app;

-- Whether those present were enough, and what part of them had lived experience.
create table expert_panels.quorums (
    network_id uuid not null,
    quorum_id uuid not null,
    panel_id uuid not null,
    needed integer not null check (needed between 1 and 1000),
    present integer not null check (present >= 0),
    counted integer not null check (counted >= 0),
    percent integer not null check (percent between 0 and 100),
    is_quorate boolean not null,
    checked_by uuid not null,
    created_at timestamptz not null default now(),
    primary key (network_id, quorum_id),
    constraint quorums_panel_fkey foreign key (network_id, panel_id) references expert_panels.panels
);
create index quorums_panel_idx on expert_panels.quorums (network_id, panel_id);
call kith.isolate('expert_panels.quorums');
grant select, insert on expert_panels.quorums to kith_app;

-- How many of some people have lived experience, as they say themselves and agree to have counted.
--
-- A panel is drawn: nobody put it together in order to learn something of one person, so all who declare are counted, if they are five or
-- more. Every other group is put together by somebody who could change it by one person and count again, and is often a pair. There only
-- those count who agreed to be counted where others can tell that it is them. So a figure below the exact one is a lower bound, and
-- somebody who is not counted cannot be told from somebody without lived experience.
create function expert_panels.count_lived_experience(people uuid[], is_drawn boolean, present_wording integer)
    returns table (counted bigint, is_least boolean)
    language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
    select case when is_drawn and count(*) >= kith.policy_figure('smallest_group_counted', current_date) then count(*)
                else count(*) filter (where l.in_every_group) end,
           not (is_drawn and count(*) >= kith.policy_figure('smallest_group_counted', current_date))
    from expert_panels.lived_experience l
    where l.network_id = kith.current_network() and l.person_id = any (people) and l.declares
      and kith.has_consent(l.person_id, 'expert_panels.lived_experience', present_wording);
end;

-- What of the agenda and of the time to speak is theirs, under the same rule: each is one person's.
create function expert_panels.count_voices(panel uuid, present_wording integer)
    returns table (agenda_items bigint, own_items bigint, minutes bigint, own_minutes bigint)
    language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
    select coalesce(sum(v.agenda_items), 0), coalesce(sum(v.agenda_items) filter (where l.person_id is not null), 0),
           coalesce(sum(v.minutes_spoken), 0), coalesce(sum(v.minutes_spoken) filter (where l.person_id is not null), 0)
    from expert_panels.voices v left join expert_panels.lived_experience l
        on l.network_id = v.network_id and l.person_id = v.person_id and l.declares and l.in_every_group
           and kith.has_consent(l.person_id, 'expert_panels.lived_experience', present_wording)
    where v.network_id = kith.current_network() and v.panel_id = panel;
end;
create policy counter on expert_panels.voices for select to kith_owner using (true);

do $$
declare
    closed text;
begin
    foreach closed in array array[
        'expert_panels.enter_open_call(bytea, uuid, uuid)', 'expert_panels.enter_interest(bytea, uuid, uuid)',
        'expert_panels.count_interest_monitoring(uuid, integer)', 'expert_panels.count_lived_experience(uuid[], boolean, integer)',
        'expert_panels.count_voices(uuid, integer)', 'expert_panels.forget_lived_experience(uuid)'
    ] loop
        execute format('revoke execute on function %s from public', closed);
        execute format('grant execute on function %s to kith_app', closed);
    end loop;
    revoke execute on function expert_panels.forget_interest(), expert_panels.withdraw_interest() from public;
end $$;
