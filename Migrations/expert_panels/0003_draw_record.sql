-- What is committed to before a draw, so that outsiders can check it, and how a draw that somebody left in its midst is made again.

alter table expert_panels.draws
    -- Until the draw nobody knows the seed: it comes of the secret and of the public value.
    alter column seed drop not null,
    add column secret text check (length(secret) between 1 and 100),
    add column secret_hash text check (length(secret_hash) between 1 and 100),
    -- Where the public value will come from; null where none is mixed in and the panel is drawn at once.
    add column public_value_source text check (length(public_value_source) between 1 and 500),
    add column public_value text check (length(public_value) between 1 and 500),
    add column version text check (length(version) between 1 and 100),
    -- Of each make-up its tickets, then the seats of each kind of person: numbers only.
    add column lottery json,
    add column lottery_hash text check (length(lottery_hash) between 1 and 100),
    add column commitment text check (length(commitment) between 1 and 100),
    add column committed_at timestamptz,
    -- The draw that this one makes again; that one has a note and no seats.
    add column replaces_id uuid,
    add column voided_at timestamptz,
    add column note text check (length(note) between 1 and 2000),
    add constraint draws_replaces_fkey foreign key (network_id, replaces_id) references expert_panels.draws,
    add constraint draws_committed_check check (committed_at is null or commitment is not null and lottery_hash is not null and secret is not null),
    add constraint draws_void_check check (voided_at is null or (drawn_at is null and note is not null));

-- Nothing that was committed to changes afterwards, and a draw that is done or void stays so.
create function expert_panels.keep_commitment() returns trigger language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
    if old.committed_at is not null and
        (new.pool_id, new.algorithm, new.version, new.secret, new.secret_hash, new.public_value_source, new.lottery::text, new.lottery_hash,
         new.commitment, new.committed_at)
        is distinct from
        (old.pool_id, old.algorithm, old.version, old.secret, old.secret_hash, old.public_value_source, old.lottery::text, old.lottery_hash,
         old.commitment, old.committed_at)
        or old.public_value is not null and new.public_value is distinct from old.public_value
        or old.drawn_at is not null and (new.drawn_at, new.seed, new.public_value) is distinct from (old.drawn_at, old.seed, old.public_value)
        or old.voided_at is not null and (new.voided_at, new.note, new.drawn_at) is distinct from (old.voided_at, old.note, old.drawn_at)
    then
        raise exception 'what was committed to does not change' using errcode = 'check_violation', constraint = 'draws_commitment_kept';
    end if;
    return new;
end $$;
create trigger keep_commitment before update on expert_panels.draws for each row execute function expert_panels.keep_commitment();

create or replace view expert_panels.draw_details with (security_invoker = true) as
    select d.network_id, d.draw_id, d.pool_id, d.algorithm, d.seed, d.job_id, d.requested_by, d.requested_at, d.drawn_at,
        p.panel_id, p.opportunity_id, p.hash as pool_hash,
        d.public_value_source, d.public_value, d.version, d.lottery_hash, d.secret_hash, d.commitment, d.committed_at,
        -- Told when nothing hangs on it any more.
        case when d.drawn_at is not null or d.voided_at is not null then d.secret end as secret,
        d.replaces_id, d.voided_at, d.note
    from expert_panels.draws d join expert_panels.pool_details p using (network_id, pool_id);
