-- Messages to people: queued in the transaction of what causes them, delivered by any server process under a lease. What a
-- message says is rendered when it is delivered, with the rights of the person it is for, and kept nowhere.

create table kith.message_preferences (
    network_id uuid not null,
    person_id uuid not null,
    locale text not null default 'en' check (locale ~ '^[a-z]{2,3}$'),
    large_print boolean not null default false,
    -- In the person's own time; from later than until means over midnight.
    quiet_from time not null default '21:00',
    quiet_until time not null default '08:00',
    time_zone text not null default 'Europe/London' check (length(time_zone) <= 64),
    digest text not null default 'at_once' check (digest in ('at_once', 'daily', 'weekly')),
    updated_at timestamptz not null default now(),
    primary key (network_id, person_id),
    foreign key (network_id, person_id) references kith.people
);
call kith.isolate('kith.message_preferences');
create policy delivery on kith.message_preferences for select to kith_owner using (true);
grant select, insert, update on kith.message_preferences to kith_app;

create table kith.messages (
    network_id uuid not null,
    message_id uuid not null,
    person_id uuid not null,
    template text not null check (length(template) <= 100),
    -- Identifiers of what it is about.
    parameters jsonb not null default '{}',
    -- Passes quiet hours and is never gathered.
    is_urgent boolean not null,
    -- That it exists is for the person alone: lists leave it out.
    is_confidential boolean not null,
    channel text not null check (channel in ('email', 'post', 'phone')),
    digest text not null check (digest in ('at_once', 'daily', 'weekly')),
    -- The digest in which it went out.
    gathered_in uuid,
    state text not null default 'queued'
        check (state in ('queued', 'sending', 'sent', 'gathered', 'bounced', 'failed', 'cancelled')),
    attempts integer not null default 0,
    due_at timestamptz not null,
    worker_id uuid,
    lease_expires_at timestamptz,
    -- The reply code and status of the mail server, never its words.
    problem text check (length(problem) <= 100),
    printed_at timestamptz,
    sent_at timestamptz,
    -- Who posted the letter or made the call.
    sent_by uuid,
    -- The digest of the address that it was sent to, by which a bounce is known to be of an address that still holds.
    address_hash bytea check (octet_length(address_hash) = 32),
    created_at timestamptz not null default now(),
    primary key (network_id, message_id),
    foreign key (network_id, person_id) references kith.people
);
create index messages_due_idx on kith.messages (due_at) where state in ('queued', 'sending');
create index messages_person_idx on kith.messages (network_id, person_id, message_id);
create index messages_gathered_idx on kith.messages (network_id, gathered_in) where gathered_in is not null;
call kith.isolate('kith.messages');
create policy delivery on kith.messages to kith_owner using (true) with check (true);
grant select, insert, update on kith.messages to kith_app;

create table kith.bounced_addresses (
    network_id uuid not null,
    person_id uuid not null,
    address_hash bytea not null check (octet_length(address_hash) = 32),
    bounced_at timestamptz not null default now(),
    primary key (network_id, person_id, address_hash),
    foreign key (network_id, person_id) references kith.people
);
call kith.isolate('kith.bounced_addresses');
create policy delivery on kith.bounced_addresses to kith_owner using (true) with check (true);
grant select on kith.bounced_addresses to kith_app;

-- When a message may go out: now, at the end of the quiet hours, or with the next digest at nine (on Mondays where weekly).
create function kith.message_due(at timestamptz, is_urgent boolean, digest text, quiet_from time, quiet_until time, zone text)
    returns timestamptz language sql stable parallel safe
begin atomic
    with local as (select at at time zone zone as now),
    gathered as (
        select case
            when is_urgent or digest = 'at_once' then now
            when digest = 'daily' then date_trunc('day', now) + interval '9 hours'
                + case when now::time >= '09:00' then interval '1 day' else interval '0' end
            else date_trunc('week', now) + interval '9 hours'
                + case when now >= date_trunc('week', now) + interval '9 hours' then interval '7 days' else interval '0' end
        end as due from local)
    select case
        when is_urgent or quiet_from = quiet_until then due
        when quiet_from < quiet_until and due::time >= quiet_from and due::time < quiet_until then date_trunc('day', due) + quiet_until
        when quiet_from > quiet_until and due::time < quiet_until then date_trunc('day', due) + quiet_until
        when quiet_from > quiet_until and due::time >= quiet_from then date_trunc('day', due) + interval '1 day' + quiet_until
        else due
    end at time zone zone from gathered;
end;

