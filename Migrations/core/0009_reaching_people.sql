-- Messages that reach people: in the format that they need, about meetings, concerns and spaces, and never about what they have left.

alter table kith.messages
    -- What somebody hears after they have left as well: that they did, how their complaint goes, pay that they earned.
    add column outlives_leaving boolean not null default false,
    -- Otherwise whoever posts the letters would learn that there is something.
    add column by_mail_only boolean not null default false;

-- Formats ---------------------------------------------------------------------------------------------------------

-- The formats that a person needs and shares with those who arrange.
create function kith.shared_formats(network uuid, person uuid) returns text[] language sql stable
    return array(
        select distinct n.kind from kith.access_needs n
        where n.network_id = network and n.person_id = person and n.ended_at is null and n.share_with = 'arrangers'
          and n.kind in ('large_print', 'easy_read', 'braille', 'audio', 'bsl_video', 'plain_text', 'translation')
          and exists (select from kith.consent_states s where s.network_id = n.network_id and s.person_id = n.person_id
                        and s.purpose = 'core.share_access_needs' and s.given)
        order by n.kind);
create or replace function kith.communication_of(network uuid, person uuid) returns table (contact_by text, formats text[])
    language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
    select p.contact_by, kith.shared_formats(p.network_id, p.person_id)
    from kith.people p where p.network_id = network and p.network_id = kith.current_network() and p.person_id = person;
end;

-- Those of the formats that the server cannot write itself, for as long as the network has somebody who arranges them. Every message of
-- the core is in English and in Welsh: a translation into Welsh is a matter of the language chosen.
create function kith.formats_to_arrange(network uuid, formats text[], locale text) returns text[] language sql stable
    return case when formats <> '{}' and exists (
        select from kith.role_grants g join kith.people p using (network_id, person_id)
        where g.network_id = network and g.role = 'access_coordinator' and g.programme_id is null and g.ended_at is null
          and p.ended_at is null and p.account_id is not null)
    then array(
        select format from unnest(formats) format
        where format in ('easy_read', 'braille', 'audio', 'bsl_video') or format = 'translation' and locale <> 'cy')
    else '{}' end;

-- Whether somebody makes what a person gets, so that no mail and no letter goes out in a format that they cannot use.
create function kith.is_arranged_for(network uuid, person uuid) returns boolean language sql stable
    return kith.formats_to_arrange(network, kith.shared_formats(network, person), coalesce((
        select c.locale from kith.message_preferences c where c.network_id = network and c.person_id = person), 'en')) <> '{}';

create or replace view kith.message_choices with (security_invoker = true) as
    select p.network_id, p.person_id, p.contact_by, coalesce(c.locale, 'en') as locale, coalesce(c.large_print, false) as large_print,
        coalesce(c.quiet_from, '21:00') as quiet_from, coalesce(c.quiet_until, '08:00') as quiet_until,
        coalesce(c.time_zone, 'Europe/London') as time_zone, coalesce(c.digest, 'at_once') as digest,
        f.formats, kith.formats_to_arrange(p.network_id, f.formats, coalesce(c.locale, 'en')) as formats_to_arrange
    from kith.people p left join kith.message_preferences c using (network_id, person_id),
        lateral (select coalesce((select m.formats from kith.communication_of(p.network_id, p.person_id) m), '{}') as formats) f;

-- Queueing --------------------------------------------------------------------------------------------------------

-- The way on which a person can be reached, also one who has left: the one they asked for where it leads anywhere, otherwise the first
-- that does.
create or replace function kith.reachable_by(network uuid, person uuid) returns text language sql stable
begin atomic
    select way from kith.people p,
        lateral (values
            ('email', p.email is not null and not exists (
                select from kith.bounced_addresses b where b.network_id = p.network_id and b.person_id = p.person_id
                    and b.address_hash = sha256(convert_to(lower(p.email), 'UTF8')))),
            ('post', p.postal_address is not null),
            ('phone', p.phone is not null)) ways (way, leads)
    where p.network_id = network and p.person_id = person and leads
    order by way = p.contact_by desc, array_position(array['email', 'post', 'phone'], way) limit 1;
end;

