-- Reads the first page of organisations.
dofile(os.getenv("KITH_BENCH_WRK") .. "/report.lua")

function init()
    wrk.headers["Authorization"] = "Bearer " .. os.getenv("KITH_BENCH_TOKEN")
    page = wrk.format("GET", wrk.path .. "?limit=50")
end

function request()
    return page
end
