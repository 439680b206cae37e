-- What people without a seat or an account still need: what is owed to them, a register that anybody can read, and a reminder in time.

-- The difference of an advance ------------------------------------------------------------------------------------
-- Whoever got money before they spent it says what they spent. Two others approve that, as they approve a claim. What was spent beyond
-- the advance is then added to the next payment; what is left over is taken off the next payments, never more than they come to.

alter table expert_panels.pay_claim_entries drop constraint pay_claim_entries_act_check;
alter table expert_panels.pay_claim_entries add constraint pay_claim_entries_act_check check (
    act in ('claimed', 'corrected', 'approved_once', 'approved', 'rejected', 'withdrawn', 'paid', 'settled', 'carried'));
drop policy own_part on expert_panels.pay_claim_entries;
create policy own_part on expert_panels.pay_claim_entries as restrictive for insert to kith_app
    with check (entered_by = kith.current_person() and exists (
        select from expert_panels.pay_claims c where c.network_id = pay_claim_entries.network_id and c.claim_id = pay_claim_entries.claim_id
          and case
              when act in ('claimed', 'withdrawn', 'settled') then
                  c.person_id = kith.current_person() or kith.holds_role(array['payments_officer'], null)
              when act in ('paid', 'carried') then kith.holds_role(array['payments_officer'], null)
              else kith.holds_role(array['administrator', 'programme_lead', 'payments_officer'], c.panel_id) end));

-- What a payment holds of the difference of an advance: above zero it is added, below zero taken off.
create table expert_panels.pay_payment_differences (
    network_id uuid not null,
    claim_id uuid not null,
    payment_id uuid not null,
    pence bigint not null,
    primary key (network_id, claim_id, payment_id),
    constraint pay_payment_differences_claim_fkey foreign key (network_id, claim_id) references expert_panels.pay_claims,
    constraint pay_payment_differences_payment_fkey foreign key (network_id, payment_id) references expert_panels.pay_payments
);
create index pay_payment_differences_payment_idx on expert_panels.pay_payment_differences (network_id, payment_id);
call kith.isolate('expert_panels.pay_payment_differences');
create policy of_claim on expert_panels.pay_payment_differences as restrictive for select to kith_app
    using (exists (select from expert_panels.pay_claims c
                   where c.network_id = pay_payment_differences.network_id and c.claim_id = pay_payment_differences.claim_id));
create policy paid_by_role on expert_panels.pay_payment_differences as restrictive for insert to kith_app
    with check (kith.holds_role(array['payments_officer'], null));
grant select, insert on expert_panels.pay_payment_differences to kith_app;

create function expert_panels.pounds(pence bigint) returns text language sql immutable parallel safe
    return '£' || to_char(abs(pence)::numeric / 100, 'FM99999999990.00');

