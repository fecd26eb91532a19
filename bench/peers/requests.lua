-- What wrk asks, the same way for everybody: a plan (a Lua table that bench_peers wrote) says method, addresses, headers
-- and body; {n} in headers and body becomes a word that no other request has.
local threads = 0

function setup(thread)
    thread:set("number", threads)
    threads = threads + 1
end

function init(args)
    plan = dofile(args[1])
    run = args[2]
    asked = 0
    math.randomseed(number * 7919 + tonumber(args[3]))
    for i = 1, 10 do math.random() end
end

local function with(text, n)
    return (text:gsub("{n}", n))
end

function request()
    asked = asked + 1
    local path = plan.paths[math.random(#plan.paths)]
    if not plan.body then return wrk.format(plan.method, path, plan.headers) end
    local n, headers = run .. "x" .. number .. "x" .. asked, {}
    for name, value in pairs(plan.headers) do headers[name] = with(value, n) end
    return wrk.format(plan.method, path, headers, with(plan.body, n))
end

function done(summary, latency, requests)
    local errors = summary.errors
    print(string.format('{"requests":%d,"us":%d,"bytes":%d,"p50_ms":%.3f,"p95_ms":%.3f,"p99_ms":%.3f,' ..
        '"failed":{"status":%d,"connect":%d,"read":%d,"write":%d,"timeout":%d}}',
        summary.requests, summary.duration, summary.bytes, latency:percentile(50) / 1000, latency:percentile(95) / 1000,
        latency:percentile(99) / 1000, errors.status, errors.connect, errors.read, errors.write, errors.timeout))
end
