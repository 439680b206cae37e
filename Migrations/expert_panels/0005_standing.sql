-- What is settled about somebody before the draw: they hold a seat already, or take no part, for a reason that they are told.
alter table expert_panels.pool_members
    add column standing text not null default 'open' check (standing in ('open', 'seated', 'excluded')),
    add column reason text check (length(reason) between 1 and 500),
    add constraint pool_members_exclusion_check check ((standing = 'excluded') = (reason is not null));
-- The draw whose seats that are still held count as taken: only the others are drawn.
alter table expert_panels.pools
    add column after_draw_id uuid,
    add constraint pools_after_draw_fkey foreign key (network_id, after_draw_id) references expert_panels.draws;

create or replace view expert_panels.pool_details with (security_invoker = true) as
    select p.network_id, p.pool_id, p.opportunity_id, p.seats, p.one_per_household, p.volunteers, p.targets, p.hash, p.frozen_by, p.frozen_at,
        o.panel_id, p.after_draw_id,
        (select count(*) from expert_panels.pool_members m
         where m.network_id = p.network_id and m.pool_id = p.pool_id and m.standing = 'seated') as seated,
        (select count(*) from expert_panels.pool_members m
         where m.network_id = p.network_id and m.pool_id = p.pool_id and m.standing = 'excluded') as excluded
    from expert_panels.pools p join expert_panels.opportunities o using (network_id, opportunity_id);
