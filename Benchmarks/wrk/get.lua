-- Reads organisations by identifier, in random order. KITH_BENCH_IDS names a file with one identifier a line.
dofile(os.getenv("KITH_BENCH_WRK") .. "/report.lua")

local requests = {}

function init()
    math.randomseed(tonumber(tostring({}):match("0x(%x+)"), 16) % 2 ^ 31)
    local headers = { ["Authorization"] = "Bearer " .. os.getenv("KITH_BENCH_TOKEN") }
    for id in io.lines(os.getenv("KITH_BENCH_IDS")) do
        requests[#requests + 1] = wrk.format("GET", wrk.path .. "/" .. id, headers)
    end
end

function request()
    return requests[math.random(#requests)]
end
