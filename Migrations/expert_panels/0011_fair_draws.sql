-- A person who may have come to one call twice: asked, not merged.

alter table expert_panels.characteristics
    -- A digest of name and year of birth, salted with the opportunity: enough to see that two may be one person.
    add column identity bytea;
alter table expert_panels.interest_answers add column identity bytea;
create index characteristics_identity_idx on expert_panels.characteristics (network_id, identity) where identity is not null;

-- Two volunteers of a call with the same name and year of birth, and what the coordinator says of them. Both stay until then.
create table expert_panels.doubles (
    network_id uuid not null,
    double_id uuid not null,
    opportunity_id uuid not null,
    one_id uuid not null,
    other_id uuid not null,
    asked_at timestamptz not null default now(),
    answer text check (answer in ('same', 'different')),
    -- Of one person who came twice, the volunteer who stays; the other is withdrawn.
    kept_id uuid,
    answered_by uuid,
    answered_at timestamptz,
    primary key (network_id, double_id),
    constraint doubles_pair_key unique (network_id, one_id, other_id),
    constraint doubles_order_check check (one_id <= other_id),
    constraint doubles_answered_check check (num_nulls(answer, answered_by, answered_at) in (0, 3)),
    constraint doubles_kept_if_same_check check ((answer is not distinct from 'same') = (kept_id is not null)),
    constraint doubles_kept_of_pair_check check (kept_id in (one_id, other_id)),
    constraint doubles_opportunity_fkey foreign key (network_id, opportunity_id) references expert_panels.opportunities,
    constraint doubles_one_fkey foreign key (network_id, one_id) references expert_panels.volunteers,
    constraint doubles_other_fkey foreign key (network_id, other_id) references expert_panels.volunteers
);
create index doubles_other_idx on expert_panels.doubles (network_id, other_id);
create index doubles_opportunity_idx on expert_panels.doubles (network_id, opportunity_id);
call kith.isolate('expert_panels.doubles');
-- An answer stands.
create policy unanswered on expert_panels.doubles as restrictive for update to kith_app using (answer is null) with check (true);
grant select, insert, update (answer, kept_id, answered_by, answered_at) on expert_panels.doubles to kith_app;

create view expert_panels.double_details with (security_invoker = true) as
    select d.*, o.panel_id, v.reference as one_reference, w.reference as other_reference,
        case when d.answer is not null then d.answer when v.withdrawn_at is not null or w.withdrawn_at is not null then 'settled'
             else 'open' end as state
    from expert_panels.doubles d join expert_panels.opportunities o using (network_id, opportunity_id)
        join expert_panels.volunteers v on v.network_id = d.network_id and v.volunteer_id = d.one_id
        join expert_panels.volunteers w on w.network_id = d.network_id and w.volunteer_id = d.other_id;
grant select on expert_panels.double_details to kith_app;

-- Why a volunteer is withdrawn, where it was not they who withdrew.
create function expert_panels.taken_out_as_double(volunteer uuid) returns text language sql stable
    return (select 'Offered twice, with the same name and year of birth. The other offer stands: ' || k.reference || '.'
            from expert_panels.doubles d join expert_panels.volunteers k on k.network_id = d.network_id and k.volunteer_id = d.kept_id
            where d.network_id = kith.current_network() and volunteer in (d.one_id, d.other_id) and d.kept_id <> volunteer limit 1);

create or replace view expert_panels.volunteer_details with (security_invoker = true) as
    select v.*, o.panel_id,
        case when v.withdrawn_at is not null then expert_panels.taken_out_as_double(v.volunteer_id) end as withdrawn_because
    from expert_panels.volunteers v join expert_panels.opportunities o using (network_id, opportunity_id);

