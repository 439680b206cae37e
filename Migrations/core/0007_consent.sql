-- The rights of people: what they agreed to, what they need in order to take part, the meetings they are asked to, leaving, and complaining.

-- Who arranges access sees needs, and who handles complaints reads them: both are roles of their own, apart from those that select people.
alter table kith.role_grants drop constraint role_grants_role_check, add constraint role_grants_role_check check (
    role in ('administrator', 'programme_lead', 'facilitator', 'participant', 'observer', 'safeguarding_lead', 'payments_officer', 'auditor',
             'access_coordinator', 'complaints_handler'));

-- Whether the person who asks holds one of the roles in the whole network or, given an activity, in its programme.
create function kith.holds_role(needed text[], activity uuid) returns boolean language sql stable
    return exists (
        select from kith.role_grants g
        where g.network_id = kith.current_network() and g.person_id = kith.current_person() and g.ended_at is null and g.role = any (needed)
          and (g.programme_id is null or g.programme_id = (
              select a.programme_id from kith.activities a where a.network_id = kith.current_network() and a.activity_id = activity)));

-- Needs reach those who arrange, never those who select: nobody is both at once.
create function kith.keep_arranging_apart() returns trigger language plpgsql as $$
begin
    -- Two grants at the same moment wait for each other here.
    perform from kith.people p where p.network_id = new.network_id and p.person_id = new.person_id for no key update;
    if exists (
        select from kith.role_grants g
        where g.network_id = new.network_id and g.person_id = new.person_id and g.ended_at is null
          and (g.role = 'access_coordinator' and new.role in ('administrator', 'programme_lead', 'facilitator')
            or new.role = 'access_coordinator' and g.role in ('administrator', 'programme_lead', 'facilitator'))) then
        raise exception 'Whoever sees access needs cannot also choose people. Give one of the two roles to somebody else.' using errcode = 'KH409';
    end if;
    return new;
end $$;
create trigger arranging_apart before insert on kith.role_grants for each row execute function kith.keep_arranging_apart();

-- Figures that law or policy may change: each holds from a day.
create table kith.policy_figures (
    figure text not null,
    effective_from date not null,
    value integer not null,
    source text not null,
    primary key (figure, effective_from)
);
alter table kith.policy_figures enable row level security;
alter table kith.policy_figures force row level security;
create policy readable on kith.policy_figures for select to kith_app using (kith.current_network() is not null);
create policy migrator on kith.policy_figures to kith_owner using (true) with check (true);
grant select on kith.policy_figures to kith_app;
insert into kith.policy_figures (figure, effective_from, value, source) values
    ('complaint_acknowledgement_days', '2026-06-19', 30,
     'Data (Use and Access) Act 2025, section 103: Data Protection Act 2018, section 164A (complaints to controllers)'),
    ('smallest_group_counted', '2018-05-25', 5, 'Statistical disclosure control for special-category data (UK GDPR, article 9)');

-- What a figure is on a day; before its first day, what it will be first.
create function kith.policy_figure(name text, on_day date) returns integer language sql stable
    return (select f.value from kith.policy_figures f where f.figure = name
            order by f.effective_from <= on_day desc, case when f.effective_from <= on_day then on_day - f.effective_from else f.effective_from - on_day end
            limit 1);

-- The consent ledger ----------------------------------------------------------------------------------------------

create table kith.consents (
    network_id uuid not null,
    consent_id uuid not null,
    person_id uuid not null,
    purpose text not null check (length(purpose) between 1 and 100),
    -- The version of the wording that the person read or heard.
    wording integer not null check (wording > 0),
    given boolean not null,
    channel text not null check (channel in ('web', 'paper', 'phone', 'in_person')),
    recorded_by uuid not null,
    happened_at timestamptz not null,
    recorded_at timestamptz not null default clock_timestamp(),
    primary key (network_id, consent_id),
    constraint consents_person_fkey foreign key (network_id, person_id) references kith.people,
    constraint consents_moment_check check (happened_at <= recorded_at)
);
create index consents_person_idx on kith.consents (network_id, person_id, purpose, happened_at desc, recorded_at desc);
alter table kith.consents enable row level security;
alter table kith.consents force row level security;
create policy own_network on kith.consents for select to kith_app using (network_id = kith.current_network());
-- Whoever records it is named; on the web everybody speaks for themselves.
create policy named_recorder on kith.consents for insert to kith_app with check (
    network_id = kith.current_network() and recorded_by = kith.current_person() and (person_id = kith.current_person() or channel <> 'web'));
