-- What came of an expression of interest: a reserve who took up a seat has one, and whoever let an offer run out has none any more.
create or replace view expert_panels.interest_details with (security_invoker = true) as
    select i.*, o.panel_id, o.title as call_title, c.name, c.contact, e.reason as left_out_because, e.stage as left_out_at,
        case when i.withdrawn_at is not null then 'withdrawn' when i.sent_at is null then 'draft' when e.exclusion_id is not null then 'left_out'
             when s.ended_at is not null or v.state = 'expired' then 'ended' when v.state = 'accepted' then 'seat'
             when s.part is not null then s.part when d.drawn_at is not null then 'not_drawn' else 'sent' end as state
    from expert_panels.interests i join expert_panels.opportunities o using (network_id, opportunity_id)
        left join expert_panels.interest_contacts c using (network_id, interest_id)
        left join expert_panels.exclusions e on e.network_id = i.network_id and e.volunteer_id = i.volunteer_id and e.lifted_at is null
        left join lateral (
            select w.* from expert_panels.pool_members m join expert_panels.draws w using (network_id, pool_id)
            where m.network_id = i.network_id and m.volunteer_id = i.volunteer_id and w.drawn_at is not null
            order by w.drawn_at desc limit 1) d on true
        left join expert_panels.seats s on s.network_id = i.network_id and s.draw_id = d.draw_id and s.volunteer_id = i.volunteer_id
        left join expert_panels.seat_invitation_details v on v.network_id = s.network_id and v.seat_id = s.seat_id;

-- One function says that whoever has withdrawn is not asked again, for seats and for pay alike.
drop trigger respect_withdrawal on expert_panels.pay_offers;
drop function expert_panels.respect_withdrawal_in_pay;
create trigger ask_nobody_who_withdrew before insert on expert_panels.pay_offers
    for each row execute function expert_panels.ask_nobody_who_withdrew();
