"""Writes the figures into docs/peers.md (between its marks) and draws docs/peers.svg."""
import math
import os
import platform
from html import escape
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
DOCUMENT, PLOT = ROOT / "docs/peers.md", ROOT / "docs/peers.svg"
BEGIN, END = "<!-- figures: peers -->", "<!-- end of figures -->"
TITLES = {"rt": "request-tracker5", "directus": "directus", "motcua": "motcua"}
# work: what it is called, what of the peers stands for it, and what of PostgreSQL alone stands beside it.
ROWS = (
    ("create", "create, 16 clients", "create"), ("create1", "create, 1 client", None), ("read", "read by API, 16 clients", "read"),
    ("page", "the case as a page, 8 clients", None), ("list", "list 25 by status and deadline, 16 clients", None),
    ("list_indexed", "the same, with an index added by hand", "list_indexed"), ("search_one", "search a word of one case, 4 clients", "search_one"),
    ("search_many", "search a word of about 200 cases, 4 clients", "search_many"))


def first_line(path, key):
    for line in Path(path).read_text().splitlines():
        if line.startswith(key):
            return line.split(":" if ":" in line else "=", 1)[1].strip().strip('"')
    return "?"


def machine(folder):
    memory = int(first_line("/proc/meminfo", "MemTotal").split()[0]) / (1 << 20)
    mounts = [line.split()[1:3] for line in Path("/proc/mounts").read_text().splitlines()]
    disk = max((m for m in mounts if os.path.commonpath([m[0], folder]) == m[0]), key=lambda m: len(m[0]))[1]
    return {"cpu": first_line("/proc/cpuinfo", "model name"), "cores": os.cpu_count(), "memory_gib": round(memory, 1), "file_system": disk,
            "system": f"{first_line('/etc/os-release', 'PRETTY_NAME')}, Linux {platform.release()}"}


def large(value):
    return f"{value:,.0f}" if value >= 100 else f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def table(head, rows):
    return "\n".join(["| " + " | ".join(r) + " |" for r in (head, ["---"] + ["---:"] * (len(head) - 1), *rows)])


def work_of(side, work):
    """Our list needs no index of anybody's hand: its row is the same one."""
    return side["works"].get("list" if work == "list_indexed" and side["name"] == "motcua" else work)


def by_name(r):
    return {side["name"]: side for side in r["sides"]}


def best_peer(sides, work):
    rates = [one["per_s"] for name, side in sides.items() if name != "motcua" and (one := work_of(side, work))]
    return max(rates, default=0)


def rates(r):
    sides, rows = by_name(r), []
    bounds = {k: v for side in r["sides"] for k, v in side["bounds"].items()}
    for work, title, bound in ROWS:
        found = {name: work_of(side, work) for name, side in sides.items()}
        cells = [f"{large(one['per_s'])} ({large(one['p50_ms'])} ms)" if one else "-" for one in found.values()]
        best, ours = best_peer(sides, work), found.get("motcua")
        rows.append([title, *cells, f"{large(ours['per_s'] / best)} times" if ours and best else "", large(bounds[bound]) if bound in bounds else ""])
    return table(["a second (p50)", *(TITLES[name] for name in sides), "ours beside the best peer", "PostgreSQL alone"], rows)


def costs(r):
    sides = by_name(r)
    rows = [[title, *(f"{one['cpu_ms']:.2f}" if (one := work_of(side, work)) else "-" for side in sides.values())] for work, title, _ in ROWS]
    return table(["milliseconds of a core for each request", *(TITLES[name] for name in sides)], rows)


def at_rest(r):
    sides = r["sides"]
    rows = [
        ["memory idle, without its database (PSS, MiB)", *(large(s["idle_mib"]["own"]) for s in sides)],
        ["memory idle, with it", *(large(s["idle_mib"]["all"]) for s in sides)],
        ["memory at most while measured, with it", *(large(s["peak_mib"]) for s in sides)],
        ["cold start until the first right answer, seconds", *(f"{s['start_s']:.2f}" for s in sides)],
        ["making and loading the cases, seconds", *(large(s["loaded_s"]) for s in sides)],
        ["cases at the end", *(f"{s['cases']:,}" for s in sides)],
        ["answers measured", *(f"{sum(w['all_requests'] for w in s['works'].values()):,}" for s in sides)],
        ["of them failed (status, connection or time)", *(f"{sum(w['all_failures'] for w in s['works'].values()):,}" for s in sides)],
    ]
    return table(["at rest and in all", *(TITLES[s["name"]] for s in sides)], rows)