create policy carrier on kith.consents for select to kith_owner using (true);
grant select, insert on kith.consents to kith_app;
create function kith.refuse_ledger_change() returns trigger language plpgsql as $$
begin
    raise exception 'This record is append-only: nothing in it can be changed or deleted.' using errcode = 'KH409';
end $$;
create trigger append_only before update or delete or truncate on kith.consents
    for each statement execute function kith.refuse_ledger_change();

-- What holds: the latest entry of each person for each purpose.
create view kith.consent_states with (security_invoker = true) as
    select distinct on (network_id, person_id, purpose)
        network_id, person_id, purpose, consent_id, wording, given, channel, recorded_by, happened_at, recorded_at
    from kith.consents order by network_id, person_id, purpose, happened_at desc, recorded_at desc, consent_id desc;
grant select on kith.consent_states to kith_app;

-- Whether a person agrees to a purpose in its present wording. Queries that need a purpose join this.
create function kith.has_consent(person uuid, needed_purpose text, present_wording integer) returns boolean language sql stable
    return exists (
        select from kith.consent_states s
        where s.network_id = kith.current_network() and s.person_id = person and s.purpose = needed_purpose
          and s.given and s.wording >= present_wording);

-- The second door of an operation that needs the consent of whoever asks.
create function kith.require_consent(needed_purpose text, present_wording integer, title text) returns void language plpgsql stable as $$
begin
    if not kith.has_consent(kith.current_person(), needed_purpose, present_wording) then
        raise exception 'This needs your consent: %. You have not given it, have withdrawn it, or its wording has changed. Read the wording, then decide.', title
            using errcode = 'KH452';
    end if;
end $$;

-- Equality monitoring and lived experience: asked for one purpose, kept apart, readable by the person alone, counted in groups.
create table kith.monitoring_answers (
    network_id uuid not null,
    person_id uuid not null,
    question text not null check (length(question) between 1 and 50),
    answer text not null check (length(answer) between 1 and 100),
    answered_at timestamptz not null default now(),
    primary key (network_id, person_id, question),
    constraint monitoring_answers_person_fkey foreign key (network_id, person_id) references kith.people
);
alter table kith.monitoring_answers enable row level security;
alter table kith.monitoring_answers force row level security;
create policy own_answers on kith.monitoring_answers to kith_app
    using (network_id = kith.current_network() and person_id = kith.current_person())
    with check (network_id = kith.current_network() and person_id = kith.current_person()
        and kith.has_consent(person_id, 'core.equality_monitoring', 1));
create policy counter on kith.monitoring_answers to kith_owner using (true);
grant select, insert, update, delete on kith.monitoring_answers to kith_app;

create function kith.count_monitoring(present_wording integer) returns table (question text, answer text, people bigint)
    language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
    select m.question, m.answer, count(*) from kith.monitoring_answers m
    where m.network_id = kith.current_network() and kith.has_consent(m.person_id, 'core.equality_monitoring', present_wording)
    group by m.question, m.answer
    having count(*) >= kith.policy_figure('smallest_group_counted', current_date)
    order by m.question, m.answer;
end;

create function kith.forget_monitoring() returns trigger
    language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
    if not exists (select from kith.consent_states s where s.network_id = new.network_id and s.person_id = new.person_id
                     and s.purpose = new.purpose and s.given) then
        delete from kith.monitoring_answers m where m.network_id = new.network_id and m.person_id = new.person_id;
    end if;
    return null;
end $$;
create trigger forget_monitoring after insert on kith.consents for each row
    when (new.purpose = 'core.equality_monitoring' and not new.given) execute function kith.forget_monitoring();

-- Access and communication needs ----------------------------------------------------------------------------------
-- The six stages of the NHS Accessible Information Standard (DAPB1605): identify, record, flag, share, meet, review.

-- Identify: that somebody was asked.
create table kith.access_enquiries (
    network_id uuid not null,
    enquiry_id uuid not null,
    person_id uuid not null,
    outcome text not null check (outcome in ('has_needs', 'no_needs', 'prefers_not_to_say')),
    channel text not null check (channel in ('web', 'paper', 'phone', 'in_person')),
    asked_by uuid not null,
    asked_at timestamptz not null default now(),
    primary key (network_id, enquiry_id),
    constraint access_enquiries_person_fkey foreign key (network_id, person_id) references kith.people
);
create index access_enquiries_person_idx on kith.access_enquiries (network_id, person_id);
alter table kith.access_enquiries enable row level security;
alter table kith.access_enquiries force row level security;
create policy own_or_arranged on kith.access_enquiries to kith_app
    using (network_id = kith.current_network()
        and (person_id = kith.current_person() or kith.holds_role(array['access_coordinator'], null)))
    with check (network_id = kith.current_network() and asked_by = kith.current_person()
        and (person_id = kith.current_person() or kith.holds_role(array['access_coordinator'], null)));
