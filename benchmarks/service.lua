-- Asks with the bodies of a file, one a line, in turn; says what was measured as one line of JSON.
-- BODIES names the file, START the body to begin behind.
local bodies = {}
for line in io.lines(os.getenv("BODIES")) do bodies[#bodies + 1] = line end
local at = tonumber(os.getenv("START"))

wrk.method = "POST"
wrk.headers["Content-Type"] = "application/json"

request = function()
  at = at % #bodies + 1
  return wrk.format(nil, nil, nil, bodies[at])
end

done = function(summary, latency, requests)
  local errors = summary.errors
  io.write(string.format(
    '\n{"requests":%d,"seconds":%f,"p50":%f,"p99":%f,"bad":%d}\n',
    summary.requests, summary.duration / 1e6, latency:percentile(50) / 1e3, latency:percentile(99) / 1e3,
    errors.connect + errors.read + errors.write + errors.status + errors.timeout))
end
