-- The life of a seat from the invitation on: terms, onboarding, sessions, and what members contribute to them.

-- How a panel works, where it has chosen something else than what is usual; see the view below for that.
create table expert_panels.panel_rules (
    network_id uuid not null,
    panel_id uuid not null,
    invitation_days integer check (invitation_days between 1 and 365),
    onboarding_days integer check (onboarding_days between 1 and 365),
    papers_working_days integer check (papers_working_days between 0 and 60),
    minutes_without_break integer check (minutes_without_break between 15 and 480),
    minutes_quorum_percent integer check (minutes_quorum_percent between 1 and 100),
    primary key (network_id, panel_id),
    constraint panel_rules_panel_fkey foreign key (network_id, panel_id) references expert_panels.panels
);
call kith.isolate('expert_panels.panel_rules');
grant select, insert, update on expert_panels.panel_rules to kith_app;

create view expert_panels.panel_rule_details with (security_invoker = true) as
    select p.network_id, p.panel_id, coalesce(r.invitation_days, 14) as invitation_days, coalesce(r.onboarding_days, 28) as onboarding_days,
        coalesce(r.papers_working_days, 5) as papers_working_days, coalesce(r.minutes_without_break, 90) as minutes_without_break,
        coalesce(r.minutes_quorum_percent, 50) as minutes_quorum_percent
    from expert_panels.panels p left join expert_panels.panel_rules r using (network_id, panel_id);
grant select on expert_panels.panel_rule_details to kith_app;

-- Seats -----------------------------------------------------------------------------------------------------------

-- Who is asked to take the seat that they were drawn for, and what they said. There is no column for a reason.
create table expert_panels.seat_invitations (
    network_id uuid not null,
    seat_id uuid not null,
    panel_id uuid not null,
    person_id uuid not null,
    invited_by uuid not null,
    invited_at timestamptz not null default now(),
    -- The last day on which it can be accepted.
    expires_on date not null,
    accepted_at timestamptz,
    declined_at timestamptz,
    -- The person, or whoever wrote down what they said by post or phone.
    replied_by uuid,
    primary key (network_id, seat_id),
    constraint seat_invitations_reply_check check (num_nonnulls(accepted_at, declined_at) <= 1),
    constraint seat_invitations_seat_fkey foreign key (network_id, seat_id) references expert_panels.seats,
    constraint seat_invitations_panel_fkey foreign key (network_id, panel_id) references expert_panels.panels,
    constraint seat_invitations_person_fkey foreign key (network_id, person_id) references kith.people
);
create index seat_invitations_panel_idx on expert_panels.seat_invitations (network_id, panel_id);
create index seat_invitations_person_idx on expert_panels.seat_invitations (network_id, person_id);
call kith.isolate('expert_panels.seat_invitations');
grant select, insert, update (invited_by, invited_at, expires_on, accepted_at, declined_at, replied_by) on expert_panels.seat_invitations
    to kith_app;

-- Whoever has withdrawn is not asked again.
create function expert_panels.ask_nobody_who_withdrew() returns trigger language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
    -- An invitation and a withdrawal that come at the same moment wait for each other here.
    perform from kith.people p where p.network_id = new.network_id and p.person_id = new.person_id for no key update;
    if kith.has_withdrawn(new.person_id, new.panel_id) then
        raise exception 'This person has withdrawn. They are not asked again; only they can come back.' using errcode = 'KH409';
    end if;
    return new;
end $$;
create trigger ask_nobody_who_withdrew before insert or update of expires_on on expert_panels.seat_invitations
    for each row execute function expert_panels.ask_nobody_who_withdrew();

create view expert_panels.seat_invitation_details with (security_invoker = true) as
    select i.*, s.draw_id, s.part, s.place, s.ended_at,
        case when i.declined_at is not null then 'declined' when s.ended_at is not null then 'ended'
            when i.accepted_at is not null then 'accepted' when i.expires_on < current_date then 'expired' else 'invited' end as state
    from expert_panels.seat_invitations i join expert_panels.seats s using (network_id, seat_id);
grant select on expert_panels.seat_invitation_details to kith_app;