grant select, insert on kith.access_enquiries to kith_app;

create table kith.access_needs (
    network_id uuid not null,
    need_id uuid not null,
    person_id uuid not null,
    kind text not null check (kind in (
        'large_print', 'easy_read', 'braille', 'audio', 'bsl_video', 'plain_text', 'translation',
        'bsl_interpreter', 'lipspeaker', 'speech_to_text', 'deafblind_interpreter', 'hearing_loop', 'language_interpreter', 'advocate',
        'step_free_access', 'parking', 'quiet_space', 'planned_breaks', 'more_time', 'supporter', 'personal_assistant', 'assistance_dog',
        'travel_support', 'dietary', 'care_cover', 'remote_attendance', 'phone_attendance', 'other')),
    details text check (length(details) between 1 and 2000),
    how_to_meet text check (length(how_to_meet) between 1 and 2000),
    share_with text not null default 'arrangers' check (share_with in ('nobody', 'arrangers')),
    is_flagged boolean not null default true,
    review_on date not null,
    reviewed_at timestamptz,
    recorded_by uuid not null,
    version bigint not null default 1,
    created_at timestamptz not null default now(),
    ended_at timestamptz,
    primary key (network_id, need_id),
    constraint access_needs_person_fkey foreign key (network_id, person_id) references kith.people,
    constraint access_needs_words_check check (kind <> 'other' or details is not null)
);
create index access_needs_person_idx on kith.access_needs (network_id, person_id);
create index access_needs_review_idx on kith.access_needs (network_id, review_on) where ended_at is null;
create policy carrier on kith.access_needs to kith_owner using (true);
grant select, insert, update on kith.access_needs to kith_app;

-- The state of a need before each change, and who made the change.
create table kith.access_need_history (
    network_id uuid not null,
    history_id uuid not null,
    need_id uuid not null,
    version bigint not null,
    kind text not null,
    details text,
    how_to_meet text,
    share_with text not null,
    is_flagged boolean not null,
    review_on date not null,
    ended_at timestamptz,
    changed_by uuid,
    changed_at timestamptz not null default now(),
    primary key (network_id, history_id),
    constraint access_need_history_need_fkey foreign key (network_id, need_id) references kith.access_needs
);
create index access_need_history_need_idx on kith.access_need_history (network_id, need_id, history_id);
alter table kith.access_need_history enable row level security;
alter table kith.access_need_history force row level security;
-- Whoever sees the need sees its history.
create policy of_visible_need on kith.access_need_history to kith_app
    using (network_id = kith.current_network() and exists (
        select from kith.access_needs n where n.network_id = access_need_history.network_id and n.need_id = access_need_history.need_id))
    with check (network_id = kith.current_network() and changed_by = kith.current_person());
create policy carrier on kith.access_need_history to kith_owner using (true);
grant select, insert on kith.access_need_history to kith_app;
create function kith.keep_need_history() returns trigger language plpgsql as $$
begin
    insert into kith.access_need_history (network_id, history_id, need_id, version, kind, details, how_to_meet, share_with, is_flagged, review_on,
                                          ended_at, changed_by)
    values (old.network_id, kith.new_id(), old.need_id, old.version, old.kind, old.details, old.how_to_meet, old.share_with, old.is_flagged,
            old.review_on, old.ended_at, kith.current_person());
    return new;
end $$;
create trigger keep_history before update on kith.access_needs for each row execute function kith.keep_need_history();

-- Meetings --------------------------------------------------------------------------------------------------------

create table kith.meetings (
    network_id uuid not null,
    meeting_id uuid not null,
    activity_id uuid not null,
    title text not null check (length(title) between 1 and 200),
    starts_at timestamptz not null,
    ends_at timestamptz not null,
    place text check (length(place) between 1 and 500),
    remote_link text check (length(remote_link) between 1 and 2000),
    phone text check (length(phone) between 1 and 100),
    breaks jsonb not null default '[]',
    version bigint not null default 1,
    created_at timestamptz not null default now(),
    ready_at timestamptz,
    cancelled_at timestamptz,
    primary key (network_id, meeting_id),
    constraint meetings_activity_fkey foreign key (network_id, activity_id) references kith.activities,
    constraint meetings_times_check check (ends_at > starts_at and ends_at <= starts_at + interval '7 days'),
    constraint meetings_where_check check (num_nonnulls(place, remote_link, phone) > 0)
);
create index meetings_activity_idx on kith.meetings (network_id, activity_id, starts_at);
call kith.isolate('kith.meetings');
create policy carrier on kith.meetings to kith_owner using (true);
grant select, insert, update on kith.meetings to kith_app;

