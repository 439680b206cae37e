-- A page of 50 organisations and one more, which shows whether there is a next page, behind the door:
-- what GET /v1/networks/{network}/organisations sends.
select kith.enter(:secret, :scope, :network, :roles, :anywhere, null, null);
select organisation_id as id, name, kind, board_members, board_lived_experience,
    kith.is_user_led(board_members, board_lived_experience) as user_led, version, created_at
from kith.organisations
where network_id = kith.current_network()
order by organisation_id limit :limit;