-- A claim whose advance was paid is not open again while its difference is: that is shown for itself.
create or replace view expert_panels.pay_claim_details with (security_invoker = true) as
    select c.*, last.act as state, last.pence, last.words as reason, first.pence as claimed_pence, first.entered_at as claimed_at,
        i.payment_id, y.paid_on, greatest(coalesce(y.paid_on, current_date) - first.entered_at::date, 0) as days,
        first.entered_at::date + p.pay_within_days as due_on,
        last.act in ('claimed', 'corrected', 'approved_once', 'approved') and i.payment_id is null as is_open,
        last.act in ('claimed', 'corrected', 'approved_once', 'approved') and i.payment_id is null
            and first.entered_at::date + p.pay_within_days < current_date as is_overdue,
        case when last.act = 'paid' and c.in_advance then i.pence else greatest(-a.remaining, 0) end as unsettled_pence,
        a.remaining as difference_pence,
        case when c.in_advance and last.act = 'paid' then
                format('You got %s before you spent it. Say what you spent, and where the receipt is.', expert_panels.pounds(i.pence))
            when a.remaining is not null then
                format('You got %s and spent %s.', expert_panels.pounds(i.pence), expert_panels.pounds(last.pence))
                || case when d.pence > 0 then format(' %s was added to your payment.', expert_panels.pounds(d.pence))
                        when d.pence < 0 then format(' %s was taken off your payments.', expert_panels.pounds(d.pence)) else '' end
                || case when a.remaining > 0 then format(' %s is still owed to you, and is added to your next payment', expert_panels.pounds(a.remaining))
                        when a.remaining < 0 then format(' %s is left over, and is taken off your next payment', expert_panels.pounds(a.remaining))
                        when d.pence is null then ' Nothing is owed either way' else ' That settles it' end
                || case when a.remaining <> 0 and last.act not in ('approved', 'carried') then ' once two people have approved what you spent.'
                        else '.' end
            end as advance_words
    from expert_panels.pay_claims c
        join expert_panels.pay_policies p on p.network_id = c.network_id and p.policy_id = c.policy_id
        join expert_panels.pay_claim_entries first on first.network_id = c.network_id and first.claim_id = c.claim_id and first.step = 1
        cross join lateral (
            select * from expert_panels.pay_claim_entries l where l.network_id = c.network_id and l.claim_id = c.claim_id
            order by l.step desc limit 1) last
        left join expert_panels.pay_payment_claims i on i.network_id = c.network_id and i.claim_id = c.claim_id
        left join expert_panels.pay_payments y on y.network_id = i.network_id and y.payment_id = i.payment_id
        cross join lateral (
            select sum(f.pence)::bigint as pence from expert_panels.pay_payment_differences f
            where f.network_id = c.network_id and f.claim_id = c.claim_id) d
        cross join lateral (
            select case when c.in_advance and i.payment_id is not null and last.act <> 'paid'
                then last.pence - i.pence - coalesce(d.pence, 0) end as remaining) a;

create or replace view expert_panels.pay_payment_details with (security_invoker = true) as
    select p.*, coalesce(i.claims, 0) as claims, coalesce(i.fees, 0)::bigint as fee_pence, coalesce(i.expenses, 0)::bigint as expense_pence,
        coalesce(d.pence, 0)::bigint as difference_pence
    from expert_panels.pay_payments p left join lateral (
        select count(*) as claims, sum(i.pence) filter (where c.kind = 'fee') as fees, sum(i.pence) filter (where c.kind <> 'fee') as expenses
        from expert_panels.pay_payment_claims i join expert_panels.pay_claims c using (network_id, claim_id)
        where i.network_id = p.network_id and i.payment_id = p.payment_id) i on true
    cross join lateral (
        select sum(f.pence) as pence from expert_panels.pay_payment_differences f
        where f.network_id = p.network_id and f.payment_id = p.payment_id) d;

-- A difference is carried once: whole where it is owed to the person, and up to what is left over where they owe it.
create function expert_panels.check_payment_difference() returns trigger language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
    -- Two payments at the same moment wait for each other here.
    perform from expert_panels.pay_claims c join kith.people p using (network_id, person_id)
    where c.network_id = new.network_id and c.claim_id = new.claim_id for no key update of p;
    if new.pence <> 0 and not exists (
        select from expert_panels.pay_claim_details c
        where c.network_id = new.network_id and c.claim_id = new.claim_id and c.state in ('approved', 'carried')
          and (new.pence = c.difference_pence or new.pence < 0 and new.pence > c.difference_pence))
    then
        raise exception 'not what is left of the advance' using errcode = 'check_violation', constraint = 'pay_payment_differences_remaining';
    end if;
    return new;
end $$;
create trigger check_difference before insert on expert_panels.pay_payment_differences
    for each row execute function expert_panels.check_payment_difference();
create trigger append_only before update or delete or truncate on expert_panels.pay_payment_differences
    for each statement execute function expert_panels.refuse_pay_change();