create table kith.meeting_invitations (
    network_id uuid not null,
    meeting_id uuid not null,
    person_id uuid not null,
    invited_by uuid not null,
    invited_at timestamptz not null default now(),
    reply text check (reply in ('yes', 'no', 'maybe')),
    -- How they mean to come, and how they came.
    attends_by text check (attends_by in ('in_person', 'remote', 'phone')),
    supporters integer not null default 0 check (supporters between 0 and 5),
    replied_at timestamptz,
    attended text check (attended in ('in_person', 'remote', 'phone', 'absent')),
    attended_supporters integer check (attended_supporters between 0 and 5),
    withdrawn_at timestamptz,
    primary key (network_id, meeting_id, person_id),
    constraint meeting_invitations_meeting_fkey foreign key (network_id, meeting_id) references kith.meetings,
    constraint meeting_invitations_person_fkey foreign key (network_id, person_id) references kith.people
);
create index meeting_invitations_person_idx on kith.meeting_invitations (network_id, person_id);
call kith.isolate('kith.meeting_invitations');
create policy carrier on kith.meeting_invitations for select to kith_owner using (true);
grant select, insert, update on kith.meeting_invitations to kith_app;

create table kith.meeting_papers (
    network_id uuid not null,
    paper_id uuid not null,
    meeting_id uuid not null,
    title text not null check (length(title) between 1 and 200),
    link text not null check (length(link) between 1 and 2000),
    created_at timestamptz not null default now(),
    sent_at timestamptz,
    primary key (network_id, paper_id),
    constraint meeting_papers_meeting_fkey foreign key (network_id, meeting_id) references kith.meetings
);
create index meeting_papers_meeting_idx on kith.meeting_papers (network_id, meeting_id);
call kith.isolate('kith.meeting_papers');
grant select, insert, update on kith.meeting_papers to kith_app;

-- Each need of each person invited, from needed to reviewed. What the need is stays with the need.
create table kith.meeting_needs (
    network_id uuid not null,
    meeting_id uuid not null,
    need_id uuid not null,
    person_id uuid not null,
    activity_id uuid not null,
    arranged_at timestamptz,
    -- Why it cannot be met, in words for the person.
    explanation text check (length(explanation) between 1 and 2000),
    met_at timestamptz,
    reviewed_at timestamptz,
    was_met boolean,
    state text not null generated always as (case
        when reviewed_at is not null then 'reviewed' when met_at is not null then 'met' when arranged_at is not null then 'arranged'
        when explanation is not null then 'explained' else 'needed' end) stored,
    primary key (network_id, meeting_id, need_id),
    constraint meeting_needs_meeting_fkey foreign key (network_id, meeting_id) references kith.meetings,
    constraint meeting_needs_need_fkey foreign key (network_id, need_id) references kith.access_needs,
    constraint meeting_needs_order_check check (
        (met_at is null or arranged_at is not null) and (reviewed_at is null or met_at is not null or explanation is not null))
);
create index meeting_needs_need_idx on kith.meeting_needs (network_id, need_id);
create index meeting_needs_person_idx on kith.meeting_needs (network_id, person_id);
alter table kith.meeting_needs enable row level security;
alter table kith.meeting_needs force row level security;
create policy own_or_arranged on kith.meeting_needs to kith_app
    using (network_id = kith.current_network()
        and (person_id = kith.current_person() or kith.holds_role(array['access_coordinator'], activity_id)))
    with check (network_id = kith.current_network()
        and (person_id = kith.current_person() or kith.holds_role(array['access_coordinator'], activity_id)));
create policy carrier on kith.meeting_needs to kith_owner using (true) with check (true);
grant select, update on kith.meeting_needs to kith_app;

-- The person's own needs; and, as far as the person shares them, those that one arranges.
alter table kith.access_needs enable row level security;
alter table kith.access_needs force row level security;
create policy own_or_arranged on kith.access_needs to kith_app
    using (network_id = kith.current_network() and (person_id = kith.current_person()
        or share_with = 'arrangers' and kith.has_consent(person_id, 'core.share_access_needs', 1)
            and (kith.holds_role(array['access_coordinator'], null) or exists (
                select from kith.meeting_needs m where m.network_id = access_needs.network_id and m.need_id = access_needs.need_id))))
    with check (network_id = kith.current_network() and (person_id = kith.current_person()
        or share_with = 'arrangers' and kith.has_consent(person_id, 'core.share_access_needs', 1)
            and (kith.holds_role(array['access_coordinator'], null) or exists (
                select from kith.meeting_needs m where m.network_id = access_needs.network_id and m.need_id = access_needs.need_id))));

