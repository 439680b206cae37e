-- A new organisation with its audit entry and its event, behind the door: what POST /v1/networks/{network}/organisations sends.
-- Kith makes the two identifiers itself and binds them; pgbench has none to bind, so here the database makes them.
select kith.enter(:secret, :scope, :network, :roles, :anywhere, null, null);
with changed as (
    insert into kith.organisations (network_id, organisation_id, name, kind, board_members, board_lived_experience)
    values (:network, kith.new_id(), :name, :kind, :board_members, :board_lived_experience)
    returning organisation_id as id, name, kind, board_members, board_lived_experience,
        board_lived_experience * 2 > board_members and board_lived_experience * 100 >= board_members * (
        select n.user_led_percent from kith.networks n where n.network_id = kith.current_network()) as user_led, version, created_at),
audited as (
    insert into kith.audit_entries (network_id, entry_id, account_id, person_id, action, subject_id, request_id)
    select kith.current_ledger(), kith.new_id(), kith.current_account(), kith.current_person(), :action, changed.id, kith.new_id()
    from changed),
published as (
    insert into kith.events (network_id, event_id, kind, subject_id, person_id)
    select kith.current_network(), kith.new_id(), :action, changed.id, null::uuid
    from changed where kith.current_network() is not null)
select * from changed;