-- At the end of its transaction a payment, its claims, its differences and the ledger come to the same.
create or replace function expert_panels.reconcile_payment() returns trigger language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
    if exists (
        select from expert_panels.pay_payments p
            cross join lateral (
                select coalesce(sum(i.pence), 0) as listed, coalesce(sum(e.pence), 0) as entered
                from expert_panels.pay_payment_claims i left join expert_panels.pay_claim_entries e
                    on e.network_id = i.network_id and e.claim_id = i.claim_id and e.act = 'paid'
                where i.network_id = p.network_id and i.payment_id = p.payment_id) c
            cross join lateral (
                select coalesce(sum(f.pence), 0) as listed,
                    coalesce(bool_and((
                        select count(*) from expert_panels.pay_claim_entries e
                        where e.network_id = f.network_id and e.claim_id = f.claim_id and e.act = 'carried') = (
                        select count(*) from expert_panels.pay_payment_differences o
                        where o.network_id = f.network_id and o.claim_id = f.claim_id and o.pence <> 0)), true) as is_entered
                from expert_panels.pay_payment_differences f
                where f.network_id = p.network_id and f.payment_id = p.payment_id) d
        where p.network_id = new.network_id and p.payment_id = new.payment_id
          and (p.pence <> c.listed + d.listed or c.listed <> c.entered or not d.is_entered))
    then
        raise exception 'the payment does not come to what the ledger says' using errcode = 'check_violation', constraint = 'pay_payments_reconciled';
    end if;
    return null;
end $$;
create constraint trigger reconcile after insert on expert_panels.pay_payment_differences deferrable initially deferred
    for each row execute function expert_panels.reconcile_payment();

create or replace function expert_panels.check_claim_entry() returns trigger language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
    claim record;
    last record;
    is_paid boolean;
begin
    select c.* into claim from expert_panels.pay_claims c where c.network_id = new.network_id and c.claim_id = new.claim_id;
    select e.step, e.act, e.pence, e.entered_by into last from expert_panels.pay_claim_entries e
    where e.network_id = new.network_id and e.claim_id = new.claim_id order by e.step desc limit 1;
    is_paid := exists (select from expert_panels.pay_claim_entries e
        where e.network_id = new.network_id and e.claim_id = new.claim_id and e.act = 'paid');
    new.step := coalesce(last.step, 0) + 1;
    if new.act <> all (case coalesce(last.act, '')
        when '' then array['claimed']
        when 'claimed' then array['corrected', 'approved_once', 'rejected', 'withdrawn']
        when 'corrected' then array['corrected', 'approved_once', 'rejected', 'withdrawn']
        when 'approved_once' then array['corrected', 'approved', 'rejected', 'withdrawn']
        when 'approved' then array['corrected', case when is_paid then 'carried' else 'paid' end]
        when 'paid' then case when claim.in_advance then array['settled'] else '{}' end
        when 'settled' then array['corrected', 'approved_once']
        when 'carried' then array['carried']
        else '{}' end)
        -- What was paid before stays claimed: of what was spent, only the sum can be corrected.
        or is_paid and new.act in ('rejected', 'withdrawn')
        or new.act in ('approved_once', 'approved', 'paid', 'carried') and new.pence <> last.pence
    then
        raise exception 'a claim that is % cannot be %', last.act, new.act using errcode = 'check_violation', constraint = 'pay_claims_order';
    end if;
    -- Two people, neither of them the claimant or whoever wrote down for them what was claimed or spent.
    if new.act in ('corrected', 'approved_once', 'approved', 'rejected', 'paid', 'carried') and new.entered_by = claim.person_id
        or new.act in ('approved_once', 'approved') and exists (
            select from expert_panels.pay_claim_entries e where e.network_id = new.network_id and e.claim_id = new.claim_id
              and e.act in ('claimed', 'settled') and e.entered_by = new.entered_by)
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