-- A need with its six stages, as far as whoever asks may see them.
create view kith.access_need_details with (security_invoker = true) as
    select n.*,
        coalesce((select max(e.asked_at) from kith.access_enquiries e where e.network_id = n.network_id and e.person_id = n.person_id),
                 n.created_at) as identified_at,
        (select s.happened_at from kith.consent_states s
         where s.network_id = n.network_id and s.person_id = n.person_id and s.purpose = 'core.share_access_needs' and s.given
           and n.share_with = 'arrangers') as shared_at,
        (select max(m.met_at) from kith.meeting_needs m where m.network_id = n.network_id and m.need_id = n.need_id) as met_at
    from kith.access_needs n;
create view kith.meeting_need_details with (security_invoker = true) as
    select m.*, n.kind, n.details, n.how_to_meet
    from kith.meeting_needs m left join kith.access_needs n on n.network_id = m.network_id and n.need_id = m.need_id;
grant select on kith.access_need_details, kith.meeting_need_details to kith_app;

-- Which need belongs to which coming meeting: those that stand, that are shared, of people who are invited.
create view kith.wanted_meeting_needs with (security_invoker = true) as
    select n.network_id, i.meeting_id, n.need_id, n.person_id, m.activity_id
    from kith.access_needs n
        join kith.meeting_invitations i on i.network_id = n.network_id and i.person_id = n.person_id and i.withdrawn_at is null
        join kith.meetings m on m.network_id = i.network_id and m.meeting_id = i.meeting_id and m.cancelled_at is null and m.starts_at > now()
    where n.ended_at is null and n.share_with = 'arrangers'
      and exists (select from kith.consent_states s where s.network_id = n.network_id and s.person_id = n.person_id
                    and s.purpose = 'core.share_access_needs' and s.given);
grant select on kith.wanted_meeting_needs to kith_app;

-- Brings the coming meetings of a person in line with their needs. A meeting that was ready is not, once a need is added.
create function kith.carry_needs(network uuid, person uuid) returns void
    language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
    -- An invitation and a need that come at the same moment wait for each other here, and the second sees the first.
    perform from kith.people p where p.network_id = network and p.person_id = person for no key update;
    delete from kith.meeting_needs x using kith.meetings m
    where x.network_id = network and x.person_id = person and m.network_id = x.network_id and m.meeting_id = x.meeting_id
      and m.starts_at > now() and not exists (
          select from kith.wanted_meeting_needs w
          where w.network_id = x.network_id and w.meeting_id = x.meeting_id and w.need_id = x.need_id);
    -- Whoever marks one of these meetings ready at the same moment waits here, or is waited for.
    perform from kith.meetings m where m.network_id = network and m.meeting_id in (
        select w.meeting_id from kith.wanted_meeting_needs w where w.network_id = network and w.person_id = person)
    order by m.meeting_id for no key update;
    with carried as (
        insert into kith.meeting_needs (network_id, meeting_id, need_id, person_id, activity_id)
        select w.network_id, w.meeting_id, w.need_id, w.person_id, w.activity_id
        from kith.wanted_meeting_needs w where w.network_id = network and w.person_id = person
        on conflict do nothing returning meeting_id)
    update kith.meetings m set ready_at = null, version = m.version + 1
    where m.network_id = network and m.ready_at is not null and m.meeting_id in (select c.meeting_id from carried c);
end $$;

create function kith.carry_needs_of_row() returns trigger
    language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
    perform kith.carry_needs(new.network_id, new.person_id);
    return null;
end $$;
create trigger carry_needs after insert or update of withdrawn_at on kith.meeting_invitations
    for each row execute function kith.carry_needs_of_row();
create trigger carry_needs after insert or update of ended_at, share_with on kith.access_needs
    for each row execute function kith.carry_needs_of_row();
create trigger carry_needs after insert on kith.consents for each row
    when (new.purpose = 'core.share_access_needs') execute function kith.carry_needs_of_row();

-- A need that is changed, and a meeting that is moved, have to be arranged again: the interpreter is booked for another hour.
create function kith.arrange_again() returns trigger
    language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
    if tg_table_name = 'access_needs' then
        with again as (
            update kith.meeting_needs x set arranged_at = null, explanation = null from kith.meetings m
            where x.network_id = new.network_id and x.need_id = new.need_id and x.met_at is null
              and m.network_id = x.network_id and m.meeting_id = x.meeting_id and m.starts_at > now()
            returning x.meeting_id)
        update kith.meetings m set ready_at = null, version = m.version + 1
        where m.network_id = new.network_id and m.ready_at is not null and m.meeting_id in (select a.meeting_id from again a);
    else
        update kith.meeting_needs x set arranged_at = null, explanation = null
        where x.network_id = new.network_id and x.meeting_id = new.meeting_id and x.met_at is null;
        -- A meeting that is called off needs nothing any more; one that is brought forward into the future may.
        perform kith.carry_needs(i.network_id, i.person_id) from (
            select v.network_id, v.person_id from kith.meeting_invitations v
            where v.network_id = new.network_id and v.meeting_id = new.meeting_id order by v.person_id) i;
    end if;
    return null;