def spread(r):
    sides = by_name(r)
    rows = [[title, *(", ".join(large(x) for x in one["runs"]) if (one := work_of(side, work)) else "-" for side in sides.values())] for work, title, _ in ROWS]
    return table(["a second, each run", *(TITLES[name] for name in sides)], rows)


def figures(r):
    m = r["machine"]
    versions = "; ".join(side["version"] for side in r["sides"])
    return "\n\n".join([
        f"Measured on {r['day']} in one run of {r['took_s'] / 60:.0f} minutes: {m['cpu']}, {m['cores']} cores, {m['memory_gib']} GiB; {m['system']}; {m['file_system']}. "
        f"{versions}. {r['count']:,} cases in each; wrk on the same cores; after a warm-up the median of {r['rounds']} runs of {r['seconds']} seconds (longer where "
        f"fewer than 30 answers would come). Load average {r['load'][0]:.1f} before and {r['load'][1]:.1f} after.",
        rates(r), "![Requests a second of each side](peers.svg)", costs(r), at_rest(r), spread(r)])


# ---- the plot ----

WIDTH, BAR, LEFT, RIGHT = 760, 16, 240, 120
COLOURS = {"rt": "#b45309", "directus": "#6366f1", "motcua": "#0f766e"}
LOW, HIGH = 1, 1e5


def place(value):
    part = (math.log10(min(max(value, LOW), HIGH)) - math.log10(LOW)) / (math.log10(HIGH) - math.log10(LOW))
    return LEFT + part * (WIDTH - LEFT - RIGHT)


def text(x, y, words, anchor="start", weight="normal", fill="#1f2937"):
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" font-weight="{weight}" fill="{fill}">{escape(words)}</text>'


def legend(sides):
    out, x = [], LEFT
    for side in sides:
        out.append(f'<rect x="{x}" y="14" width="12" height="12" fill="{COLOURS[side["name"]]}"/>' + text(x + 18, 25, TITLES[side["name"]]))
        x += 160
    return "".join(out)


def plot(r):
    parts, y = [text(0, 25, "Answers a second", weight="bold"), legend(r["sides"])], 44
    for work, title, _ in ROWS:
        shown = [(side["name"], one) for side in r["sides"] if (one := work_of(side, work))]
        first, *rest = title.split(", ", 1)
        parts.append(text(0, y + 14, first, weight="bold") + (text(0, y + 32, rest[0], fill="#6b7280") if rest else ""))
        for i, (name, one) in enumerate(shown):
            top = y + 2 + i * (BAR + 2)
            end = place(one["per_s"])
            parts.append(f'<rect x="{LEFT}" y="{top}" width="{end - LEFT:.1f}" height="{BAR}" fill="{COLOURS[name]}"/>' + text(end + 6, top + 13, large(one["per_s"])))
        y += max(2, len(shown)) * (BAR + 2) + 16
    grid = "".join(f'<path d="M{place(10**e):.1f} 38V{y}" stroke="#e5e7eb"/>' + text(place(10**e), y + 16, f"{10**e:,}", "middle", fill="#6b7280") for e in range(6))
    return (f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="-12 -4 {WIDTH + 24} {y + 34}" font-family="sans-serif" font-size="14">'
            f'<rect x="-12" y="-4" width="{WIDTH + 24}" height="{y + 34}" fill="#fff"/>{grid}{"".join(parts)}</svg>\n')


def write(r):
    before, rest = DOCUMENT.read_text().split(BEGIN, 1)
    DOCUMENT.write_text(f"{before}{BEGIN}\n\n{figures(r)}\n\n{END}{rest.split(END, 1)[1]}")
    PLOT.write_text(plot(r))
