"""The inbox with 100,000 tips and a case with 500, over HTTP: `python -m benchmarks.inbox [TIPS] [REQUESTS]`.

Starts a whole platform with the demo county in a temporary folder, fills it by SQL, signs in as a commander and asks
for the pages one after the other. Prints a Markdown section; exit code 1 when a target is missed.
"""

from __future__ import annotations

import asyncio
import re
import statistics
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import asyncpg
import httpx

from tipline.datafolder import DataFolder
from tipline.demo.throwaway import RunningPlatform, started_platform
from tipline.settings import ADMIN_USER

INBOX_MS = 150
CASE_MS = 250
TIPS_OF_THE_CASE = 500
# Of a county's tips over the years most are decided: one in ten waits, half of the decided have files and a suggestion.
FILL = """
INSERT INTO receipt (id, locator, salt, verifier, request_sha256, created_at)
SELECT gen_random_uuid(), lpad((n % 10000)::text, 4, '0'), decode(md5(n::text), 'hex'), decode(md5(n::text), 'hex'),
       'bench' || n, now() - n * interval '7 minutes' FROM generate_series(1, {tips}) n;
INSERT INTO tip (id, receipt, alias, channel, language, story, happened_from, place_text, latitude, longitude, datum,
                 plate_text, vehicle_type, vehicle_colour, received_at, state, decided_by, decided_at, decline_reason)
SELECT gen_random_uuid(), r.id, (ARRAY['青松', '翠竹', '红梅', '白杨'])[1 + n % 4] || ' 明月' || n, 'web', 'zh-CN',
       '在' || (ARRAY['人和路', '金城路', '鱼邱湖', '官道街', '滨湖路'])[1 + n % 5] || '看到一辆'
       || (ARRAY['白色', '黑色', '银色', '红色'])[1 + n % 4] || (ARRAY['货车', '轿车', '面包车'])[1 + n % 3]
       || '撞了骑电动车的人以后向东逃走，车头右侧大灯碎了，后面有人追了一段没有追上。编号' || n,
       r.created_at - interval '1 hour',
       (ARRAY['人和路与金城路口', '鱼邱湖南岸', '官道街北口', '滨湖路加油站'])[1 + n % 4] || n % 37,
       36.86 + (n % 90) * 0.001, 116.23 + (n % 70) * 0.001, 'wgs84', '鲁P' || lpad((n * 7919 % 100000)::text, 5, '0'),
       (ARRAY['car', 'van', 'light_truck'])[1 + n % 3], (ARRAY['white', 'black', 'silver'])[1 + n % 3], r.created_at,
       CASE WHEN n % 10 = 0 THEN 'received' WHEN n % 10 < 7 THEN 'accepted' ELSE 'declined' END,
       CASE WHEN n % 10 > 0 THEN o.id END, CASE WHEN n % 10 > 0 THEN r.created_at + interval '1 hour' END,
       CASE WHEN n % 10 >= 7 THEN 'other' END
FROM generate_series(1, {tips}) n JOIN receipt r ON r.request_sha256 = 'bench' || n,
     (SELECT id FROM officer WHERE role = 'intake_officer' LIMIT 1) o;
INSERT INTO tip_event (id, tip, number, deed, officer, happened_at)
SELECT gen_random_uuid(), id, 1, state, decided_by, decided_at FROM tip WHERE decided_at IS NOT NULL
ON CONFLICT DO NOTHING;
INSERT INTO evidence_item (id, deposit, object_key, media_type, size_bytes, sha256, sm3, state, received_at, sealed_at)
SELECT gen_random_uuid(), t.id, 'bench/' || t.id, 'image/jpeg', 1, encode(sha256(t.id::text::bytea), 'hex'),
       encode(sha256(t.id::text::bytea), 'hex'), 'sealed', received_at, received_at FROM tip t
WHERE right(alias, 1) IN ('0', '2', '4', '6', '8');
INSERT INTO tip_file (id, tip, item, role, position, examination)
SELECT gen_random_uuid(), deposit, id, 'photo', 1, 'examined' FROM evidence_item WHERE object_key LIKE 'bench/%';
INSERT INTO link_suggestion (id, tip, "case", match_weight, reasons, model, state, created_at)
SELECT gen_random_uuid(), t.id, c.id, 5.5, '[]', 'bench', 'proposed', t.received_at
FROM tip t, (SELECT id FROM case_file WHERE state = 'open' ORDER BY recorded_at DESC LIMIT 1) c
WHERE t.state = 'received' AND right(t.alias, 2) IN ('10', '30', '50', '70', '90') ON CONFLICT DO NOTHING;
INSERT INTO link (id, tip, "case", decided_by, decided_at)
SELECT gen_random_uuid(), t.id, c.id, t.decided_by, t.decided_at
FROM (SELECT * FROM tip WHERE state = 'accepted' AND NOT is_demo ORDER BY received_at LIMIT {linked}) t,
     (SELECT id FROM case_file WHERE state = 'open' ORDER BY recorded_at LIMIT 1) c ON CONFLICT DO NOTHING"""