-- Members are the people of the seats that were accepted and have not ended.
create function expert_panels.is_member(panel uuid, person uuid) returns boolean language sql stable
    return exists (
        select from expert_panels.seat_invitations i join expert_panels.seats s on s.network_id = i.network_id and s.seat_id = i.seat_id
        where i.network_id = kith.current_network() and i.panel_id = panel and i.person_id = person
          and i.accepted_at is not null and s.ended_at is null);

-- Whether whoever asks runs the panel, or is one of its members.
create function expert_panels.runs_panel(panel uuid) returns boolean language sql stable
    return kith.holds_role(array['administrator', 'programme_lead', 'facilitator'], panel);
create function expert_panels.takes_part(panel uuid) returns boolean language sql stable
    return expert_panels.is_member(panel, kith.current_person()) or expert_panels.runs_panel(panel);

-- How many members there are: also those whom nobody sees while the use of their data is restricted.
create policy counter on expert_panels.seat_invitations for select to kith_owner using (true);
create policy counter on expert_panels.seats for select to kith_owner using (true);
create function expert_panels.count_members(panel uuid) returns bigint
    language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
    select count(distinct i.person_id) from expert_panels.seat_invitations i join expert_panels.seats s using (network_id, seat_id)
    where i.network_id = kith.current_network() and i.panel_id = panel and i.accepted_at is not null and s.ended_at is null;
end;

-- Terms -----------------------------------------------------------------------------------------------------------

-- The involvement agreement, version by version. What somebody agreed to does not change.
create table expert_panels.terms (
    network_id uuid not null,
    terms_id uuid not null,
    panel_id uuid not null,
    number integer not null check (number > 0),
    body text not null check (length(body) between 1 and 50000),
    -- What is new, for those who agreed to the version before.
    changes text check (length(changes) between 1 and 5000),
    published_by uuid not null,
    published_at timestamptz not null default now(),
    primary key (network_id, terms_id),
    constraint terms_number_key unique (network_id, panel_id, number),
    constraint terms_panel_fkey foreign key (network_id, panel_id) references expert_panels.panels
);
call kith.isolate('expert_panels.terms');
grant select, insert on expert_panels.terms to kith_app;

create view expert_panels.terms_details with (security_invoker = true) as
    select t.*, t.number = max(t.number) over (partition by t.network_id, t.panel_id) as is_current from expert_panels.terms t;
grant select on expert_panels.terms_details to kith_app;

create table expert_panels.terms_acceptances (
    network_id uuid not null,
    terms_id uuid not null,
    person_id uuid not null,
    channel text not null check (channel in ('web', 'paper', 'phone', 'in_person')),
    recorded_by uuid not null,
    accepted_at timestamptz not null default now(),
    primary key (network_id, terms_id, person_id),
    constraint terms_acceptances_terms_fkey foreign key (network_id, terms_id) references expert_panels.terms,
    constraint terms_acceptances_person_fkey foreign key (network_id, person_id) references kith.people
);
create index terms_acceptances_person_idx on expert_panels.terms_acceptances (network_id, person_id);
call kith.isolate('expert_panels.terms_acceptances');
-- One's own by oneself; that of somebody who said so on paper, by phone or in person by whoever runs the panel.
create policy own_or_recorded on expert_panels.terms_acceptances as restrictive for insert to kith_app with check (
    recorded_by = kith.current_person() and exists (
        select from expert_panels.terms t where t.network_id = terms_acceptances.network_id and t.terms_id = terms_acceptances.terms_id
          and expert_panels.is_member(t.panel_id, terms_acceptances.person_id)
          and case when channel = 'web' then person_id = kith.current_person() else expert_panels.runs_panel(t.panel_id) end));
grant select, insert on expert_panels.terms_acceptances to kith_app;

-- Onboarding ------------------------------------------------------------------------------------------------------