-- What a person chose, or what holds for whoever chose nothing. The communication format of the access needs may join here.
create view kith.message_choices with (security_invoker = true) as
    select p.network_id, p.person_id, p.contact_by, coalesce(c.locale, 'en') as locale, coalesce(c.large_print, false) as large_print,
        coalesce(c.quiet_from, '21:00') as quiet_from, coalesce(c.quiet_until, '08:00') as quiet_until,
        coalesce(c.time_zone, 'Europe/London') as time_zone, coalesce(c.digest, 'at_once') as digest
    from kith.people p left join kith.message_preferences c using (network_id, person_id);
grant select on kith.message_choices to kith_app;

-- The way on which a person can be reached: the one they asked for where it leads anywhere, otherwise the first that does.
create function kith.reachable_by(network uuid, person uuid) returns text language sql stable
begin atomic
    select way from kith.people p,
        lateral (values
            ('email', p.email is not null and not exists (
                select from kith.bounced_addresses b where b.network_id = p.network_id and b.person_id = p.person_id
                    and b.address_hash = sha256(convert_to(lower(p.email), 'UTF8')))),
            ('post', p.postal_address is not null),
            ('phone', p.phone is not null)) ways (way, leads)
    where p.network_id = network and p.person_id = person and p.ended_at is null and leads
    order by way = p.contact_by desc, array_position(array['email', 'post', 'phone'], way) limit 1;
end;

-- Queues a message in the transaction of its cause. Nobody is told who cannot be reached: null.
create function kith.queue_message(id uuid, person uuid, kind text, about jsonb, urgent boolean, confidential boolean) returns uuid
    language sql volatile
begin atomic
    insert into kith.messages (network_id, message_id, person_id, template, parameters, is_urgent, is_confidential, channel, digest, due_at)
    select c.network_id, id, c.person_id, kind, about, urgent, confidential, way,
        case when urgent or way <> 'email' then 'at_once' else c.digest end,
        case when way = 'email' then kith.message_due(now(), urgent, c.digest, c.quiet_from, c.quiet_until, c.time_zone) else now() end
    from kith.message_choices c, lateral kith.reachable_by(c.network_id, c.person_id) way
    where c.network_id = kith.current_network() and c.person_id = person and way is not null
    returning message_id;
end;

-- Takes mails that are due and those whose worker fell silent; gathers due ones into a digest for each person first. What was for
-- somebody who has left is cancelled.
create function kith.claim_messages(worker uuid, most integer, lease interval)
    returns table (network_id uuid, message_id uuid, attempts integer)
    language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
    update kith.messages m set state = 'cancelled'
    from kith.people p
    where m.state in ('queued', 'sending') and m.due_at <= now() and p.network_id = m.network_id and p.person_id = m.person_id
        and p.ended_at is not null;

    with due as materialized (
        select m.network_id, m.message_id, m.person_id from kith.messages m
        where m.state = 'queued' and m.channel = 'email' and m.digest <> 'at_once' and m.gathered_in is null and m.due_at <= now()
        for update skip locked
    ), digests as (
        select d.network_id, d.person_id, kith.new_id() as digest_id from due d group by d.network_id, d.person_id
    ), made as (
        insert into kith.messages (network_id, message_id, person_id, template, is_urgent, is_confidential, channel, digest, due_at)
        select g.network_id, g.digest_id, g.person_id, 'core.digest', false, true, 'email', 'at_once', now() from digests g
    )
    update kith.messages m set state = 'gathered', gathered_in = g.digest_id
    from due d join digests g on g.network_id = d.network_id and g.person_id = d.person_id
    where m.network_id = d.network_id and m.message_id = d.message_id;

    return query
    update kith.messages m set state = 'sending', worker_id = worker, lease_expires_at = clock_timestamp() + lease,
        attempts = m.attempts + 1
    where (m.network_id, m.message_id) in (
        select d.network_id, d.message_id from kith.messages d
        where d.channel = 'email' and d.digest = 'at_once'
            and (d.state = 'queued' and d.due_at <= now() or d.state = 'sending' and d.lease_expires_at < clock_timestamp())
        order by d.is_urgent desc, d.due_at limit most for update skip locked)
    returning m.network_id, m.message_id, m.attempts;
end $$;

-- Opens a network to the worker that holds the lease on a message, with the rights of the person it is for and no others.
create function kith.enter_message(worker uuid, network uuid, message uuid) returns void
    language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
    recipient uuid;
begin
    select m.person_id into recipient from kith.messages m
    where m.network_id = network and m.message_id = message and m.worker_id = worker and m.state = 'sending'
        and m.lease_expires_at > clock_timestamp();
    if not found then
        raise exception 'the lease on the message is lost' using errcode = 'KH410';
    end if;
    perform set_config('kith.account', '', true), set_config('kith.network', network::text, true),
            set_config('kith.person', recipient::text, true);
