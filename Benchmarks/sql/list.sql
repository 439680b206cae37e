-- A page of 50 organisations and one more, which shows whether there is a next page, behind the door:
-- what GET /v1/networks/{network}/organisations sends. The limit is written out: for a bound one PostgreSQL plans anew at each run.
select kith.enter(:secret, :scope, :network, :roles, :anywhere, null, null);
select organisation_id as id, name, kind, board_members, board_lived_experience,
    board_lived_experience * 2 > board_members and board_lived_experience * 100 >= board_members * (
        select n.user_led_percent from kith.networks n where n.network_id = kith.current_network()) as user_led, version, created_at
from kith.organisations
where network_id = kith.current_network()
order by organisation_id limit 51;