create table expert_panels.onboarding_items (
    network_id uuid not null,
    item_id uuid not null,
    panel_id uuid not null,
    person_id uuid not null,
    -- Whether a person was asked about it, and never what they said: needs and bank accounts stand elsewhere.
    kind text not null check (kind in ('references', 'training', 'checks', 'access_needs', 'payment_details', 'other')),
    title text not null check (length(title) between 1 and 200),
    -- Who sees to it.
    owner_id uuid not null,
    due_on date not null,
    state text not null default 'open' check (state in ('open', 'done', 'not_needed')),
    settled_on date,
    settled_by uuid,
    version bigint not null default 1,
    created_at timestamptz not null default now(),
    primary key (network_id, item_id),
    constraint onboarding_items_settled_check check ((state = 'open') = (settled_on is null)),
    constraint onboarding_items_panel_fkey foreign key (network_id, panel_id) references expert_panels.panels,
    constraint onboarding_items_person_fkey foreign key (network_id, person_id) references kith.people,
    constraint onboarding_items_owner_fkey foreign key (network_id, owner_id) references kith.people
);
create index onboarding_items_panel_idx on expert_panels.onboarding_items (network_id, panel_id, person_id);
create index onboarding_items_owner_idx on expert_panels.onboarding_items (network_id, owner_id);
create index onboarding_items_person_idx on expert_panels.onboarding_items (network_id, person_id);
call kith.isolate('expert_panels.onboarding_items');
create policy concerned on expert_panels.onboarding_items as restrictive for select to kith_app using (
    person_id = kith.current_person() or owner_id = kith.current_person() or person_id = kith.rights_of() or expert_panels.runs_panel(panel_id));
-- A list begins when the person accepts their seat, so by their own hand.
create policy own_or_run on expert_panels.onboarding_items as restrictive for insert to kith_app with check (
    person_id = kith.current_person() or expert_panels.runs_panel(panel_id));
create policy concerned_change on expert_panels.onboarding_items as restrictive for update to kith_app using (
    person_id = kith.current_person() or owner_id = kith.current_person() or expert_panels.runs_panel(panel_id)) with check (true);
create policy only_by_right on expert_panels.onboarding_items as restrictive for delete to kith_app using (kith.rights_of() is not null);
grant select, insert, update (owner_id, due_on, state, settled_on, settled_by, version), delete on expert_panels.onboarding_items to kith_app;

create view expert_panels.onboarding_item_details with (security_invoker = true) as
    select i.*, i.state = 'open' and i.due_on < current_date as is_overdue from expert_panels.onboarding_items i;
grant select on expert_panels.onboarding_item_details to kith_app;

-- A buddy, and the person to turn to.
create table expert_panels.support (
    network_id uuid not null,
    support_id uuid not null,
    panel_id uuid not null,
    person_id uuid not null,
    part text not null check (part in ('buddy', 'contact')),
    supporter_id uuid not null,
    since timestamptz not null default now(),
    primary key (network_id, support_id),
    constraint support_part_key unique (network_id, panel_id, person_id, part),
    constraint support_panel_fkey foreign key (network_id, panel_id) references expert_panels.panels,
    constraint support_person_fkey foreign key (network_id, person_id) references kith.people,
    constraint support_supporter_fkey foreign key (network_id, supporter_id) references kith.people
);
create index support_person_idx on expert_panels.support (network_id, person_id);
create index support_supporter_idx on expert_panels.support (network_id, supporter_id);
call kith.isolate('expert_panels.support');
create policy concerned on expert_panels.support as restrictive for select to kith_app using (
    kith.current_person() in (person_id, supporter_id) or kith.rights_of() in (person_id, supporter_id) or expert_panels.runs_panel(panel_id));
create policy run_insert on expert_panels.support as restrictive for insert to kith_app with check (expert_panels.runs_panel(panel_id));
create policy run_update on expert_panels.support as restrictive for update to kith_app using (expert_panels.runs_panel(panel_id));
grant select, insert, update (supporter_id, since), delete on expert_panels.support to kith_app;

