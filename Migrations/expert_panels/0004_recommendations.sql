-- "You said, we did": what a panel recommends, who answers it and by when, each answer, and whether those who made it agree.

create table expert_panels.recommendations (
    network_id uuid not null,
    recommendation_id uuid not null,
    panel_id uuid not null,
    title text not null check (length(title) between 1 and 200),
    details text not null check (length(details) between 1 and 10000),
    evidence text check (length(evidence) between 1 and 10000),
    -- How many of the panel were asked, and how many of them support it.
    asked integer not null check (asked between 1 and 1000),
    in_favour integer not null,
    -- Who answers: an organisation, and the person who sees to it.
    organisation_id uuid not null,
    owner_id uuid not null,
    due_on date not null,
    version bigint not null default 1,
    created_at timestamptz not null default now(),
    primary key (network_id, recommendation_id),
    constraint recommendations_support_check check (in_favour between 0 and asked),
    constraint recommendations_panel_fkey foreign key (network_id, panel_id) references expert_panels.panels,
    constraint recommendations_organisation_fkey foreign key (network_id, organisation_id) references kith.organisations,
    constraint recommendations_owner_fkey foreign key (network_id, owner_id) references kith.people
);
create index recommendations_panel_idx on expert_panels.recommendations (network_id, panel_id);
create index recommendations_owner_idx on expert_panels.recommendations (network_id, owner_id);
call kith.isolate('expert_panels.recommendations');
grant select, insert, update (organisation_id, owner_id, due_on, version) on expert_panels.recommendations to kith_app;

-- Who made it, and says whether an answer is one.
create table expert_panels.recommendation_authors (
    network_id uuid not null,
    recommendation_id uuid not null,
    person_id uuid not null,
    primary key (network_id, recommendation_id, person_id),
    constraint recommendation_authors_recommendation_fkey foreign key (network_id, recommendation_id) references expert_panels.recommendations,
    constraint recommendation_authors_person_fkey foreign key (network_id, person_id) references kith.people
);
create index recommendation_authors_person_idx on expert_panels.recommendation_authors (network_id, person_id);
call kith.isolate('expert_panels.recommendation_authors');
grant select, insert on expert_panels.recommendation_authors to kith_app;

-- Every answer stays, so that nobody can say later that it was another.
create table expert_panels.answers (
    network_id uuid not null,
    answer_id uuid not null,
    recommendation_id uuid not null,
    answer text not null check (answer in ('done', 'partly', 'not_done', 'later')),
    words text check (length(words) between 1 and 10000),
    answered_by uuid not null,
    answered_at timestamptz not null default now(),
    primary key (network_id, answer_id),
    constraint answers_reason_check check (answer = 'done' or words is not null),
    constraint answers_recommendation_fkey foreign key (network_id, recommendation_id) references expert_panels.recommendations,
    constraint answers_person_fkey foreign key (network_id, answered_by) references kith.people
);
create index answers_recommendation_idx on expert_panels.answers (network_id, recommendation_id, answered_at);
create index answers_person_idx on expert_panels.answers (network_id, answered_by);
call kith.isolate('expert_panels.answers');
grant select, insert on expert_panels.answers to kith_app;

-- What an author thinks of an answer. Everyone may know how many agree; only the author writes their own.
create table expert_panels.opinions (
    network_id uuid not null,
    answer_id uuid not null,
    person_id uuid not null,
    agrees boolean not null,
    given_at timestamptz not null default now(),
    primary key (network_id, answer_id, person_id),
    constraint opinions_answer_fkey foreign key (network_id, answer_id) references expert_panels.answers,
    constraint opinions_person_fkey foreign key (network_id, person_id) references kith.people
);
create index opinions_person_idx on expert_panels.opinions (network_id, person_id);
call kith.isolate('expert_panels.opinions');
create policy own_opinion on expert_panels.opinions as restrictive for insert to kith_app
    with check (person_id = kith.current_person() and exists (
        select from expert_panels.answers a join expert_panels.recommendation_authors r using (network_id, recommendation_id)
        where a.network_id = opinions.network_id and a.answer_id = opinions.answer_id and r.person_id = opinions.person_id));
create policy own_change on expert_panels.opinions as restrictive for update to kith_app
    using (person_id = kith.current_person()) with check (person_id = kith.current_person());
grant select, insert, update (agrees, given_at) on expert_panels.opinions to kith_app;

-- Each with its latest answer. "Later" is an answer that leaves it open, with another day.
create view expert_panels.recommendation_details with (security_invoker = true) as
    select r.*, o.name as organisation_name, a.answer_id, a.answer, a.words as answer_words, a.answered_at,
        coalesce(a.answer in ('done', 'partly', 'not_done'), false) as is_closed,
        r.due_on < current_date and not coalesce(a.answer in ('done', 'partly', 'not_done'), false) as is_overdue,
        (select count(*) from expert_panels.opinions p where p.network_id = r.network_id and p.answer_id = a.answer_id and p.agrees) as agree,
        (select count(*) from expert_panels.opinions p where p.network_id = r.network_id and p.answer_id = a.answer_id and not p.agrees) as disagree,
        (select count(*) from expert_panels.recommendation_authors w
         where w.network_id = r.network_id and w.recommendation_id = r.recommendation_id) as authors,
        -- From the recommendation to the first answer that closed it.
        (select min(c.answered_at) - r.created_at from expert_panels.answers c
         where c.network_id = r.network_id and c.recommendation_id = r.recommendation_id and c.answer <> 'later') as time_to_answer
    from expert_panels.recommendations r
        join kith.organisations o on o.network_id = r.network_id and o.organisation_id = r.organisation_id
        left join lateral (
            select * from expert_panels.answers l where l.network_id = r.network_id and l.recommendation_id = r.recommendation_id
            order by l.answered_at desc, l.answer_id desc limit 1) a on true;
grant select on expert_panels.recommendation_details to kith_app;
