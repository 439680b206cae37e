-- Expert-by-experience panels: from the open call to the drawn seats.

create schema expert_panels;
grant usage on schema expert_panels to kith_app;

-- A panel is an activity of a programme; what is particular to it is here.
create table expert_panels.panels (
    network_id uuid not null,
    panel_id uuid not null,
    purpose text not null check (length(purpose) between 1 and 5000),
    primary key (network_id, panel_id),
    constraint panels_activity_fkey foreign key (network_id, panel_id) references kith.activities
);
call kith.isolate('expert_panels.panels');
grant select, insert, update on expert_panels.panels to kith_app;

create view expert_panels.panel_details with (security_invoker = true) as
    select network_id, panel_id, a.programme_id, a.name, p.purpose, a.version, a.created_at, a.ended_at
    from expert_panels.panels p join kith.activities a using (network_id) where a.activity_id = p.panel_id;
grant select on expert_panels.panel_details to kith_app;

create table expert_panels.opportunities (
    network_id uuid not null,
    opportunity_id uuid not null,
    panel_id uuid not null,
    title text not null check (length(title) between 1 and 200),
    description text not null check (length(description) between 1 and 10000),
    seats integer not null check (seats between 1 and 1000),
    one_per_household boolean not null default false,
    opens_at timestamptz,
    closes_at timestamptz,
    version bigint not null default 1,
    created_at timestamptz not null default now(),
    primary key (network_id, opportunity_id),
    constraint opportunities_panel_fkey foreign key (network_id, panel_id) references expert_panels.panels,
    constraint opportunities_dates_check check (closes_at > opens_at)
);
create index opportunities_panel_idx on expert_panels.opportunities (network_id, panel_id);
call kith.isolate('expert_panels.opportunities');
grant select, insert, update on expert_panels.opportunities to kith_app;

-- Somebody who offers to take a seat, known here by the reference under which they came, never by name.
create table expert_panels.volunteers (
    network_id uuid not null,
    volunteer_id uuid not null,
    opportunity_id uuid not null,
    reference text not null check (length(reference) between 1 and 100),
    person_id uuid,
    created_at timestamptz not null default now(),
    withdrawn_at timestamptz,
    primary key (network_id, volunteer_id),
    constraint volunteers_reference_key unique (network_id, opportunity_id, reference),
    constraint volunteers_opportunity_fkey foreign key (network_id, opportunity_id) references expert_panels.opportunities,
    constraint volunteers_person_fkey foreign key (network_id, person_id) references kith.people
);
create index volunteers_person_idx on expert_panels.volunteers (network_id, person_id) where person_id is not null;
call kith.isolate('expert_panels.volunteers');
grant select, insert, update on expert_panels.volunteers to kith_app;

-- What volunteers say of themselves for the targets: special-category data, kept apart from who they are. The draw reads it, and
-- nobody who selects.
create table expert_panels.characteristics (
    network_id uuid not null,
    volunteer_id uuid not null,
    answers jsonb not null,
    -- A digest of address and postcode, salted with the opportunity: enough to see that two share a household.
    household bytea,
    primary key (network_id, volunteer_id),
    constraint characteristics_volunteer_fkey foreign key (network_id, volunteer_id) references expert_panels.volunteers
);
call kith.isolate('expert_panels.characteristics');
grant select, insert, update, delete on expert_panels.characteristics to kith_app;

create table expert_panels.targets (
    network_id uuid not null,
    target_id uuid not null,
    opportunity_id uuid not null,
    feature text not null check (length(feature) between 1 and 100),
    value text not null check (length(value) between 1 and 200),
    minimum integer not null check (minimum >= 0),
    maximum integer not null check (maximum >= minimum),
    primary key (network_id, target_id),
    constraint targets_value_key unique (network_id, opportunity_id, feature, value),
    constraint targets_opportunity_fkey foreign key (network_id, opportunity_id) references expert_panels.opportunities
);
call kith.isolate('expert_panels.targets');
grant select, insert, delete on expert_panels.targets to kith_app;