-- How far each member is. Onboarded: the present terms are accepted and nothing on the list is open.
create view expert_panels.member_details with (security_invoker = true) as
    select m.*, m.accepted_at is not null and m.ended_at is null and m.open_items = 0 and coalesce(m.has_current_terms, true) as is_onboarded
    from (
        select i.network_id, i.seat_id, i.panel_id, i.person_id, i.accepted_at, i.ended_at,
            (select max(t.number) from expert_panels.terms t join expert_panels.terms_acceptances a using (network_id, terms_id)
             where t.network_id = i.network_id and t.panel_id = i.panel_id and a.person_id = i.person_id) as terms_number,
            -- Null where the panel has no terms.
            (select exists (select from expert_panels.terms_acceptances a
                            where a.network_id = t.network_id and a.terms_id = t.terms_id and a.person_id = i.person_id)
             from expert_panels.terms t where t.network_id = i.network_id and t.panel_id = i.panel_id
             order by t.number desc limit 1) as has_current_terms,
            (select count(*) from expert_panels.onboarding_items o
             where o.network_id = i.network_id and o.panel_id = i.panel_id and o.person_id = i.person_id and o.state = 'open') as open_items,
            (select count(*) from expert_panels.onboarding_items o
             where o.network_id = i.network_id and o.panel_id = i.panel_id and o.person_id = i.person_id and o.state = 'open'
               and o.due_on < current_date) as overdue_items,
            (select b.supporter_id from expert_panels.support b
             where b.network_id = i.network_id and b.panel_id = i.panel_id and b.person_id = i.person_id and b.part = 'buddy') as buddy_id,
            (select c.supporter_id from expert_panels.support c
             where c.network_id = i.network_id and c.panel_id = i.panel_id and c.person_id = i.person_id and c.part = 'contact') as contact_id
        from expert_panels.seat_invitation_details i where i.accepted_at is not null) m;
grant select on expert_panels.member_details to kith_app;

-- Sessions --------------------------------------------------------------------------------------------------------

-- Days on which nobody works: bank holidays differ between the nations, and an organisation may close on others.
create table expert_panels.closed_days (
    network_id uuid not null,
    closed_day_id uuid not null,
    day date not null,
    name text not null check (length(name) between 1 and 200),
    primary key (network_id, closed_day_id),
    constraint closed_days_day_key unique (network_id, day)
);
call kith.isolate('expert_panels.closed_days');
grant select, insert, delete on expert_panels.closed_days to kith_app;

-- The day that is so many working days before another: Monday to Friday, but for the days that the network has entered.
create function expert_panels.working_days_before(from_day date, days integer) returns date language sql stable
    return case when days = 0 then from_day else (
        select from_day - back from generate_series(1, 3 * days + 60) back
        where extract(isodow from from_day - back) < 6 and not exists (
            select from expert_panels.closed_days c where c.network_id = kith.current_network() and c.day = from_day - back)
        order by back offset days - 1 limit 1) end;

-- The longest time without a break, in minutes; null for what lasts over days and has nights in it.
create function expert_panels.longest_stretch(starts_at timestamptz, ends_at timestamptz, breaks jsonb) returns integer language sql immutable
    return case when ends_at - starts_at <= interval '14 hours' then (
        select max(stretch)::integer from (
            select b.after - lag(b.after + b.minutes, 1, 0) over (order by b.after) as stretch
            from jsonb_to_recordset(breaks || jsonb_build_array(jsonb_build_object(
                'after_minutes', extract(epoch from ends_at - starts_at)::integer / 60, 'minutes', 0))) x (after_minutes integer, minutes integer),
                lateral (values (least(x.after_minutes, extract(epoch from ends_at - starts_at)::integer / 60), x.minutes)) b (after, minutes)
        ) stretches) end;

-- A session is a meeting of the panel; what is particular to it is here.
create table expert_panels.sessions (
    network_id uuid not null,
    session_id uuid not null,
    panel_id uuid not null,
    papers_working_days integer not null check (papers_working_days between 0 and 60),
    primary key (network_id, session_id),
    constraint sessions_meeting_fkey foreign key (network_id, session_id) references kith.meetings,
    constraint sessions_panel_fkey foreign key (network_id, panel_id) references expert_panels.panels
);
create index sessions_panel_idx on expert_panels.sessions (network_id, panel_id);
call kith.isolate('expert_panels.sessions');
grant select, insert, update (papers_working_days) on expert_panels.sessions to kith_app;

create view expert_panels.session_papers with (security_invoker = true) as
    select d.*, (coalesce(d.sent_at, now()) at time zone 'Europe/London')::date > d.due_on as is_late from (
        select p.network_id, p.paper_id, s.session_id, s.panel_id, p.title, p.link, p.created_at, p.sent_at,
            expert_panels.working_days_before((m.starts_at at time zone 'Europe/London')::date, s.papers_working_days) as due_on
        from kith.meeting_papers p join expert_panels.sessions s on s.network_id = p.network_id and s.session_id = p.meeting_id
            join kith.meetings m on m.network_id = p.network_id and m.meeting_id = p.meeting_id) d;

