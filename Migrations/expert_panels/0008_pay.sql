-- Pay: what a network pays from which day, offers before each piece of work, the ceilings that people set for themselves, claims that two
-- people approve, and payments. Offers and claims never change: each change is an entry of a ledger, in whole pence, from which the state
-- of the thing is derived.

-- What a network pays. A change is a new policy with the day from which it holds; work is paid by the policy of its day.
create table expert_panels.pay_policies (
    network_id uuid not null references kith.networks,
    policy_id uuid not null,
    name text not null check (length(name) between 1 and 200),
    source text not null check (length(source) between 1 and 1000),
    -- Where people can ask what pay does to their benefits.
    signpost text not null check (length(signpost) between 1 and 1000),
    effective_from date not null,
    mileage_pence integer not null check (mileage_pence between 0 and 1000),
    claim_within_months integer not null check (claim_within_months between 1 and 24),
    pay_within_days integer not null check (pay_within_days between 1 and 365),
    late_cancellation_days integer not null check (late_cancellation_days between 0 and 60),
    late_cancellation_percent integer not null check (late_cancellation_percent between 0 and 100),
    created_at timestamptz not null default now(),
    primary key (network_id, policy_id),
    constraint pay_policies_day_key unique (network_id, effective_from)
);
call kith.isolate('expert_panels.pay_policies');
create policy set_by_role on expert_panels.pay_policies as restrictive for insert to kith_app
    with check (kith.holds_role(array['administrator', 'payments_officer'], null));
grant select, insert on expert_panels.pay_policies to kith_app;

create table expert_panels.pay_bands (
    network_id uuid not null,
    band_id uuid not null,
    policy_id uuid not null,
    role text not null check (length(role) between 1 and 100),
    up_to_minutes integer not null check (up_to_minutes between 1 and 10080),
    -- One sum for work of this length, or a rate.
    basis text not null check (basis in ('fixed', 'hourly')),
    pence bigint not null check (pence between 0 and 10000000),
    primary key (network_id, band_id),
    constraint pay_bands_key unique (network_id, policy_id, role, up_to_minutes),
    constraint pay_bands_policy_fkey foreign key (network_id, policy_id) references expert_panels.pay_policies
);
call kith.isolate('expert_panels.pay_bands');
grant select, insert on expert_panels.pay_bands to kith_app;

create view expert_panels.pay_policy_details with (security_invoker = true) as
    select p.*, (
        select jsonb_agg(jsonb_build_object('role', b.role, 'up_to_minutes', b.up_to_minutes, 'basis', b.basis,
                'pay', jsonb_build_object('amount', b.pence, 'currency', 'GBP')) order by b.role, b.up_to_minutes)
        from expert_panels.pay_bands b where b.network_id = p.network_id and b.policy_id = p.policy_id) as bands
    from expert_panels.pay_policies p;
grant select on expert_panels.pay_policy_details to kith_app;

-- The fee for work of a length on a day: the shortest band that is long enough. A rate by the hour is rounded to the penny, half up.
create function expert_panels.fee(asked_role text, minutes integer, on_day date) returns table (policy_id uuid, pence bigint)
    language sql stable set search_path = pg_catalog, pg_temp
begin atomic
    select b.policy_id, case b.basis when 'fixed' then b.pence else (b.pence * minutes * 2 + 60) / 120 end
    from expert_panels.pay_bands b
    where b.network_id = kith.current_network() and b.role = asked_role and b.up_to_minutes >= minutes and b.policy_id = (
        select p.policy_id from expert_panels.pay_policies p
        where p.network_id = kith.current_network() and p.effective_from <= on_day order by p.effective_from desc limit 1)
    order by b.up_to_minutes limit 1;
end;

-- Ceilings --------------------------------------------------------------------------------------------------------