-- Queues a message in the transaction of its cause. Nobody is told who cannot be reached, or who has left and need not hear it: null.
create function kith.queue_message(
    id uuid, person uuid, kind text, about jsonb, urgent boolean, confidential boolean, lasting boolean, mail_only boolean) returns uuid
    language sql volatile
begin atomic
    insert into kith.messages (network_id, message_id, person_id, template, parameters, is_urgent, is_confidential, channel, digest, due_at,
                               outlives_leaving, by_mail_only)
    select c.network_id, id, c.person_id, kind, about, urgent, confidential, way,
        case when urgent or way <> 'email' then 'at_once' else c.digest end,
        case when way = 'email' then kith.message_due(now(), urgent, c.digest, c.quiet_from, c.quiet_until, c.time_zone) else now() end,
        lasting, mail_only
    from kith.message_choices c join kith.people p using (network_id, person_id), lateral kith.reachable_by(c.network_id, c.person_id) way
    where c.network_id = kith.current_network() and c.person_id = person and way is not null
      and (lasting or p.ended_at is null) and (way = 'email' or not mail_only)
    returning message_id;
end;
create or replace function kith.queue_message(id uuid, person uuid, kind text, about jsonb, urgent boolean, confidential boolean) returns uuid
    language sql volatile
begin atomic
    select kith.queue_message(id, person, kind, about, urgent, confidential, false, false);
end;

-- A message for each member of a space, whom those who ask to open it must not learn.
create function kith.message_members(space uuid, kind text, about jsonb) returns void
    language sql security definer set search_path = pg_catalog, pg_temp
begin atomic
    select kith.queue_message(kith.new_id(), m.person_id, kind, about, true, true, false, false) from kith.space_members m
    where m.network_id = kith.current_network() and m.space_id = space and m.left_at is null
      and m.person_id <> all (kith.restricted_people());
end;

-- Delivery --------------------------------------------------------------------------------------------------------

create policy delivery on kith.withdrawals for select to kith_owner using (true);

-- Whether a message is about an activity or a programme from which its person has withdrawn.
create function kith.is_unwanted(message kith.messages) returns boolean language sql stable
    return not message.outlives_leaving and exists (
        select from kith.withdrawals w left join kith.activities a on a.network_id = w.network_id and a.programme_id = w.programme_id
        where w.network_id = message.network_id and w.person_id = message.person_id and w.returned_at is null
          and (w.activity_id::text = lower(message.parameters ->> 'activity_id')
            or w.programme_id::text = lower(message.parameters ->> 'programme_id')
            or a.activity_id::text = lower(message.parameters ->> 'activity_id')));

-- Takes mails that are due and those whose worker fell silent; gathers due ones into a digest for each person first. What was for
-- somebody who has left, or is about what they have withdrawn from, is cancelled. What has to be made in another format waits for it.
create or replace function kith.claim_messages(worker uuid, most integer, lease interval)
    returns table (network_id uuid, message_id uuid, attempts integer)
    language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
    update kith.messages m set state = 'cancelled'
    from kith.people p
    where (m.state = 'queued' and m.due_at <= now() or m.state = 'sending' and m.lease_expires_at < clock_timestamp())
        and p.network_id = m.network_id and p.person_id = m.person_id
        and (p.ended_at is not null and not m.outlives_leaving or kith.is_unwanted(m));

    with due as materialized (
        select m.network_id, m.message_id, m.person_id, m.by_mail_only from kith.messages m
        where m.state = 'queued' and m.channel = 'email' and m.digest <> 'at_once' and m.gathered_in is null and m.due_at <= now()
          and (m.by_mail_only or not kith.is_arranged_for(m.network_id, m.person_id))
        for update skip locked
    ), digests as (
        select d.network_id, d.person_id, bool_or(d.by_mail_only) as by_mail_only, kith.new_id() as digest_id from due d
        group by d.network_id, d.person_id
    ), made as (
        insert into kith.messages (network_id, message_id, person_id, template, is_urgent, is_confidential, channel, digest, due_at, by_mail_only)
        select g.network_id, g.digest_id, g.person_id, 'core.digest', false, true, 'email', 'at_once', now(), g.by_mail_only from digests g
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
            and (d.by_mail_only or not kith.is_arranged_for(d.network_id, d.person_id))
        order by d.is_urgent desc, d.due_at limit most for update skip locked)
    returning m.network_id, m.message_id, m.attempts;