end $$;
create trigger arrange_again after update of kind, details, how_to_meet on kith.access_needs for each row
    when (old.kind <> new.kind or old.details is distinct from new.details or old.how_to_meet is distinct from new.how_to_meet)
    execute function kith.arrange_again();
create function kith.unready() returns trigger language plpgsql as $$
begin
    new.ready_at := null;
    return new;
end $$;
create trigger unready before update of starts_at, ends_at, place, remote_link, phone on kith.meetings for each row
    when ((old.starts_at, old.ends_at, old.place, old.remote_link, old.phone)
        is distinct from (new.starts_at, new.ends_at, new.place, new.remote_link, new.phone))
    execute function kith.unready();
create trigger arrange_again after update of starts_at, ends_at, place, remote_link, phone, cancelled_at on kith.meetings for each row
    when ((old.starts_at, old.ends_at, old.place, old.remote_link, old.phone, old.cancelled_at)
        is distinct from (new.starts_at, new.ends_at, new.place, new.remote_link, new.phone, new.cancelled_at))
    execute function kith.arrange_again();

-- Whether every need at a meeting is arranged or explained: an answer that those who select may have, because it is about nobody.
create function kith.is_arranged(meeting uuid) returns boolean
    language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
    select not exists (
        select from kith.meeting_needs x where x.network_id = kith.current_network() and x.meeting_id = meeting and x.state = 'needed');
end;

-- How a person is to be written or spoken to: for whatever sends messages. Formats are their current needs of that kind.
create function kith.communication_of(network uuid, person uuid) returns table (contact_by text, formats text[])
    language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
    select p.contact_by, array(
        select distinct n.kind from kith.access_needs n
        where n.network_id = p.network_id and n.person_id = p.person_id and n.ended_at is null and n.share_with = 'arrangers'
          and n.kind in ('large_print', 'easy_read', 'braille', 'audio', 'bsl_video', 'plain_text', 'translation')
          and exists (select from kith.consent_states s where s.network_id = n.network_id and s.person_id = n.person_id
                        and s.purpose = 'core.share_access_needs' and s.given)
        order by n.kind)
    from kith.people p where p.network_id = network and p.network_id = kith.current_network() and p.person_id = person;
end;

-- Withdrawal ------------------------------------------------------------------------------------------------------

-- From an activity, a programme, or (both null) the network. There is no column for a reason.
create table kith.withdrawals (
    network_id uuid not null,
    withdrawal_id uuid not null,
    person_id uuid not null,
    activity_id uuid,
    programme_id uuid,
    channel text not null check (channel in ('web', 'paper', 'phone', 'in_person')),
    recorded_by uuid not null,
    withdrawn_at timestamptz not null default now(),
    -- Only the person comes back; nobody is brought back.
    returned_at timestamptz,
    primary key (network_id, withdrawal_id),
    constraint withdrawals_person_fkey foreign key (network_id, person_id) references kith.people,
    constraint withdrawals_activity_fkey foreign key (network_id, activity_id) references kith.activities,
    constraint withdrawals_programme_fkey foreign key (network_id, programme_id) references kith.programmes,
    constraint withdrawals_scope_check check (num_nonnulls(activity_id, programme_id) <= 1)
);
create unique index withdrawals_once_key on kith.withdrawals (network_id, person_id, activity_id, programme_id) nulls not distinct
    where returned_at is null;
alter table kith.withdrawals enable row level security;
alter table kith.withdrawals force row level security;
create policy own_network on kith.withdrawals for select to kith_app using (network_id = kith.current_network());
create policy named_recorder on kith.withdrawals for insert to kith_app
    with check (network_id = kith.current_network() and recorded_by = kith.current_person());
create policy own_return on kith.withdrawals for update to kith_app
    using (network_id = kith.current_network() and person_id = kith.current_person())
    with check (network_id = kith.current_network() and person_id = kith.current_person());
grant select, insert, update on kith.withdrawals to kith_app;

