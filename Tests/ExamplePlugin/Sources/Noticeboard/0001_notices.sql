-- Short notices for everyone in a network.

create schema noticeboard;
grant usage on schema noticeboard to kith_app;

create table noticeboard.notices (
    network_id uuid not null,
    notice_id uuid not null,
    person_id uuid not null,
    title text not null check (length(title) between 1 and 200),
    body text not null check (length(body) between 1 and 5000),
    created_at timestamptz not null default now(),
    taken_down_at timestamptz,
    primary key (network_id, notice_id),
    constraint notices_title_key unique (network_id, title),
    constraint notices_person_fkey foreign key (network_id, person_id) references kith.people
);
create index notices_person_idx on noticeboard.notices (network_id, person_id);
call kith.isolate('noticeboard.notices');
grant select, insert, update, delete on noticeboard.notices to kith_app;