-- What a person does not want to earn more than. They see it, and those who pay; nobody who offers work or decides on it.
create table expert_panels.pay_ceilings (
    network_id uuid not null,
    person_id uuid not null,
    week_pence bigint check (week_pence between 0 and 100000000),
    month_pence bigint check (month_pence between 0 and 100000000),
    -- The day of the month on which the assessment period begins (Universal Credit Regulations 2013, regulation 21); in a month that has
    -- no such day, its last.
    month_begins_on integer not null default 1 check (month_begins_on between 1 and 31),
    updated_at timestamptz not null default now(),
    primary key (network_id, person_id),
    constraint pay_ceilings_person_fkey foreign key (network_id, person_id) references kith.people
);
call kith.isolate('expert_panels.pay_ceilings');
create policy own_or_paying on expert_panels.pay_ceilings as restrictive for select to kith_app
    using (person_id = kith.current_person() or person_id = kith.rights_of() or kith.holds_role(array['payments_officer'], null));
create policy own_new on expert_panels.pay_ceilings as restrictive for insert to kith_app with check (person_id = kith.current_person());
create policy own_change on expert_panels.pay_ceilings as restrictive for update to kith_app
    using (person_id = kith.current_person()) with check (person_id = kith.current_person());
create policy own_end on expert_panels.pay_ceilings as restrictive for delete to kith_app
    using (person_id = kith.current_person() or person_id = kith.rights_of());
grant select, insert, update, delete on expert_panels.pay_ceilings to kith_app;

create function expert_panels.day_of_month(in_month date, wanted integer) returns date language sql immutable set search_path = pg_catalog, pg_temp
    return date_trunc('month', in_month::timestamp)::date
        + least(wanted, extract(day from date_trunc('month', in_month::timestamp) + interval '1 month - 1 day')::integer) - 1;
-- When the assessment period of a day began.
create function expert_panels.period_start(day date, begins_on integer) returns date language sql immutable set search_path = pg_catalog, pg_temp
    return case when day >= expert_panels.day_of_month(day, begins_on) then expert_panels.day_of_month(day, begins_on)
        else expert_panels.day_of_month((date_trunc('month', day::timestamp) - interval '1 day')::date, begins_on) end;

-- Offers ----------------------------------------------------------------------------------------------------------

-- A piece of work and what is paid for it, offered before it is done: a meeting, or other work.
create table expert_panels.pay_offers (
    network_id uuid not null,
    offer_id uuid not null,
    panel_id uuid not null,
    person_id uuid not null,
    meeting_id uuid,
    title text not null check (length(title) between 1 and 200),
    role text not null check (length(role) between 1 and 100),
    on_day date not null,
    minutes integer not null check (minutes between 1 and 10080),
    policy_id uuid not null,
    pence bigint not null check (pence >= 0),
    created_at timestamptz not null default now(),
    primary key (network_id, offer_id),
    constraint pay_offers_panel_fkey foreign key (network_id, panel_id) references expert_panels.panels,
    constraint pay_offers_person_fkey foreign key (network_id, person_id) references kith.people,
    constraint pay_offers_meeting_fkey foreign key (network_id, meeting_id) references kith.meetings,
    constraint pay_offers_policy_fkey foreign key (network_id, policy_id) references expert_panels.pay_policies
);
create index pay_offers_panel_idx on expert_panels.pay_offers (network_id, panel_id);
create index pay_offers_person_idx on expert_panels.pay_offers (network_id, person_id);
create index pay_offers_meeting_idx on expert_panels.pay_offers (network_id, meeting_id) where meeting_id is not null;
call kith.isolate('expert_panels.pay_offers');
create policy own_or_entrusted on expert_panels.pay_offers as restrictive for select to kith_app
    using (person_id = kith.current_person() or person_id = kith.rights_of()
        or kith.holds_role(array['administrator', 'programme_lead', 'facilitator', 'payments_officer'], panel_id));
create policy offered_by_role on expert_panels.pay_offers as restrictive for insert to kith_app
    with check (kith.holds_role(array['administrator', 'programme_lead', 'facilitator'], panel_id));
grant select, insert on expert_panels.pay_offers to kith_app;