-- Whether a person has withdrawn from an activity, from its programme or from the network.
create function kith.has_withdrawn(person uuid, activity uuid) returns boolean language sql stable
    return exists (
        select from kith.people p where p.network_id = kith.current_network() and p.person_id = person and p.ended_at is not null
    ) or exists (
        select from kith.withdrawals w
        where w.network_id = kith.current_network() and w.person_id = person and w.returned_at is null
          and (num_nonnulls(w.activity_id, w.programme_id) = 0 or w.activity_id = activity or w.programme_id = (
              select a.programme_id from kith.activities a where a.network_id = kith.current_network() and a.activity_id = activity)));

-- No future offers.
create function kith.respect_withdrawal() returns trigger language plpgsql as $$
begin
    -- An offer and a withdrawal that come at the same moment wait for each other here.
    perform from kith.people p where p.network_id = new.network_id and p.person_id = new.person_id for no key update;
    if tg_table_name = 'meeting_invitations' then
        if new.withdrawn_at is not null or not kith.has_withdrawn(new.person_id, (
            select m.activity_id from kith.meetings m where m.network_id = new.network_id and m.meeting_id = new.meeting_id)) then
            return new;
        end if;
    elsif not exists (
        select from kith.people p where p.network_id = new.network_id and p.person_id = new.person_id and p.ended_at is not null
    ) and not exists (
        select from kith.withdrawals w where w.network_id = new.network_id and w.person_id = new.person_id and w.returned_at is null
          and (num_nonnulls(w.activity_id, w.programme_id) = 0 or w.programme_id = new.programme_id)
    ) then
        return new;
    end if;
    raise exception 'This person has withdrawn. They are not asked again; only they can come back.' using errcode = 'KH409';
end $$;
create trigger respect_withdrawal before insert or update of withdrawn_at on kith.meeting_invitations
    for each row execute function kith.respect_withdrawal();
create trigger respect_withdrawal before insert on kith.role_grants for each row execute function kith.respect_withdrawal();

-- Spaces of what somebody withdraws from, also where it is written down for them; those of the network are left with it.
create function kith.leave_spaces_of(person uuid, activities uuid[], programme uuid) returns void
    language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
    left_space uuid;
begin
    for left_space in
        update kith.space_members m set left_at = now() from kith.spaces s
        where m.network_id = kith.current_network() and m.person_id = person and m.left_at is null
          and s.network_id = m.network_id and s.space_id = m.space_id and (s.activity_id = any (activities) or s.programme_id = programme)
        returning m.space_id
    loop
        perform kith.tell_members(left_space, 'space.left', left_space);
    end loop;
end $$;

-- The last administrator may leave. The operator then sees that the network has none, and can invite a new one, and only then.
create function kith.networks_without_administrator() returns setof kith.networks
    language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
    select n.* from kith.networks n
    where exists (select from kith.accounts a where a.account_id = kith.current_account() and a.is_operator)
      and not exists (
        select from kith.role_grants g join kith.people p using (network_id, person_id)
        where g.network_id = n.network_id and g.role = 'administrator' and g.programme_id is null and g.ended_at is null and p.ended_at is null);
end;

create function kith.appoint_administrator(network uuid, person uuid, role_grant uuid, invitation uuid, code bytea, person_name text, address text)
    returns void language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
    perform pg_advisory_xact_lock(hashtextextended('kith.appoint_administrator', 0));
    if not exists (select from kith.networks_without_administrator() n where n.network_id = network) then
        raise exception 'This network has an administrator, or does not exist. Only they can make others administrator.' using errcode = 'KH409';
    end if;
    -- The triggers of the grant look at this network.
    perform set_config('kith.network', network::text, true);
    insert into kith.people (network_id, person_id, name, email) values (network, person, person_name, address);
    insert into kith.role_grants (network_id, grant_id, person_id, role) values (network, role_grant, person, 'administrator');
    insert into kith.invitations (network_id, invitation_id, person_id, code_hash, expires_at)
    values (network, invitation, person, code, now() + interval '14 days');
end $$;
create policy appointing on kith.role_grants for insert to kith_owner with check (true);

-- Complaints ------------------------------------------------------------------------------------------------------