end $$;

-- Takes down a mail that came back, named by its return path. For the operator, whose mail server receives it.
create function kith.record_bounce(network uuid, message uuid) returns uuid
    language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
    returned record;
    way text;
begin
    if not exists (select from kith.accounts a where a.account_id = kith.current_account() and a.is_operator and a.disabled_at is null) then
        raise exception 'not an operator' using errcode = 'KH403';
    end if;
    update kith.messages m set state = 'bounced', problem = coalesce(m.problem, 'returned')
    where m.network_id = network and m.message_id = message and m.channel = 'email' and m.state in ('sending', 'sent', 'bounced')
    returning m.person_id, m.address_hash into returned;
    if not found then
        raise exception 'no such message' using errcode = 'KH404';
    end if;
    if returned.address_hash is not null then
        insert into kith.bounced_addresses (network_id, person_id, address_hash)
        values (network, returned.person_id, returned.address_hash) on conflict do nothing;
        way := kith.reachable_by(network, returned.person_id);
        if way <> 'email' then
            update kith.messages m set state = 'queued', channel = way where m.network_id = network and m.message_id = message;
        end if;
    end if;
    return message;
end $$;

-- An address that refused a mail for good. Only while the lease on that mail is held, with the hash that it was sent to.
create function kith.record_refusal(worker uuid, network uuid, message uuid) returns void
    language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
    insert into kith.bounced_addresses (network_id, person_id, address_hash)
    select m.network_id, m.person_id, m.address_hash from kith.messages m
    where m.network_id = network and m.message_id = message and m.worker_id = worker and m.state = 'sending' and m.address_hash is not null
    on conflict do nothing;
end $$;

do $$
declare
    door text;
begin
    foreach door in array array[
        'kith.claim_messages(uuid, integer, interval)', 'kith.enter_message(uuid, uuid, uuid)', 'kith.record_bounce(uuid, uuid)',
        'kith.record_refusal(uuid, uuid, uuid)'
    ] loop
        execute format('revoke execute on function %s from public', door);
        execute format('grant execute on function %s to kith_app', door);
    end loop;
end $$;

-- Webhooks: what happens in a network, by kind and id, told to other programs (Standard Webhooks). They follow the outbox, and
-- carry nothing but identifiers.

create table kith.webhooks (
    network_id uuid not null references kith.networks,
    webhook_id uuid not null,
    url text not null check (length(url) between 1 and 2000),
    description text check (length(description) <= 200),
    -- None: all.
    kinds text[] not null default '{}',
    -- Sealed with the server's keyring; the earlier one signs too until its time is over.
    secret bytea not null,
    previous_secret bytea,
    previous_until timestamptz,
    -- Up to where in the outbox deliveries were made.
    position bigint not null,
    disabled_at timestamptz,
    version bigint not null default 1,
    created_at timestamptz not null default now(),
    primary key (network_id, webhook_id)
);
call kith.isolate('kith.webhooks');
create policy delivery on kith.webhooks to kith_owner using (true) with check (true);
grant select, insert, update, delete on kith.webhooks to kith_app;

create table kith.webhook_deliveries (
    network_id uuid not null,
    delivery_id uuid not null,
    webhook_id uuid not null,
    event_id uuid not null,
    kind text not null,
    subject_id uuid not null,
    at timestamptz not null,
    state text not null default 'queued' check (state in ('queued', 'sending', 'delivered', 'dead')),
    attempts integer not null default 0,
    due_at timestamptz not null default now(),
    worker_id uuid,
    lease_expires_at timestamptz,
    -- What was answered, or why nothing was.
    status integer,
    problem text check (length(problem) <= 100),
    delivered_at timestamptz,
    created_at timestamptz not null default now(),
    primary key (network_id, delivery_id),
    constraint webhook_deliveries_once_key unique (network_id, webhook_id, event_id),
    foreign key (network_id, webhook_id) references kith.webhooks on delete cascade
);
create index webhook_deliveries_due_idx on kith.webhook_deliveries (due_at) where state in ('queued', 'sending');
call kith.isolate('kith.webhook_deliveries');
create policy delivery on kith.webhook_deliveries to kith_owner using (true) with check (true);
grant select, insert, update on kith.webhook_deliveries to kith_app;