create view expert_panels.session_details with (security_invoker = true) as
    select s.network_id, s.session_id, s.panel_id, m.title, m.starts_at, m.ends_at, m.place, m.remote_link, m.phone, m.breaks,
        case when m.cancelled_at is not null then 'cancelled' when m.ready_at is not null then 'ready' else 'planned' end as state,
        m.version, m.created_at, s.papers_working_days,
        expert_panels.working_days_before((m.starts_at at time zone 'Europe/London')::date, s.papers_working_days) as papers_due_on,
        (select count(*) from expert_panels.session_papers p
         where p.network_id = s.network_id and p.session_id = s.session_id and p.is_late) as late_papers,
        kith.is_arranged(s.session_id) as is_arranged,
        coalesce(expert_panels.longest_stretch(m.starts_at, m.ends_at, m.breaks) > r.minutes_without_break, false) as needs_break, i.*
    from expert_panels.sessions s join kith.meetings m on m.network_id = s.network_id and m.meeting_id = s.session_id
        join expert_panels.panel_rule_details r on r.network_id = s.network_id and r.panel_id = s.panel_id,
        lateral (
            select count(*) filter (where v.withdrawn_at is null) as invited,
                count(*) filter (where v.withdrawn_at is null and v.reply = 'yes') as coming,
                coalesce(sum(v.supporters) filter (where v.withdrawn_at is null and v.reply = 'yes'), 0) as supporters,
                count(*) filter (where v.attended = 'in_person') as came_in_person, count(*) filter (where v.attended = 'remote') as came_remotely,
                count(*) filter (where v.attended = 'phone') as came_by_phone,
                coalesce(sum(v.attended_supporters) filter (where v.attended <> 'absent'), 0) as supporters_came
            from kith.meeting_invitations v where v.network_id = s.network_id and v.meeting_id = s.session_id) i;
grant select on expert_panels.session_papers, expert_panels.session_details to kith_app;

-- How many needs are neither arranged nor explained: for those who plan the session, who may not see whose or what they are.
create function expert_panels.count_unarranged(session uuid) returns bigint
    language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
    select count(*) from kith.meeting_needs x
    where x.network_id = kith.current_network() and x.meeting_id = session and x.state = 'needed';
end;

-- Contributions ---------------------------------------------------------------------------------------------------

create table expert_panels.panel_questions (
    network_id uuid not null,
    question_id uuid not null,
    panel_id uuid not null,
    session_id uuid,
    -- Views in words; a round in which one objection stops it; or a vote.
    kind text not null check (kind in ('view', 'consent', 'vote')),
    title text not null check (length(title) between 1 and 200),
    details text check (length(details) between 1 and 10000),
    is_anonymous boolean not null default false,
    options text[] not null default '{}' check (cardinality(options) <= 20),
    asked_by uuid not null,
    closes_at timestamptz not null,
    closed_at timestamptz,
    created_at timestamptz not null default now(),
    primary key (network_id, question_id),
    -- An objection is answered, so it has a name.
    constraint panel_questions_named_check check (kind <> 'consent' or not is_anonymous),
    constraint panel_questions_panel_fkey foreign key (network_id, panel_id) references expert_panels.panels,
    constraint panel_questions_session_fkey foreign key (network_id, session_id) references expert_panels.sessions
);
create index panel_questions_panel_idx on expert_panels.panel_questions (network_id, panel_id);
create index panel_questions_session_idx on expert_panels.panel_questions (network_id, session_id) where session_id is not null;
call kith.isolate('expert_panels.panel_questions');
create policy taking_part on expert_panels.panel_questions as restrictive for select to kith_app using (expert_panels.takes_part(panel_id));
create policy run_insert on expert_panels.panel_questions as restrictive for insert to kith_app with check (expert_panels.runs_panel(panel_id));
create policy run_update on expert_panels.panel_questions as restrictive for update to kith_app using (expert_panels.runs_panel(panel_id));
create policy counter on expert_panels.panel_questions to kith_owner using (true) with check (true);
grant select, insert, update (closed_at) on expert_panels.panel_questions to kith_app;

create function expert_panels.is_open(question uuid) returns boolean language sql stable
    return exists (
        select from expert_panels.panel_questions q
        where q.network_id = kith.current_network() and q.question_id = question and q.closed_at is null and q.closes_at > now());