create table expert_panels.pay_offer_entries (
    network_id uuid not null,
    entry_id uuid not null,
    offer_id uuid not null,
    step integer not null,
    act text not null check (act in ('offered', 'accepted', 'reduced', 'donated', 'declined', 'ended')),
    -- What the offer stands at after it. What is donated goes to nobody of the network's people.
    pence bigint not null check (pence >= 0),
    words text check (length(words) between 1 and 200),
    entered_by uuid not null,
    entered_at timestamptz not null default now(),
    primary key (network_id, entry_id),
    constraint pay_offer_entries_step_key unique (network_id, offer_id, step),
    constraint pay_offer_entries_offer_fkey foreign key (network_id, offer_id) references expert_panels.pay_offers,
    constraint pay_offer_entries_person_fkey foreign key (network_id, entered_by) references kith.people
);
create index pay_offer_entries_person_idx on expert_panels.pay_offer_entries (network_id, entered_by);
call kith.isolate('expert_panels.pay_offer_entries');
create policy of_offer on expert_panels.pay_offer_entries as restrictive for select to kith_app
    using (exists (select from expert_panels.pay_offers o where o.network_id = pay_offer_entries.network_id and o.offer_id = pay_offer_entries.offer_id));
-- Nobody answers for somebody else, but those who pay, for people who answer by post or phone.
create policy own_answer on expert_panels.pay_offer_entries as restrictive for insert to kith_app
    with check (entered_by = kith.current_person() and exists (
        select from expert_panels.pay_offers o where o.network_id = pay_offer_entries.network_id and o.offer_id = pay_offer_entries.offer_id
          and (act in ('offered', 'ended') or o.person_id = kith.current_person() or kith.holds_role(array['payments_officer'], null))));
create policy only_by_right on expert_panels.pay_offer_entries as restrictive for update to kith_app using (kith.rights_of() is not null);
grant select, insert, update (words) on expert_panels.pay_offer_entries to kith_app;

create view expert_panels.pay_offer_details with (security_invoker = true) as
    select o.*, e.act as state, case when e.act in ('accepted', 'reduced') then e.pence else 0 end as payable_pence,
        e.words as donated_to, e.entered_at as changed_at
    from expert_panels.pay_offers o cross join lateral (
        select * from expert_panels.pay_offer_entries l where l.network_id = o.network_id and l.offer_id = o.offer_id
        order by l.step desc limit 1) e;
grant select on expert_panels.pay_offer_details to kith_app;

-- Which of their ceilings a person would break by earning so much for an offer, beside what else they agreed to in the same week (from
-- Monday) and the same assessment period, by the day of the work. Empty to whoever may not see the ceilings.
create function expert_panels.broken_ceilings(offer uuid, asked_pence bigint) returns text[]
    language sql stable set search_path = pg_catalog, pg_temp
begin atomic
    select array_remove(array[
        case when agreed.in_week + asked_pence > c.week_pence then 'week' end,
        case when agreed.in_month + asked_pence > c.month_pence then 'month' end], null)
    from expert_panels.pay_offers o
        join expert_panels.pay_ceilings c on c.network_id = o.network_id and c.person_id = o.person_id
        cross join lateral (
            select coalesce(sum(d.payable_pence) filter (
                       where date_trunc('week', d.on_day::timestamp) = date_trunc('week', o.on_day::timestamp)), 0) as in_week,
                   coalesce(sum(d.payable_pence) filter (
                       where expert_panels.period_start(d.on_day, c.month_begins_on) = expert_panels.period_start(o.on_day, c.month_begins_on)), 0) as in_month
            from expert_panels.pay_offer_details d
            where d.network_id = o.network_id and d.person_id = o.person_id and d.offer_id <> o.offer_id) agreed
    where o.network_id = kith.current_network() and o.offer_id = offer;
end;

