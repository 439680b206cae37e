-- One organisation by its identifier, behind the door: what GET /v1/networks/{network}/organisations/{organisation} sends.
-- :words are parameters of prepared statements, in pgbench as in FastAPI. Nulls are written out, since pgbench has none to bind.
select kith.enter(:secret, :scope, :network, :roles, :anywhere, null, null);
select organisation_id as id, name, kind, board_members, board_lived_experience,
    board_lived_experience * 2 > board_members and board_lived_experience * 100 >= board_members * (
        select n.user_led_percent from kith.networks n where n.network_id = kith.current_network()) as user_led, version, created_at
from kith.organisations where organisation_id = :organisation;