-- Makes a delivery of each new event for each webhook that asked for it, then takes those that are due.
create function kith.claim_webhook_deliveries(worker uuid, most integer, lease interval)
    returns table (network_id uuid, delivery_id uuid, attempts integer)
    language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
    with following as materialized (
        select w.network_id, w.webhook_id, w.kinds, w.position from kith.webhooks w
        where w.disabled_at is null and exists (
            select from kith.events e where e.network_id = w.network_id and e.position > w.position)
        for update skip locked
    ), fresh as materialized (
        select f.webhook_id, f.kinds, e.* from following f, lateral (
            select e.network_id, e.event_id, e.kind, e.subject_id, e.at, e.position, e.is_private from kith.events e
            where e.network_id = f.network_id and e.position > f.position order by e.position limit 200) e
    ), made as (
        insert into kith.webhook_deliveries (network_id, delivery_id, webhook_id, event_id, kind, subject_id, at)
        select f.network_id, kith.new_id(), f.webhook_id, f.event_id, f.kind, f.subject_id, f.at from fresh f
        -- What is said to one person alone is told to no program: how many were told would say who was left out.
        where not f.is_private and (cardinality(f.kinds) = 0 or f.kind = any (f.kinds))
        order by f.position on conflict on constraint webhook_deliveries_once_key do nothing
    )
    update kith.webhooks w set position = seen.position
    from (select f.network_id, f.webhook_id, max(f.position) as position from fresh f group by f.network_id, f.webhook_id) seen
    where w.network_id = seen.network_id and w.webhook_id = seen.webhook_id;

    return query
    update kith.webhook_deliveries d set state = 'sending', worker_id = worker, lease_expires_at = clock_timestamp() + lease,
        attempts = d.attempts + 1
    where (d.network_id, d.delivery_id) in (
        select c.network_id, c.delivery_id from kith.webhook_deliveries c
        join kith.webhooks w on w.network_id = c.network_id and w.webhook_id = c.webhook_id and w.disabled_at is null
        where c.state = 'queued' and c.due_at <= now() or c.state = 'sending' and c.lease_expires_at < clock_timestamp()
        order by c.due_at limit most for update of c skip locked)
    returning d.network_id, d.delivery_id, d.attempts;
end $$;

-- Opens a network to the worker that holds the lease on one of its deliveries, in nobody's name.
create function kith.enter_webhook_delivery(worker uuid, network uuid, delivery uuid) returns void
    language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
    if not exists (
        select from kith.webhook_deliveries d where d.network_id = network and d.delivery_id = delivery and d.worker_id = worker
            and d.state = 'sending' and d.lease_expires_at > clock_timestamp()) then
        raise exception 'the lease on the delivery is lost' using errcode = 'KH410';
    end if;
    perform set_config('kith.account', '', true), set_config('kith.network', network::text, true), set_config('kith.person', '', true);
end $$;

do $$
declare
    door text;
begin
    foreach door in array array[
        'kith.claim_webhook_deliveries(uuid, integer, interval)', 'kith.enter_webhook_delivery(uuid, uuid, uuid)'
    ] loop
        execute format('revoke execute on function %s from public', door);
        execute format('grant execute on function %s to kith_app', door);
    end loop;
end $$;

-- Calendars to subscribe to, by a secret address that the person can withdraw. Only its hash is kept.

create table kith.calendar_feeds (
    network_id uuid not null,
    feed_id uuid not null,
    person_id uuid not null,
    name text not null check (length(name) between 1 and 200),
    secret_hash bytea not null check (octet_length(secret_hash) = 32),
    created_at timestamptz not null default now(),
    revoked_at timestamptz,
    primary key (network_id, feed_id),
    foreign key (network_id, person_id) references kith.people
);
create index calendar_feeds_secret_idx on kith.calendar_feeds (secret_hash);
create index calendar_feeds_person_idx on kith.calendar_feeds (network_id, person_id, feed_id);
call kith.isolate('kith.calendar_feeds');
create policy sign_in on kith.calendar_feeds for select to kith_owner using (true);
grant select, insert, update on kith.calendar_feeds to kith_app;

-- Opens a network to whoever knows the address of a calendar, in the name of the person it belongs to, for as long as they are there.
create function kith.enter_calendar(secret bytea) returns void
    language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
    feed record;
begin
    select f.network_id, f.person_id into feed
    from kith.calendar_feeds f join kith.people p using (network_id, person_id) left join kith.accounts a using (account_id)
    where f.secret_hash = secret and f.revoked_at is null and p.ended_at is null and a.disabled_at is null;
    if not found then
        raise exception 'no such calendar' using errcode = 'KH404';
    end if;
    perform set_config('kith.account', '', true), set_config('kith.network', feed.network_id::text, true),
            set_config('kith.person', feed.person_id::text, true);
end $$;
revoke execute on function kith.enter_calendar(bytea) from public;
grant execute on function kith.enter_calendar(bytea) to kith_app;