-- No future offers to whoever has withdrawn.
create function expert_panels.respect_withdrawal_in_pay() returns trigger language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
    -- An offer and a withdrawal that come at the same moment wait for each other here.
    perform from kith.people p where p.network_id = new.network_id and p.person_id = new.person_id for no key update;
    if kith.has_withdrawn(new.person_id, new.panel_id) then
        raise exception 'This person has withdrawn. They are not asked again; only they can come back.' using errcode = 'KH409';
    end if;
    return new;
end $$;
create trigger respect_withdrawal before insert on expert_panels.pay_offers
    for each row execute function expert_panels.respect_withdrawal_in_pay();

-- Claims ----------------------------------------------------------------------------------------------------------

-- One fee, or one expense. Expenses stand apart from fees, so that neither waits for the other.
create table expert_panels.pay_claims (
    network_id uuid not null,
    claim_id uuid not null,
    panel_id uuid not null,
    person_id uuid not null,
    kind text not null check (kind in ('fee', 'mileage', 'travel', 'carer', 'supporter', 'data_and_phone', 'other')),
    offer_id uuid,
    -- The day of the work, or on which the money was or will be spent.
    on_day date not null,
    miles integer check (miles between 1 and 5000),
    receipt text check (length(receipt) between 1 and 2000),
    -- Paid before it is spent; the receipt follows.
    in_advance boolean not null default false,
    reason_not_attended text check (length(reason_not_attended) between 1 and 2000),
    reason_late text check (length(reason_late) between 1 and 2000),
    policy_id uuid not null,
    primary key (network_id, claim_id),
    constraint pay_claims_fee_check check (kind <> 'fee' or offer_id is not null),
    constraint pay_claims_mileage_check check ((kind = 'mileage') = (miles is not null)),
    constraint pay_claims_evidence_check check (kind in ('fee', 'mileage') or in_advance or receipt is not null),
    constraint pay_claims_advance_check check (not in_advance or kind in ('travel', 'mileage')),
    constraint pay_claims_panel_fkey foreign key (network_id, panel_id) references expert_panels.panels,
    constraint pay_claims_person_fkey foreign key (network_id, person_id) references kith.people,
    constraint pay_claims_offer_fkey foreign key (network_id, offer_id) references expert_panels.pay_offers,
    constraint pay_claims_policy_fkey foreign key (network_id, policy_id) references expert_panels.pay_policies
);
create index pay_claims_panel_idx on expert_panels.pay_claims (network_id, panel_id);
create index pay_claims_person_idx on expert_panels.pay_claims (network_id, person_id);
create index pay_claims_offer_idx on expert_panels.pay_claims (network_id, offer_id) where offer_id is not null;
call kith.isolate('expert_panels.pay_claims');
create policy own_or_entrusted on expert_panels.pay_claims as restrictive for select to kith_app
    using (person_id = kith.current_person() or person_id = kith.rights_of()
        or kith.holds_role(array['administrator', 'programme_lead', 'payments_officer'], panel_id));
create policy own_claim on expert_panels.pay_claims as restrictive for insert to kith_app
    with check (person_id = kith.current_person() or kith.holds_role(array['payments_officer'], null));
create policy only_by_right on expert_panels.pay_claims as restrictive for update to kith_app using (kith.rights_of() is not null);
-- The words alone can be blanked, by the right of the person; never a sum, a day or a kind.
grant select, insert, update (receipt, reason_not_attended, reason_late) on expert_panels.pay_claims to kith_app;

create table expert_panels.pay_claim_entries (
    network_id uuid not null,
    entry_id uuid not null,
    claim_id uuid not null,
    step integer not null,
    act text not null check (act in ('claimed', 'corrected', 'approved_once', 'approved', 'rejected', 'withdrawn', 'paid', 'settled')),
    -- What the claim stands at after it; of an advance that is settled, what was spent.
    pence bigint not null check (pence >= 0),
    -- Why it was corrected or rejected; with the settlement of an advance, where the receipt is.
    words text check (length(words) between 1 and 2000),
    entered_by uuid not null,
    entered_at timestamptz not null default now(),
    primary key (network_id, entry_id),
    constraint pay_claim_entries_step_key unique (network_id, claim_id, step),
    constraint pay_claim_entries_claim_fkey foreign key (network_id, claim_id) references expert_panels.pay_claims,
    constraint pay_claim_entries_person_fkey foreign key (network_id, entered_by) references kith.people
);
create index pay_claim_entries_person_idx on expert_panels.pay_claim_entries (network_id, entered_by);
call kith.isolate('expert_panels.pay_claim_entries');
create policy of_claim on expert_panels.pay_claim_entries as restrictive for select to kith_app
    using (exists (select from expert_panels.pay_claims c where c.network_id = pay_claim_entries.network_id and c.claim_id = pay_claim_entries.claim_id));