-- Everybody who may be drawn, under which targets, at one moment. Never changed: a new freeze is a new pool with a new hash.
create table expert_panels.pools (
    network_id uuid not null,
    pool_id uuid not null,
    opportunity_id uuid not null,
    seats integer not null,
    one_per_household boolean not null,
    volunteers integer not null,
    targets jsonb not null,
    -- SHA-256 over the canonical form of the pool.
    hash text not null check (length(hash) = 64),
    frozen_by uuid,
    frozen_at timestamptz not null default now(),
    primary key (network_id, pool_id),
    constraint pools_opportunity_fkey foreign key (network_id, opportunity_id) references expert_panels.opportunities
);
create index pools_opportunity_idx on expert_panels.pools (network_id, opportunity_id);
call kith.isolate('expert_panels.pools');
grant select, insert on expert_panels.pools to kith_app;

create table expert_panels.pool_members (
    network_id uuid not null,
    pool_id uuid not null,
    volunteer_id uuid not null,
    reference text not null,
    answers jsonb not null,
    household text,
    primary key (network_id, pool_id, volunteer_id),
    -- The members are copied first and the pool, whose hash is made from the copy, is written after them.
    constraint pool_members_pool_fkey foreign key (network_id, pool_id) references expert_panels.pools deferrable initially deferred,
    constraint pool_members_volunteer_fkey foreign key (network_id, volunteer_id) references expert_panels.volunteers
);
create index pool_members_volunteer_idx on expert_panels.pool_members (network_id, volunteer_id);
call kith.isolate('expert_panels.pool_members');
grant select, insert, update on expert_panels.pool_members to kith_app;

-- The algorithm and the seed stand here before the draw begins. A pool is drawn once.
create table expert_panels.draws (
    network_id uuid not null,
    draw_id uuid not null,
    pool_id uuid not null,
    algorithm text not null,
    -- Made by the server: whoever chose it could choose the panel.
    seed text not null check (length(seed) between 16 and 100),
    job_id uuid,
    requested_by uuid,
    requested_at timestamptz not null default now(),
    drawn_at timestamptz,
    primary key (network_id, draw_id),
    constraint draws_pool_key unique (network_id, pool_id),
    constraint draws_pool_fkey foreign key (network_id, pool_id) references expert_panels.pools
);
call kith.isolate('expert_panels.draws');
grant select, insert, update on expert_panels.draws to kith_app;

create table expert_panels.seats (
    network_id uuid not null,
    seat_id uuid not null,
    draw_id uuid not null,
    volunteer_id uuid not null,
    -- A seat on the panel, or a place in the order of reserves.
    part text not null check (part in ('seat', 'reserve')),
    place integer not null check (place > 0),
    created_at timestamptz not null default now(),
    primary key (network_id, seat_id),
    constraint seats_place_key unique (network_id, draw_id, part, place),
    constraint seats_volunteer_key unique (network_id, draw_id, volunteer_id),
    constraint seats_draw_fkey foreign key (network_id, draw_id) references expert_panels.draws,
    constraint seats_volunteer_fkey foreign key (network_id, volunteer_id) references expert_panels.volunteers
);
create index seats_volunteer_idx on expert_panels.seats (network_id, volunteer_id);
call kith.isolate('expert_panels.seats');
grant select, insert on expert_panels.seats to kith_app;

-- What is read, each with the panel in which the reader's role must hold.
create view expert_panels.volunteer_details with (security_invoker = true) as
    select v.*, o.panel_id from expert_panels.volunteers v join expert_panels.opportunities o using (network_id, opportunity_id);
create view expert_panels.target_details with (security_invoker = true) as
    select t.*, o.panel_id from expert_panels.targets t join expert_panels.opportunities o using (network_id, opportunity_id);
create view expert_panels.pool_details with (security_invoker = true) as
    select p.*, o.panel_id from expert_panels.pools p join expert_panels.opportunities o using (network_id, opportunity_id);
create view expert_panels.draw_details with (security_invoker = true) as
    select d.*, p.panel_id, p.opportunity_id, p.hash as pool_hash from expert_panels.draws d join expert_panels.pool_details p using (network_id, pool_id);
create view expert_panels.seat_details with (security_invoker = true) as
    select s.*, d.panel_id, v.reference
    from expert_panels.seats s join expert_panels.draw_details d using (network_id, draw_id)
        join expert_panels.volunteers v using (network_id, volunteer_id);
grant select on expert_panels.volunteer_details, expert_panels.target_details, expert_panels.pool_details, expert_panels.draw_details,
    expert_panels.seat_details to kith_app;