create table kith.complaints (
    network_id uuid not null,
    complaint_id uuid not null,
    -- Null for somebody from outside, who is then named in the complaint.
    raised_by uuid,
    complainant text check (length(complainant) between 1 and 500),
    about_person uuid,
    kind text not null check (kind in ('service', 'conduct', 'data_protection')),
    -- Sealed by the server; see SealedPlace.
    summary bytea not null,
    channel text not null check (channel in ('web', 'paper', 'phone', 'in_person')),
    recorded_by uuid not null,
    received_on date not null,
    acknowledge_by date not null,
    acknowledged_at timestamptz,
    handler uuid,
    outcome text check (outcome in ('upheld', 'partly_upheld', 'not_upheld', 'withdrawn')),
    closed_at timestamptz,
    state text not null generated always as (case
        when closed_at is not null then 'closed' when handler is not null and acknowledged_at is not null then 'investigating'
        when acknowledged_at is not null then 'acknowledged' else 'received' end) stored,
    version bigint not null default 1,
    created_at timestamptz not null default now(),
    primary key (network_id, complaint_id),
    constraint complaints_person_fkey foreign key (network_id, raised_by) references kith.people,
    constraint complaints_about_fkey foreign key (network_id, about_person) references kith.people,
    constraint complaints_handler_fkey foreign key (network_id, handler) references kith.people,
    constraint complaints_handler_check check (handler is distinct from about_person or handler is null),
    constraint complaints_from_check check (num_nonnulls(raised_by, complainant) = 1),
    constraint complaints_closed_check check ((closed_at is null) = (outcome is null))
);
create index complaints_open_idx on kith.complaints (network_id, acknowledge_by) where closed_at is null;
alter table kith.complaints enable row level security;
alter table kith.complaints force row level security;
-- The complainant, and those who handle complaints: never the person complained about.
create policy complainant_or_handler on kith.complaints to kith_app
    using (network_id = kith.current_network() and (raised_by = kith.current_person()
        or kith.holds_role(array['complaints_handler'], null) and about_person is distinct from kith.current_person()))
    with check (network_id = kith.current_network() and (raised_by = kith.current_person()
        or kith.holds_role(array['complaints_handler'], null) and about_person is distinct from kith.current_person()));
create policy counter on kith.complaints for select to kith_owner using (true);
grant select, insert, update on kith.complaints to kith_app;

create table kith.complaint_entries (
    network_id uuid not null,
    entry_id uuid not null,
    complaint_id uuid not null,
    step text not null check (step in ('acknowledged', 'taken_on', 'note', 'closed', 'withdrawn')),
    words bytea,
    written_by uuid not null,
    written_at timestamptz not null default now(),
    primary key (network_id, entry_id),
    constraint complaint_entries_complaint_fkey foreign key (network_id, complaint_id) references kith.complaints
);
create index complaint_entries_complaint_idx on kith.complaint_entries (network_id, complaint_id, entry_id);
alter table kith.complaint_entries enable row level security;
alter table kith.complaint_entries force row level security;
-- Whoever sees the complaint sees how it goes.
create policy of_visible_complaint on kith.complaint_entries to kith_app
    using (network_id = kith.current_network() and exists (
        select from kith.complaints c where c.network_id = complaint_entries.network_id and c.complaint_id = complaint_entries.complaint_id))
    with check (network_id = kith.current_network() and written_by = kith.current_person() and exists (
        select from kith.complaints c where c.network_id = complaint_entries.network_id and c.complaint_id = complaint_entries.complaint_id));
grant select, insert on kith.complaint_entries to kith_app;

-- Numbers without a word of any complaint, so that a network sees when nobody answers.
create function kith.count_complaints() returns table (open bigint, unacknowledged bigint, overdue bigint, handlers bigint)
    language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
    select count(*) filter (where c.closed_at is null), count(*) filter (where c.state = 'received'),
           count(*) filter (where c.state = 'received' and c.acknowledge_by < current_date),
           (select count(distinct g.person_id) from kith.role_grants g join kith.people p using (network_id, person_id)
            where g.network_id = kith.current_network() and g.role = 'complaints_handler' and g.programme_id is null
              and g.ended_at is null and p.ended_at is null)
    from kith.complaints c where c.network_id = kith.current_network();
end;

do $$
declare
    closed text;
begin
    foreach closed in array array[
        'kith.count_monitoring(integer)', 'kith.forget_monitoring()', 'kith.carry_needs(uuid, uuid)', 'kith.carry_needs_of_row()',
        'kith.arrange_again()', 'kith.leave_spaces_of(uuid, uuid[], uuid)', 'kith.is_arranged(uuid)', 'kith.communication_of(uuid, uuid)', 'kith.networks_without_administrator()',
        'kith.appoint_administrator(uuid, uuid, uuid, uuid, bytea, text, text)', 'kith.count_complaints()'
    ] loop
        execute format('revoke execute on function %s from public', closed);
    end loop;
end $$;
grant execute on function kith.count_monitoring(integer), kith.leave_spaces_of(uuid, uuid[], uuid), kith.is_arranged(uuid), kith.communication_of(uuid, uuid),
    kith.networks_without_administrator(), kith.appoint_administrator(uuid, uuid, uuid, uuid, bytea, text, text), kith.count_complaints() to kith_app;
