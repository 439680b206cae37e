-- A seat ends when the person who holds it withdraws. Without a reason: there is no column for one.
alter table expert_panels.seats add column ended_at timestamptz;
grant update (ended_at) on expert_panels.seats to kith_app;

create or replace view expert_panels.seat_details with (security_invoker = true) as
    select s.network_id, s.seat_id, s.draw_id, s.volunteer_id, s.part, s.place, s.created_at, d.panel_id, v.reference, s.ended_at
    from expert_panels.seats s join expert_panels.draw_details d using (network_id, draw_id)
        join expert_panels.volunteers v using (network_id, volunteer_id);
