-- Adds organisations, each with a name of its own. KITH_BENCH_RUN differs from run to run.
dofile(os.getenv("KITH_BENCH_WRK") .. "/report.lua")

local threads = 0

function setup(thread)
    threads = threads + 1
    thread:set("number", threads)
end

local count = 0
local headers = { ["Authorization"] = "Bearer " .. os.getenv("KITH_BENCH_TOKEN"), ["Content-Type"] = "application/json" }
local name = "Organisation " .. os.getenv("KITH_BENCH_RUN") .. " "

function request()
    count = count + 1
    return wrk.format("POST", nil, headers,
        '{"name":"' .. name .. number .. "-" .. count .. '","kind":"charity","board_members":9,"board_lived_experience":6}')
end