-- What members say under their name. Until the question closes each sees their own, and can change it.
create table expert_panels.contributions (
    network_id uuid not null,
    question_id uuid not null,
    person_id uuid not null,
    choice text check (length(choice) between 1 and 200),
    words text check (length(words) between 1 and 10000),
    given_at timestamptz not null default now(),
    primary key (network_id, question_id, person_id),
    constraint contributions_question_fkey foreign key (network_id, question_id) references expert_panels.panel_questions,
    constraint contributions_person_fkey foreign key (network_id, person_id) references kith.people
);
create index contributions_person_idx on expert_panels.contributions (network_id, person_id);
call kith.isolate('expert_panels.contributions');
create policy own_or_closed on expert_panels.contributions as restrictive for select to kith_app using (
    person_id = kith.current_person() or person_id = kith.rights_of() or not expert_panels.is_open(question_id) and exists (
        select from expert_panels.panel_questions q where q.network_id = contributions.network_id and q.question_id = contributions.question_id));
create policy own_while_open on expert_panels.contributions as restrictive for insert to kith_app with check (
    person_id = kith.current_person() and expert_panels.is_open(question_id) and exists (
        select from expert_panels.panel_questions q where q.network_id = contributions.network_id and q.question_id = contributions.question_id
          and not q.is_anonymous and expert_panels.is_member(q.panel_id, kith.current_person())));
create policy own_change on expert_panels.contributions as restrictive for update to kith_app using (
    person_id = kith.rights_of() or person_id = kith.current_person() and expert_panels.is_open(question_id) and exists (
        select from expert_panels.panel_questions q where q.network_id = contributions.network_id and q.question_id = contributions.question_id
          and expert_panels.is_member(q.panel_id, kith.current_person())));
create policy counter on expert_panels.contributions for select to kith_owner using (true);
grant select, insert, update (choice, words, given_at) on expert_panels.contributions to kith_app;

-- What members say without a name, and apart from it who has done so, for each question once. No column, no time and no order joins the
-- two: ids are random, and with each contribution the rows of its question are written anew in both tables, in the order of their ids, so
-- that they come from one transaction (xmin) and lie in no telling order. The audit log and the outbox name nobody for it. A superuser who
-- compares dead rows before they are vacuumed, the write-ahead log, or two copies of the database could still tell; nobody through Kith can.
create table expert_panels.anonymous_contributions (
    network_id uuid not null,
    contribution_id uuid not null,
    question_id uuid not null,
    choice text check (length(choice) between 1 and 200),
    words text check (length(words) between 1 and 10000),
    primary key (network_id, contribution_id),
    constraint anonymous_contributions_question_fkey foreign key (network_id, question_id) references expert_panels.panel_questions
);
create index anonymous_contributions_question_idx on expert_panels.anonymous_contributions (network_id, question_id);
call kith.isolate('expert_panels.anonymous_contributions');
-- Whoever watched them come in one by one could guess.
create policy when_closed on expert_panels.anonymous_contributions as restrictive for select to kith_app using (
    not expert_panels.is_open(question_id) and exists (
        select from expert_panels.panel_questions q
        where q.network_id = anonymous_contributions.network_id and q.question_id = anonymous_contributions.question_id));
create policy keeper on expert_panels.anonymous_contributions to kith_owner using (true) with check (true);
grant select on expert_panels.anonymous_contributions to kith_app;

create table expert_panels.contributors (
    network_id uuid not null,
    question_id uuid not null,
    person_id uuid not null,
    primary key (network_id, question_id, person_id),
    constraint contributors_question_fkey foreign key (network_id, question_id) references expert_panels.panel_questions,
    constraint contributors_person_fkey foreign key (network_id, person_id) references kith.people
);
create index contributors_person_idx on expert_panels.contributors (network_id, person_id);
call kith.isolate('expert_panels.contributors');
create policy own on expert_panels.contributors as restrictive for select to kith_app using (
    person_id = kith.current_person() or person_id = kith.rights_of());
create policy keeper on expert_panels.contributors to kith_owner using (true) with check (true);
grant select on expert_panels.contributors to kith_app;

-- The only way in.
create function expert_panels.contribute_anonymously(question uuid, given_choice text, given_words text) returns void
    language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
    asked record;