BIG_CASE = """SELECT "case" FROM link GROUP BY "case" ORDER BY count(*) DESC LIMIT 1"""


@dataclass(frozen=True, slots=True)
class Measured:
    """One page: its times in milliseconds, and the most that 95 of 100 may take, where that was promised."""

    name: str
    times: list[float]
    target: int | None = None

    @property
    def p95(self) -> float:
        """95 of 100 requests took at most this, in ms."""
        return statistics.quantiles(self.times, n=20, method="inclusive")[-1]


async def fill(data: Path, tips: int) -> tuple[str, str]:
    """Put the tips into the database, and return the ids of the case with most tips and of a tip that waits."""
    folder = DataFolder(data)
    secret = (folder.secrets / "database_admin").read_text(encoding="utf-8").strip()
    connection = await asyncpg.connect(folder.database_url, user=ADMIN_USER, password=secret)
    try:
        await connection.execute("SET session_replication_role = replica")
        await connection.execute(FILL.format(tips=tips, linked=TIPS_OF_THE_CASE))
        await connection.execute("VACUUM ANALYZE")
        case = await connection.fetchval(BIG_CASE)
        tip = await connection.fetchval("SELECT id FROM tip WHERE state = 'received' AND NOT is_demo LIMIT 1")
    finally:
        await connection.close()
    return str(case), str(tip)


def sign_in(client: httpx.Client, live: RunningPlatform) -> None:
    username, password = live.sign_in_of("commander")
    action = re.search(r'action="(/sign-in\?csrf=[0-9a-f]+)"', client.get("/sign-in").text)
    assert action
    answer = client.post(action[1], data={"username": username, "password": password})
    assert answer.is_redirect, answer.status_code


def measure(client: httpx.Client, name: str, address: str, requests: int, target: int | None = None) -> Measured:
    """Ask for a page `requests` times, after five that do not count."""
    times = []
    for at in range(requests + 5):
        began = time.perf_counter()
        client.get(address).raise_for_status()
        if at >= 5:  # noqa: PLR2004  the first five warm caches and connections
            times.append((time.perf_counter() - began) * 1000)
    return Measured(name, times, target)


def main() -> int:
    """Print the section."""
    tips = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    requests = int(sys.argv[2]) if len(sys.argv) > 2 else 200  # noqa: PLR2004  the second argument
    with started_platform() as live:
        assert live.data
        case, tip = asyncio.run(fill(live.data, tips))
        with httpx.Client(base_url=live.staff_url, timeout=60) as client:
            sign_in(client, live)
            found = [
                measure(client, "inbox, as it opens", "/inbox", requests, INBOX_MS),
                measure(client, "inbox, page 20", "/inbox?page=20", requests // 4),
                measure(client, "inbox, all states", "/inbox?state=", requests // 4),
                measure(client, "inbox, two words", "/inbox?state=&q=银色面包车", requests // 4),
                measure(client, "inbox, a rare number", "/inbox?state=&q=编号77", requests // 4),
                measure(client, "inbox, with a suggestion", "/inbox?suggested=1", requests // 4),
                measure(client, "preview of a tip", f"/tips/{tip}/preview", requests // 4),
                measure(client, f"case with {TIPS_OF_THE_CASE} tips, overview", f"/cases/{case}", requests, CASE_MS),
                measure(
                    client, f"case with {TIPS_OF_THE_CASE} tips, its tips", f"/cases/{case}/tips", requests, CASE_MS
                ),
            ]
    print(f"## Inbox with {tips} tips, and a case with {TIPS_OF_THE_CASE}\n")
    print("Over HTTP on one connection, the whole platform on this machine; milliseconds.\n")
    print("| page | target p95 | p95 | median |\n|---|---|---|---|")
    for one in found:
        target = f"{one.target}" if one.target else ""
        print(f"| {one.name} | {target} | {one.p95:.0f} | {statistics.median(one.times):.0f} |")
    return 0 if all(one.target is None or one.p95 <= one.target for one in found) else 1


if __name__ == "__main__":
    sys.exit(main())
