-- One organisation by its identifier, behind the door: what GET /v1/networks/{network}/organisations/{organisation} sends.
-- :words are parameters of prepared statements, in pgbench as in FastAPI. Nulls are written out, since pgbench has none to bind.
select kith.enter(:secret, :scope, :network, :roles, :anywhere, null, null);
select organisation_id as id, name, kind, board_members, board_lived_experience,
    kith.is_user_led(board_members, board_lived_experience) as user_led, version, created_at
from kith.organisations where organisation_id = :organisation;