begin
    -- Those who contribute at the same moment wait for each other here.
    select q.network_id, q.panel_id, q.options into asked from expert_panels.panel_questions q
    where q.network_id = kith.current_network() and q.question_id = question and q.is_anonymous and q.closed_at is null and q.closes_at > now()
    for update;
    if not found then
        raise exception 'This question is closed.' using errcode = 'KH409';
    elsif (given_choice is null) <> (asked.options = '{}') or given_choice <> all (asked.options || array['abstain']) then
        raise exception 'This is none of the options.' using errcode = 'KH409';
    elsif not expert_panels.is_member(asked.panel_id, kith.current_person()) then
        raise exception 'not a member' using errcode = 'KH403';
    end if;
    insert into expert_panels.contributors (network_id, question_id, person_id)
    values (asked.network_id, question, kith.current_person()) on conflict do nothing;
    if not found then
        raise exception 'You have answered this already. It cannot be changed, because nobody can tell which answer is yours.'
            using errcode = 'KH409';
    end if;
    with gone as (
        delete from expert_panels.contributors c where c.network_id = asked.network_id and c.question_id = question returning c.*)
    insert into expert_panels.contributors select * from gone order by person_id;
    with gone as (
        delete from expert_panels.anonymous_contributions a
        where a.network_id = asked.network_id and a.question_id = question returning a.*)
    insert into expert_panels.anonymous_contributions (network_id, contribution_id, question_id, choice, words)
    select g.network_id, g.contribution_id, g.question_id, g.choice, g.words from gone g
    union all select asked.network_id, gen_random_uuid(), question, given_choice, given_words
    order by 2;
end $$;

-- How many have answered and, once it is closed, what they chose: counted over everybody, also those whom nobody sees while the use of
-- their data is restricted.
create function expert_panels.tally(question uuid) returns table (answers bigint, choices jsonb)
    language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
    with given as (
        select c.choice from expert_panels.contributions c where c.network_id = kith.current_network() and c.question_id = question
        union all
        select a.choice from expert_panels.anonymous_contributions a where a.network_id = kith.current_network() and a.question_id = question)
    select (select count(*) from given), case when not expert_panels.is_open(question) then (
        select coalesce(jsonb_object_agg(n.choice, n.count), '{}') from (
            select g.choice, count(*) from given g where g.choice is not null group by g.choice) n) end;
end;

create view expert_panels.panel_question_details with (security_invoker = true) as
    select q.*, q.closed_at is null and q.closes_at > now() as is_open, t.answers, t.choices,
        case when t.choices is null or q.kind = 'view' then null when t.answers = 0 then 'no_answers'
            when q.kind = 'consent' then case when t.choices ? 'object' then 'not_carried' else 'carried' end
            when w.options = 1 then 'decided' else 'tied' end as outcome,
        case when q.kind = 'vote' and w.options = 1 then w.chosen end as chosen
    from expert_panels.panel_questions q, lateral expert_panels.tally(q.question_id) t,
        lateral (
            select count(*) as options, min(v.key) as chosen from jsonb_each_text(coalesce(t.choices, '{}')) v
            where v.key <> 'abstain' and v.value::integer = (
                select max(o.value::integer) from jsonb_each_text(t.choices) o where o.key <> 'abstain')) w;
create view expert_panels.contribution_details with (security_invoker = true) as
    select c.network_id, c.person_id as contribution_id, c.question_id, q.panel_id, c.person_id, c.choice, c.words
    from expert_panels.contributions c join expert_panels.panel_questions q using (network_id, question_id)
    union all
    select a.network_id, a.contribution_id, a.question_id, q.panel_id, null, a.choice, a.words
    from expert_panels.anonymous_contributions a join expert_panels.panel_questions q using (network_id, question_id);
grant select on expert_panels.panel_question_details, expert_panels.contribution_details to kith_app;

-- Minutes ---------------------------------------------------------------------------------------------------------

