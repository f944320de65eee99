#!lua name=chengxin
-- What is in force now: written by the cache service, read by whoever may ask.
--
--   cx:status:{<pseudonym, 32 hex digits>}   hash: version ("<log generation>.<origin offset>"; offset 0 where the partition
--                                            was split and nothing has happened since), partition (of credit.status),
--                                            until (latest end, "" for none), entries, records (JSON arrays), linked (the
--                                            other pseudonym of the same subject, under which it all stands; or no such field)
--   cx:asof:<partition>                      hash: generation, next (offset in credit.status to be read next), tick,
--                                            received_to (ms since 1970), virtual ("1": the log runs on virtual time)
--   cx:later:<partition>                     sorted set: keys written before the first tick told whether the log is a wall
--                                            log (after a loss of Redis), by the time at which they may then expire
--
-- Loaded by the cache service with FUNCTION LOAD REPLACE.

-- "1.42" -> 1, 42; nothing -> -1, -1.
local function version_of(text)
    if not text then
        return -1, -1
    end
    local generation, offset = string.match(text, '^(%d+)%.(%d+)$')
    return tonumber(generation) or -1, tonumber(offset) or -1
end

-- On a wall log a key expires at its latest end; what has none, or whose end is not to be acted on, stays.
local function expire(key, kind, ends, existed)
    if kind == '0' and ends ~= '' then
        redis.call('PEXPIREAT', key, ends)
    elseif existed then
        redis.call('PERSIST', key)
    end
end

-- KEYS: the partition's cx:asof, then one cx:status for each subject.
-- ARGV: generation, partition, next, tick ("" for none), received_to, virtual; then for each subject: origin offset, latest
-- end in ms ("" for none), the same as a date, entries, records, linked ("" for none).
-- Writes what is newer than what is there, and the watermark, in one step. A call of an older log is refused whole. Keys
-- expire on a wall log only, which the ticks tell.
local function cx_apply(keys, args)
    local generation, partition = tonumber(args[1]), args[2]
    local asof = redis.call('HMGET', keys[1], 'generation', 'next', 'tick', 'virtual')
    local stands = tonumber(asof[1] or -1)
    if stands > generation then
        return redis.error_reply('OLDLOG the cache holds a later log')
    end
    local kind = args[4] ~= '' and args[6] or asof[4] -- '0' wall, '1' virtual, false: not known yet
    local later = 'cx:later:' .. partition
    local waiting = redis.call('EXISTS', later) == 1
    local written = 0
    local prefix = args[1] .. '.'
    local length, call, sub = #prefix, redis.call, string.sub -- looked up once, not for each row
    for i = 2, #keys do
        local key, at = keys[i], 7 + (i - 2) * 6
        local was = call('HMGET', key, 'version', 'until', 'linked', 'partition')
        local stood = was[1]
        local older, same = not stood, false
        if stood and sub(stood, 1, length) == prefix and was[4] and was[4] ~= partition then
            older = tonumber(partition) > tonumber(was[4]) -- where partitions are split, a subject moves upward alone
        elseif stood and sub(stood, 1, length) == prefix then
            same = true
            older = tonumber(args[at]) >= tonumber(sub(stood, length + 1))
        elseif stood then
            older = generation > version_of(stood)
        end
        if older then
            local ends, until_day = args[at + 1], args[at + 2]
            local version = prefix .. args[at]
            if same and was[2] == until_day then
                call('HSET', key, 'version', version, 'entries', args[at + 3], 'records', args[at + 4])
            else
                call('HSET', key, 'version', version, 'partition', partition, 'until', until_day, 'entries', args[at + 3],
                    'records', args[at + 4])
            end
            if args[at + 5] ~= '' then
                call('HSET', key, 'linked', args[at + 5])
            elseif was[3] then
                call('HDEL', key, 'linked')
            end
            if was[2] ~= until_day then -- else it expires then already, or waits to be told
                expire(key, kind, ends, was[1])
                if not kind and ends ~= '' then
                    redis.call('ZADD', later, ends, key)
                    waiting = true
                elseif waiting then
                    redis.call('ZREM', later, key)
                end
            end
            written = written + 1
        end
    end
    if waiting and kind == '0' then
        local due = redis.call('ZPOPMIN', later, 500)
        for i = 1, #due, 2 do
            if redis.call('HGET', due[i], 'partition') == partition then -- else another partition has it by now
                redis.call('PEXPIREAT', due[i], due[i + 1])
            end
        end
    elseif waiting and kind then
        redis.call('DEL', later)
    end
    if generation > stands or tonumber(args[3]) > tonumber(asof[2] or -1) then
        redis.call('HSET', keys[1], 'generation', args[1], 'next', args[3])
    end
    if args[4] ~= '' and (generation > stands or tonumber(args[4]) >= tonumber(asof[3] or -1)) then
        redis.call('HSET', keys[1], 'tick', args[4], 'received_to', args[5], 'virtual', args[6])
    end
    return written