create or replace view expert_panels.interest_details with (security_invoker = true) as
    select i.*, o.panel_id, o.title as call_title, c.name, c.contact, e.reason as left_out_because, e.stage as left_out_at,
        case when i.withdrawn_at is not null then 'withdrawn' when i.sent_at is null then 'draft' when e.exclusion_id is not null then 'left_out'
             when s.ended_at is not null or v.state = 'expired' then 'ended' when v.state = 'accepted' then 'seat'
             when s.part is not null then s.part when d.drawn_at is not null then 'not_drawn' else 'sent' end as state,
        case when i.withdrawn_at is not null then expert_panels.taken_out_as_double(i.volunteer_id) end as withdrawn_because
    from expert_panels.interests i join expert_panels.opportunities o using (network_id, opportunity_id)
        left join expert_panels.interest_contacts c using (network_id, interest_id)
        left join expert_panels.exclusions e on e.network_id = i.network_id and e.volunteer_id = i.volunteer_id and e.lifted_at is null
        left join lateral (
            select w.* from expert_panels.pool_members m join expert_panels.draws w using (network_id, pool_id)
            where m.network_id = i.network_id and m.volunteer_id = i.volunteer_id and w.drawn_at is not null
            order by w.drawn_at desc limit 1) d on true
        left join expert_panels.seats s on s.network_id = i.network_id and s.draw_id = d.draw_id and s.volunteer_id = i.volunteer_id
        left join expert_panels.seat_invitation_details v on v.network_id = s.network_id and v.seat_id = s.seat_id;

-- Alternates: the first of the reserves, who come along from the beginning. How many is settled before the draw.
alter table expert_panels.draws
    add column alternates integer not null default 0 check (alternates between 0 and 100),
    -- Where the public value is of a round of drand: when it is out, before which the draw must be committed to; then what was published, and where.
    add column drand_due_at timestamptz,
    add column drand_signature text check (length(drand_signature) between 2 and 1000),
    add column drand_address text check (length(drand_address) between 1 and 2000);

create or replace function expert_panels.keep_commitment() returns trigger language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
    if old.committed_at is not null and
        (new.pool_id, new.algorithm, new.version, new.secret, new.secret_hash, new.public_value_source, new.lottery::text, new.lottery_hash,
         new.commitment, new.committed_at, new.alternates)
        is distinct from
        (old.pool_id, old.algorithm, old.version, old.secret, old.secret_hash, old.public_value_source, old.lottery::text, old.lottery_hash,
         old.commitment, old.committed_at, old.alternates)
        or old.public_value is not null and (new.public_value, new.drand_signature, new.drand_address)
            is distinct from (old.public_value, old.drand_signature, old.drand_address)
        or old.drawn_at is not null and (new.drawn_at, new.seed, new.public_value) is distinct from (old.drawn_at, old.seed, old.public_value)
        or old.voided_at is not null and (new.voided_at, new.note, new.drawn_at) is distinct from (old.voided_at, old.note, old.drawn_at)
    then
        raise exception 'what was committed to does not change' using errcode = 'check_violation', constraint = 'draws_commitment_kept';
    end if;
    return new;
end $$;

create or replace view expert_panels.draw_details with (security_invoker = true) as
    select d.network_id, d.draw_id, d.pool_id, d.algorithm, d.seed, d.job_id, d.requested_by, d.requested_at, d.drawn_at,
        p.panel_id, p.opportunity_id, p.hash as pool_hash,
        d.public_value_source, d.public_value, d.version, d.lottery_hash, d.secret_hash, d.commitment, d.committed_at,
        case when d.drawn_at is not null or d.voided_at is not null then d.secret end as secret,
        d.replaces_id, d.voided_at, d.note, d.alternates, d.drand_due_at, d.drand_signature, d.drand_address
    from expert_panels.draws d join expert_panels.pool_details p using (network_id, pool_id);

create or replace view expert_panels.seat_details with (security_invoker = true) as
    select s.network_id, s.seat_id, s.draw_id, s.volunteer_id, s.part, s.place, s.created_at, d.panel_id, v.reference, s.ended_at,
        s.part = 'reserve' and s.place <= d.alternates as is_alternate
    from expert_panels.seats s join expert_panels.draw_details d using (network_id, draw_id)
        join expert_panels.volunteers v using (network_id, volunteer_id);