-- Every draft stays.
create table expert_panels.minutes (
    network_id uuid not null,
    minutes_id uuid not null,
    session_id uuid not null,
    number integer not null check (number > 0),
    body text not null check (length(body) between 1 and 100000),
    drafted_by uuid not null,
    drafted_at timestamptz not null default now(),
    approved_at timestamptz,
    primary key (network_id, minutes_id),
    constraint minutes_number_key unique (network_id, session_id, number),
    constraint minutes_session_fkey foreign key (network_id, session_id) references expert_panels.sessions
);
call kith.isolate('expert_panels.minutes');
create policy taking_part on expert_panels.minutes as restrictive for select to kith_app using (exists (
    select from expert_panels.sessions s
    where s.network_id = minutes.network_id and s.session_id = minutes.session_id and expert_panels.takes_part(s.panel_id)));
create policy run_insert on expert_panels.minutes as restrictive for insert to kith_app with check (exists (
    select from expert_panels.sessions s
    where s.network_id = minutes.network_id and s.session_id = minutes.session_id and expert_panels.runs_panel(s.panel_id)));
grant select, insert, update (approved_at) on expert_panels.minutes to kith_app;

-- Each member approves a draft, or says what is to be corrected.
create table expert_panels.minutes_replies (
    network_id uuid not null,
    minutes_id uuid not null,
    person_id uuid not null,
    approves boolean not null,
    correction text check (length(correction) between 1 and 10000),
    replied_at timestamptz not null default now(),
    primary key (network_id, minutes_id, person_id),
    constraint minutes_replies_minutes_fkey foreign key (network_id, minutes_id) references expert_panels.minutes,
    constraint minutes_replies_person_fkey foreign key (network_id, person_id) references kith.people
);
create index minutes_replies_person_idx on expert_panels.minutes_replies (network_id, person_id);
call kith.isolate('expert_panels.minutes_replies');
create policy taking_part on expert_panels.minutes_replies as restrictive for select to kith_app using (
    person_id = kith.current_person() or person_id = kith.rights_of() or exists (
        select from expert_panels.minutes m where m.network_id = minutes_replies.network_id and m.minutes_id = minutes_replies.minutes_id));
create policy own_reply on expert_panels.minutes_replies as restrictive for insert to kith_app with check (
    person_id = kith.current_person() and exists (
        select from expert_panels.minutes m join expert_panels.sessions s using (network_id, session_id)
        where m.network_id = minutes_replies.network_id and m.minutes_id = minutes_replies.minutes_id
          and expert_panels.is_member(s.panel_id, kith.current_person())));
create policy own_change on expert_panels.minutes_replies as restrictive for update to kith_app using (
    person_id = kith.current_person() or person_id = kith.rights_of());
create policy counter on expert_panels.minutes_replies for select to kith_owner using (true);
grant select, insert, update (approves, correction, replied_at) on expert_panels.minutes_replies to kith_app;

create function expert_panels.count_minutes_replies(minutes uuid) returns table (approvals bigint, corrections bigint)
    language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
    select count(*) filter (where r.approves), count(*) filter (where not r.approves) from expert_panels.minutes_replies r
    where r.network_id = kith.current_network() and r.minutes_id = minutes;
end;

create view expert_panels.minutes_details with (security_invoker = true) as
    select m.*, s.panel_id, m.number = (
            select max(o.number) from expert_panels.minutes o where o.network_id = m.network_id and o.session_id = m.session_id) as is_current,
        c.approvals, c.corrections,
        greatest(1, ceil(expert_panels.count_members(s.panel_id) * r.minutes_quorum_percent / 100.0))::bigint as quorum
    from expert_panels.minutes m join expert_panels.sessions s using (network_id, session_id)
        join expert_panels.panel_rule_details r on r.network_id = s.network_id and r.panel_id = s.panel_id,
        lateral expert_panels.count_minutes_replies(m.minutes_id) c;
create view expert_panels.minutes_reply_details with (security_invoker = true) as
    select r.*, s.session_id, s.panel_id from expert_panels.minutes_replies r join expert_panels.minutes m using (network_id, minutes_id)
        join expert_panels.sessions s using (network_id, session_id);
grant select on expert_panels.minutes_details, expert_panels.minutes_reply_details to kith_app;

do $$
declare
    door text;
begin
    foreach door in array array[
        'count_members(uuid)', 'count_unarranged(uuid)', 'contribute_anonymously(uuid, text, text)', 'tally(uuid)', 'count_minutes_replies(uuid)'
    ] loop
        execute format('revoke execute on function expert_panels.%s from public', door);
        execute format('grant execute on function expert_panels.%s to kith_app', door);
    end loop;
end $$;