end

-- The date in China (UTC+8) of a time in ms: "2027-06-01".
local function date_of(ms)
    local days = math.floor((ms + 28800000) / 86400000) + 719468
    local era = math.floor(days / 146097)
    local doe = days - era * 146097
    local yoe = math.floor((doe - math.floor(doe / 1460) + math.floor(doe / 36524) - math.floor(doe / 146096)) / 365)
    local doy = doe - (365 * yoe + math.floor(yoe / 4) - math.floor(yoe / 100))
    local mp = math.floor((5 * doy + 2) / 153)
    local day = doy - math.floor((153 * mp + 2) / 5) + 1
    local month = mp < 10 and mp + 3 or mp - 9
    local year = yoe + era * 400 + (month <= 2 and 1 or 0)
    return string.format('%04d-%02d-%02d', year, month, day)
end

-- Those of a JSON array that have not ended: `until` is the first day on which one no longer stands.
local function standing(json, today)
    local kept = {}
    for _, item in ipairs(cjson.decode(json)) do
        if type(item['until']) ~= 'string' or item['until'] > today then
            kept[#kept + 1] = item
        end
    end
    if #kept == 0 then
        return '[]'
    end
    -- An empty list comes back from cjson as an object; a quote inside a string is escaped, so this finds no other.
    return (string.gsub(cjson.encode(kept), '"measures":{}', '"measures":[]'))
end

-- KEYS: one cx:status. Returns a JSON object: version, tick and received_to of its partition (null where nothing is known),
-- today, entries and records without those that have ended by now: by the tick, or on a wall log by the later of tick
-- and this server's clock, so that nothing is shown past its end even if the pipeline stands still; linked_to where it all
-- stands under another pseudonym, which is to be asked then. false: no such key.
local function cx_status(keys, _)
    local row = redis.call('HMGET', keys[1], 'version', 'partition', 'entries', 'records', 'linked')
    if not row[1] then
        return false
    end
    local asof = redis.call('HMGET', 'cx:asof:' .. row[2], 'generation', 'tick', 'received_to', 'virtual')
    local generation = version_of(row[1])
    if asof[1] and tonumber(asof[1]) > generation then
        return false -- of a log that is no more
    end
    local now = tonumber(asof[2] or 0)
    if asof[4] ~= '1' then
        local clock = redis.call('TIME')
        now = math.max(now, clock[1] * 1000 + math.floor(clock[2] / 1000))
    end
    local today = date_of(now)
    local linked = row[5] and ',"linked_to":"' .. row[5] .. '"' or ''
    return string.format('{"version":"%s","tick":%s,"received_to":%s,"today":"%s","entries":%s,"records":%s%s}', row[1],
        asof[2] or 'null', asof[3] or 'null', today, standing(row[3], today), standing(row[4], today), linked)
end

-- KEYS: cx:asof of a partition. Returns generation and next, both "" where there is none.
local function cx_watermark(keys, _)
    local asof = redis.call('HMGET', keys[1], 'generation', 'next')
    return { asof[1] or '', asof[2] or '' }
end

redis.register_function('cx_apply', cx_apply)
redis.register_function { function_name = 'cx_status', callback = cx_status, flags = { 'no-writes' } }
redis.register_function { function_name = 'cx_watermark', callback = cx_watermark, flags = { 'no-writes' } }