create policy own_part on expert_panels.pay_claim_entries as restrictive for insert to kith_app
    with check (entered_by = kith.current_person() and exists (
        select from expert_panels.pay_claims c where c.network_id = pay_claim_entries.network_id and c.claim_id = pay_claim_entries.claim_id
          and case
              when act in ('claimed', 'withdrawn', 'settled') then
                  c.person_id = kith.current_person() or kith.holds_role(array['payments_officer'], null)
              when act = 'paid' then kith.holds_role(array['payments_officer'], null)
              else kith.holds_role(array['administrator', 'programme_lead', 'payments_officer'], c.panel_id) end));
create policy only_by_right on expert_panels.pay_claim_entries as restrictive for update to kith_app using (kith.rights_of() is not null);
grant select, insert, update (words) on expert_panels.pay_claim_entries to kith_app;

-- Payments --------------------------------------------------------------------------------------------------------

-- A run: the approved claims that were paid together.
create table expert_panels.pay_payments (
    network_id uuid not null references kith.networks,
    payment_id uuid not null,
    reference text not null check (length(reference) between 1 and 100),
    paid_on date not null,
    -- The control total.
    pence bigint not null check (pence >= 0),
    created_by uuid not null,
    created_at timestamptz not null default now(),
    primary key (network_id, payment_id),
    constraint pay_payments_reference_key unique (network_id, reference),
    constraint pay_payments_person_fkey foreign key (network_id, created_by) references kith.people
);
create index pay_payments_person_idx on expert_panels.pay_payments (network_id, created_by);
call kith.isolate('expert_panels.pay_payments');
create policy paid_by_role on expert_panels.pay_payments as restrictive for insert to kith_app
    with check (created_by = kith.current_person() and kith.holds_role(array['payments_officer'], null));
grant select, insert on expert_panels.pay_payments to kith_app;

-- Its key is the claim: none is paid twice.
create table expert_panels.pay_payment_claims (
    network_id uuid not null,
    claim_id uuid not null,
    payment_id uuid not null,
    pence bigint not null check (pence >= 0),
    primary key (network_id, claim_id),
    constraint pay_payment_claims_claim_fkey foreign key (network_id, claim_id) references expert_panels.pay_claims,
    constraint pay_payment_claims_payment_fkey foreign key (network_id, payment_id) references expert_panels.pay_payments
);
create index pay_payment_claims_payment_idx on expert_panels.pay_payment_claims (network_id, payment_id);
call kith.isolate('expert_panels.pay_payment_claims');
create policy of_claim on expert_panels.pay_payment_claims as restrictive for select to kith_app
    using (exists (select from expert_panels.pay_claims c where c.network_id = pay_payment_claims.network_id and c.claim_id = pay_payment_claims.claim_id));
grant select, insert on expert_panels.pay_payment_claims to kith_app;

create view expert_panels.pay_payment_details with (security_invoker = true) as
    select p.*, coalesce(i.claims, 0) as claims, coalesce(i.fees, 0)::bigint as fee_pence, coalesce(i.expenses, 0)::bigint as expense_pence
    from expert_panels.pay_payments p left join lateral (
        select count(*) as claims, sum(i.pence) filter (where c.kind = 'fee') as fees, sum(i.pence) filter (where c.kind <> 'fee') as expenses
        from expert_panels.pay_payment_claims i join expert_panels.pay_claims c using (network_id, claim_id)
        where i.network_id = p.network_id and i.payment_id = p.payment_id) i on true;