end $$;

-- Takes down a mail that came back, named by its return path. For the operator, whose mail server receives it.
create or replace function kith.record_bounce(network uuid, message uuid) returns uuid
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
    returning m.person_id, m.address_hash, m.by_mail_only into returned;
    if not found then
        raise exception 'no such message' using errcode = 'KH404';
    end if;
    if returned.address_hash is not null then
        insert into kith.bounced_addresses (network_id, person_id, address_hash)
        values (network, returned.person_id, returned.address_hash) on conflict do nothing;
        way := kith.reachable_by(network, returned.person_id);
        if way <> 'email' and not returned.by_mail_only then
            update kith.messages m set state = 'queued', channel = way where m.network_id = network and m.message_id = message;
        end if;
    end if;
    return message;
end $$;

-- Meetings --------------------------------------------------------------------------------------------------------

-- How often an invitation ended or was renewed: with the meeting's version it is the SEQUENCE of the entry in a calendar (RFC 5545).
alter table kith.meeting_invitations add column changes integer not null default 0 check (changes >= 0);
create function kith.count_invitation_changes() returns trigger language plpgsql as $$
begin
    new.changes := old.changes + 1;
    return new;
end $$;
create trigger count_changes before update of withdrawn_at on kith.meeting_invitations for each row
    when ((old.withdrawn_at is null) <> (new.withdrawn_at is null)) execute function kith.count_invitation_changes();

-- Withdrawal ------------------------------------------------------------------------------------------------------

-- Nobody is brought back into the space of what they have withdrawn from.
create function kith.respect_withdrawal_in_spaces() returns trigger language plpgsql as $$
begin
    -- An offer and a withdrawal that come at the same moment wait for each other here.
    perform from kith.people p where p.network_id = new.network_id and p.person_id = new.person_id for no key update;
    if exists (
        select from kith.spaces s where s.network_id = new.network_id and s.space_id = new.space_id
          and (s.activity_id is not null and kith.has_withdrawn(new.person_id, s.activity_id) or exists (
              select from kith.withdrawals w where w.network_id = s.network_id and w.person_id = new.person_id
                and w.returned_at is null and w.programme_id = s.programme_id))) then
        raise exception 'This person has withdrawn from what this space belongs to. They are not asked again; only they can come back.'
            using errcode = 'KH409';
    end if;
    return new;
end $$;
create trigger respect_withdrawal before insert on kith.space_members for each row execute function kith.respect_withdrawal_in_spaces();

-- Opens a network to whoever is or was one of its people, for what is theirs alone: those who have left hold no role and are in no space.
create function kith.enter_own(secret bytea, needed_scope text, network uuid) returns void
    language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
    account uuid := kith.token_account(secret, needed_scope, network);
    person uuid;
begin
    select p.person_id into person from kith.people p
    where p.network_id = network and p.account_id = account and p.erased_at is null;
    if not found then
        raise exception 'no such network' using errcode = 'KH404';
    end if;
    perform set_config('kith.account', account::text, true), set_config('kith.network', network::text, true),
            set_config('kith.person', person::text, true);
end $$;

-- Data rights -----------------------------------------------------------------------------------------------------

-- The notes of a person who takes a copy of their own data, in the spaces that they have left too.
create function kith.own_notes() returns table (
    space_id uuid, note_id uuid, version bigint, sealed bytea, created_at timestamptz, updated_at timestamptz)
    language sql stable security definer set search_path = pg_catalog, pg_temp
begin atomic
    select n.space_id, n.note_id, n.version, v.sealed, n.created_at, n.updated_at
    from kith.notes n join kith.note_versions v on v.network_id = n.network_id and v.note_id = n.note_id and v.version = n.version
    where n.network_id = kith.current_network() and n.author_id = kith.current_person() and n.author_id = kith.rights_of()
      and n.deleted_at is null;
end;

do $$
declare
    door text;
begin
    foreach door in array array[
        'kith.message_members(uuid, text, jsonb)', 'kith.enter_own(bytea, text, uuid)', 'kith.own_notes()'
    ] loop
        execute format('revoke execute on function %s from public', door);
        execute format('grant execute on function %s to kith_app', door);
    end loop;
end $$;