-- The public register ---------------------------------------------------------------------------------------------

-- Panels whose register anybody can read. Off where there is no row.
create table expert_panels.register_publications (
    network_id uuid not null,
    panel_id uuid not null,
    published_by uuid not null,
    published_at timestamptz not null default now(),
    primary key (network_id, panel_id),
    constraint register_publications_panel_fkey foreign key (network_id, panel_id) references expert_panels.panels,
    constraint register_publications_person_fkey foreign key (network_id, published_by) references kith.people
);
create index register_publications_person_idx on expert_panels.register_publications (network_id, published_by);
call kith.isolate('expert_panels.register_publications');
create policy published_by_role on expert_panels.register_publications as restrictive for insert to kith_app
    with check (published_by = kith.current_person() and expert_panels.runs_panel(panel_id));
create policy ended_by_role on expert_panels.register_publications as restrictive for delete to kith_app
    using (expert_panels.runs_panel(panel_id));
create policy doors on expert_panels.register_publications for select to kith_owner using (true);
grant select, insert, delete on expert_panels.register_publications to kith_app;

-- Opens a network to anybody, for a register that is published in it. Of what people sent in, they see nothing.
create function expert_panels.enter_register(secret bytea, network uuid, panel uuid) returns void
    language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
    if not exists (
        select from expert_panels.register_publications p join kith.enabled_plugins e using (network_id)
        where p.network_id = network and p.panel_id = panel and e.plugin = 'expert_panels') then
        raise exception 'no such register' using errcode = 'KH404';
    end if;
    perform set_config('kith.account', '', true), set_config('kith.network', network::text, true), set_config('kith.person', '', true),
            set_config('expert_panels.visitor', 'yes', true), set_config('expert_panels.interest', '', true);
end $$;
revoke execute on function expert_panels.enter_register(bytea, uuid, uuid) from public;
grant execute on function expert_panels.enter_register(bytea, uuid, uuid) to kith_app;

-- Expressions of interest of people with an account ---------------------------------------------------------------

-- Whose it is, is said once: by themselves, or by whoever wrote it down for them.
create function expert_panels.keep_interest_person() returns trigger language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
    if old.person_id is not null or new.person_id is distinct from kith.current_person() then
        raise exception 'This is somebody''s already, or yours alone to link.' using errcode = 'KH409';
    end if;
    return new;
end $$;
create trigger keep_person before update of person_id on expert_panels.interests for each row
    when (old.person_id is distinct from new.person_id) execute function expert_panels.keep_interest_person();

-- With what they said, what was answered to them goes.
create function expert_panels.forget_answers() returns trigger
    language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
    perform kith.forget_answers(new.secret_hash, new.person_id);
    return null;
end $$;
revoke execute on function expert_panels.forget_answers() from public;
create trigger forget_answers after update on expert_panels.interests for each row
    when (old.withdrawn_at is null and new.withdrawn_at is not null) execute function expert_panels.forget_answers();

-- Reminders of seats ----------------------------------------------------------------------------------------------

alter table expert_panels.panel_rules add column reminder_days integer check (reminder_days between 0 and 60);
create or replace view expert_panels.panel_rule_details with (security_invoker = true) as
    select p.network_id, p.panel_id, coalesce(r.invitation_days, 14) as invitation_days, coalesce(r.onboarding_days, 28) as onboarding_days,
        coalesce(r.papers_working_days, 5) as papers_working_days, coalesce(r.minutes_without_break, 90) as minutes_without_break,
        coalesce(r.minutes_quorum_percent, 50) as minutes_quorum_percent, coalesce(r.reminder_days, 3) as reminder_days
    from expert_panels.panels p left join expert_panels.panel_rules r using (network_id, panel_id);

-- When they were reminded of this invitation.
alter table expert_panels.seat_invitations add column reminded_at timestamptz;
grant update (reminded_at) on expert_panels.seat_invitations to kith_app;
