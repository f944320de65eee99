-- The table at the end of ./ops/up: what became of what the departments sent. From PostgreSQL alone.
\pset footer off
\pset border 0
\pset null ''
CREATE TEMP VIEW sent AS
    SELECT * FROM history.events
    WHERE origin_index = 0 AND cause_partition IS NULL AND kind NOT IN ('Tick', 'Activation', 'Queried');
CREATE TEMP VIEW newest AS
    SELECT DISTINCT ON (generation, entry) * FROM history.entries ORDER BY generation, entry, version DESC, known_at DESC;

SELECT what AS "what departments sent", count(*) AS events FROM (
    SELECT CASE verdict WHEN 'OK' THEN 'accepted' ELSE 'refused by ' || coalesce(d.stage, 'a later stage') END AS what
    FROM sent s LEFT JOIN history.dead_letters d USING (generation, department, inbound_partition, inbound_offset)
    UNION ALL
    SELECT 'refused by intake' FROM history.dead_letters WHERE stage = 'intake') w
GROUP BY what ORDER BY what;

SELECT reason AS "refused because", count(*) AS events FROM history.dead_letters GROUP BY reason ORDER BY 2 DESC, 1;

SELECT state AS "list entries by state", count(*) AS entries, count(DISTINCT subject) AS subjects FROM newest GROUP BY state ORDER BY 2 DESC, 1;

SELECT list AS "in force", grade, count(*) AS entries FROM newest WHERE state = 'IN_FORCE' GROUP BY 1, 2 ORDER BY 3 DESC, 1, 2;

SELECT kind AS "notices to departments", count(*) AS notices, count(DISTINCT department) AS departments, count(DISTINCT measure) AS measures
FROM history.notices GROUP BY kind ORDER BY 2 DESC, 1;