grant select on expert_panels.pay_payment_details to kith_app;

-- At the end of its transaction a payment, its claims and the ledger come to the same.
create function expert_panels.reconcile_payment() returns trigger language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
    if exists (
        select from expert_panels.pay_payments p where p.network_id = new.network_id and p.payment_id = new.payment_id and (p.pence, p.pence) <> (
            select coalesce(sum(i.pence), 0), coalesce(sum(e.pence), 0)
            from expert_panels.pay_payment_claims i left join expert_panels.pay_claim_entries e
                on e.network_id = i.network_id and e.claim_id = i.claim_id and e.act = 'paid'
            where i.network_id = p.network_id and i.payment_id = p.payment_id))
    then
        raise exception 'the payment does not come to what the ledger says' using errcode = 'check_violation', constraint = 'pay_payments_reconciled';
    end if;
    return null;
end $$;
create constraint trigger reconcile after insert on expert_panels.pay_payments deferrable initially deferred
    for each row execute function expert_panels.reconcile_payment();
create constraint trigger reconcile after insert on expert_panels.pay_payment_claims deferrable initially deferred
    for each row execute function expert_panels.reconcile_payment();

-- The ledgers -----------------------------------------------------------------------------------------------------

-- What may follow what. Two who act at the same moment write the same step, and the second is refused.
create function expert_panels.check_offer_entry() returns trigger language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
    last record;
begin
    select e.step, e.act into last from expert_panels.pay_offer_entries e
    where e.network_id = new.network_id and e.offer_id = new.offer_id order by e.step desc limit 1;
    new.step := coalesce(last.step, 0) + 1;
    if new.act <> all (case coalesce(last.act, '')
        when '' then array['offered']
        when 'offered' then array['accepted', 'reduced', 'donated', 'declined', 'ended']
        -- Minds change, towards less, until it is claimed.
        when 'accepted' then array['reduced', 'donated', 'declined']
        when 'reduced' then array['reduced', 'donated', 'declined']
        else '{}' end) or last.act <> 'offered' and exists (
            select from expert_panels.pay_claim_details c where c.network_id = new.network_id and c.offer_id = new.offer_id
              and c.kind = 'fee' and c.state not in ('rejected', 'withdrawn'))
    then
        raise exception 'an offer that is % cannot be %', last.act, new.act using errcode = 'check_violation', constraint = 'pay_offers_order';
    end if;
    if new.pence > (select o.pence from expert_panels.pay_offers o where o.network_id = new.network_id and o.offer_id = new.offer_id) then
        raise exception 'more than was offered' using errcode = 'check_violation', constraint = 'pay_offers_most';
    end if;
    return new;
end $$;
create trigger check_entry before insert on expert_panels.pay_offer_entries for each row execute function expert_panels.check_offer_entry();

create function expert_panels.check_claim_entry() returns trigger language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
    claim record;
    last record;
begin
    select c.* into claim from expert_panels.pay_claims c where c.network_id = new.network_id and c.claim_id = new.claim_id;
    select e.step, e.act, e.pence, e.entered_by into last from expert_panels.pay_claim_entries e
    where e.network_id = new.network_id and e.claim_id = new.claim_id order by e.step desc limit 1;
    new.step := coalesce(last.step, 0) + 1;
    if new.act <> all (case coalesce(last.act, '')
        when '' then array['claimed']
        when 'claimed' then array['corrected', 'approved_once', 'rejected', 'withdrawn']
        when 'corrected' then array['corrected', 'approved_once', 'rejected', 'withdrawn']
        when 'approved_once' then array['corrected', 'approved', 'rejected', 'withdrawn']
        when 'approved' then array['corrected', 'paid']
        when 'paid' then case when claim.in_advance then array['settled'] else '{}' end
        else '{}' end)
        or new.act in ('approved_once', 'approved', 'paid') and new.pence <> last.pence
    then
        raise exception 'a claim that is % cannot be %', last.act, new.act using errcode = 'check_violation', constraint = 'pay_claims_order';
    end if;
    -- Two people, neither of them the claimant or whoever wrote the claim down for them.
    if new.act in ('corrected', 'approved_once', 'approved', 'rejected', 'paid') and new.entered_by = claim.person_id
        or new.act in ('approved_once', 'approved') and exists (
            select from expert_panels.pay_claim_entries e where e.network_id = new.network_id and e.claim_id = new.claim_id
              and e.step = 1 and e.entered_by = new.entered_by)
        or new.act = 'approved' and new.entered_by = last.entered_by
    then
        raise exception 'two other people approve a claim' using errcode = 'check_violation', constraint = 'pay_claims_two_people';
    end if;
    if new.act in ('corrected', 'rejected', 'settled') and new.words is null then
        raise exception 'no reason' using errcode = 'check_violation', constraint = 'pay_claims_reason';
    end if;
    if new.act = 'claimed' and claim.kind = 'fee' then
        -- Two claims at the same moment wait for each other here.
        perform from kith.people p where p.network_id = claim.network_id and p.person_id = claim.person_id for no key update;
        if exists (
            select from expert_panels.pay_claim_details c where c.network_id = claim.network_id and c.offer_id = claim.offer_id
              and c.kind = 'fee' and c.claim_id <> claim.claim_id and c.state not in ('rejected', 'withdrawn'))
        then
            raise exception 'claimed already' using errcode = 'check_violation', constraint = 'pay_claims_once';
        end if;
    end if;
    return new;
end $$;
create trigger check_entry before insert on expert_panels.pay_claim_entries for each row execute function expert_panels.check_claim_entry();

-- What is in a ledger stays, for its owner too. Only words can be blanked.
create function expert_panels.refuse_pay_change() returns trigger language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
    raise exception 'What was entered about pay stays: nothing in it can be changed or deleted.' using errcode = 'KH409';
end $$;
create trigger append_only before update of network_id, entry_id, offer_id, step, act, pence, entered_by, entered_at or delete or truncate
    on expert_panels.pay_offer_entries for each statement execute function expert_panels.refuse_pay_change();
create trigger append_only before update of network_id, entry_id, claim_id, step, act, pence, entered_by, entered_at or delete or truncate
    on expert_panels.pay_claim_entries for each statement execute function expert_panels.refuse_pay_change();

create view expert_panels.pay_claim_details with (security_invoker = true) as
    select c.*, last.act as state, last.pence, last.words as reason, first.pence as claimed_pence, first.entered_at as claimed_at,
        i.payment_id, y.paid_on, greatest(coalesce(y.paid_on, current_date) - first.entered_at::date, 0) as days,
        first.entered_at::date + p.pay_within_days as due_on,
        last.act in ('claimed', 'corrected', 'approved_once', 'approved') as is_open,
        last.act in ('claimed', 'corrected', 'approved_once', 'approved') and first.entered_at::date + p.pay_within_days < current_date as is_overdue,
        case when last.act = 'settled' then greatest(i.pence - last.pence, 0) when last.act = 'paid' and c.in_advance then i.pence end as unsettled_pence
    from expert_panels.pay_claims c
        join expert_panels.pay_policies p on p.network_id = c.network_id and p.policy_id = c.policy_id
        join expert_panels.pay_claim_entries first on first.network_id = c.network_id and first.claim_id = c.claim_id and first.step = 1
        cross join lateral (
            select * from expert_panels.pay_claim_entries l where l.network_id = c.network_id and l.claim_id = c.claim_id
            order by l.step desc limit 1) last
        left join expert_panels.pay_payment_claims i on i.network_id = c.network_id and i.claim_id = c.claim_id
        left join expert_panels.pay_payments y on y.network_id = i.network_id and y.payment_id = i.payment_id;
grant select on expert_panels.pay_claim_details to kith_app;
