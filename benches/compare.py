#!/usr/bin/env python3
"""Times the checks of a large election side by side, in one run.

    cargo build --release
    rustc -O --edition 2024 benches/precincts.rs -o target/precincts && target/precincts DIR 10000000
    pip install polars duckdb pandas
    python3 benches/compare.py DIR [--rounds 3] [--bin target/release/scrutineer]

DIR is what the generator wrote: precincts.csv, counties.csv, planted.csv. Each
way runs in a process of its own; the ways take turns, and the median counts.
The other ways do four checks and say how many rows fail each; scrutineer runs
all its rules and places its findings. At the end each planted error is looked
for in its report.
"""

import argparse
import csv
import datetime
import json
import os
import platform
import statistics
import subprocess
import sys
import time

MODES = ["election_day", "early_voting", "absentee", "provisional"]
KEY = ["county", "precinct", "office", "district", "party", "candidate"]
WHOLE = ["county", "office", "district", "party", "candidate"]


def polars_tables(folder):
    import polars as pl

    words = {name: pl.String for name in KEY}
    counts = {name: pl.Int64 for name in ["votes", *MODES]}
    precincts = pl.scan_csv(f"{folder}/precincts.csv", schema={**words, **counts}, ignore_errors=True)
    counties = pl.scan_csv(f"{folder}/counties.csv", schema_overrides={"district": pl.String})
    return pl, precincts, counties


def bare(folder):
    """A streaming scan and one group-by."""
    pl, precincts, _ = polars_tables(folder)
    plan = precincts.group_by("county", "office", "candidate").agg(pl.col("votes").sum())
    return [plan.collect(engine="streaming").height]


def polars_checks(folder):
    pl, precincts, counties = polars_tables(folder)
    votes = pl.col("votes")
    modes = pl.sum_horizontal(MODES)
    summed = precincts.group_by(WHOLE).agg(votes.sum().alias("added"))
    plans = [
        precincts.filter(modes != votes),
        precincts.filter(pl.min_horizontal(["votes", *MODES]) < 0),
        precincts.group_by(KEY).len().filter(pl.col("len") > 1),
        counties.join(summed, on=WHOLE, how="left", nulls_equal=True).filter(pl.col("added") != votes),
    ]
    return [found.height for found in pl.collect_all(plans, engine="streaming")]


def duckdb_checks(folder):
    import duckdb

    key, whole = ", ".join(KEY), ", ".join(WHOLE)
    kinds = {**{name: "VARCHAR" for name in KEY}, **{name: "BIGINT" for name in ["votes", *MODES]}}
    # Rows whose votes are no number are left out.
    duckdb.sql(
        f"""CREATE TABLE precincts AS
        FROM read_csv('{folder}/precincts.csv', columns = {kinds}, header = true, ignore_errors = true)"""
    )
    duckdb.sql(
        f"""CREATE TABLE counties AS SELECT {whole}, CAST(votes AS BIGINT) AS votes
        FROM read_csv('{folder}/counties.csv', all_varchar = true)"""
    )
    negative = " OR ".join(f"{name} < 0" for name in ["votes", *MODES])
    checks = [
        f"SELECT * FROM precincts WHERE {' + '.join(MODES)} <> votes",
        f"SELECT * FROM precincts WHERE {negative}",
        f"SELECT {key} FROM precincts GROUP BY ALL HAVING count(*) > 1",
        f"""SELECT * FROM counties c JOIN
        (SELECT {whole}, sum(votes) AS added FROM precincts GROUP BY ALL) p
        ON {' AND '.join(f'c.{name} IS NOT DISTINCT FROM p.{name}' for name in WHOLE)}
        WHERE p.added <> c.votes""",
    ]
    return [len(duckdb.sql(check).fetchall()) for check in checks]


def pandas_checks(folder):
    import pandas as pd

    precincts = pd.read_csv(f"{folder}/precincts.csv", dtype={"votes": str, "district": str})
    counties = pd.read_csv(f"{folder}/counties.csv", dtype={"district": str})
    precincts["votes"] = pd.to_numeric(precincts["votes"], errors="coerce")
    known = precincts["votes"].notna()
    off = known & (precincts[MODES].sum(axis=1) != precincts["votes"])
    negative = (precincts[["votes", *MODES]] < 0).any(axis=1)
    twice = precincts.duplicated(KEY)
    added = precincts.groupby(WHOLE, dropna=False)["votes"].sum().rename("added")
    joined = counties.merge(added.reset_index(), on=WHOLE, how="left")
    return [int(off.sum()), int(negative.sum()), int(twice.sum()), int((joined["added"] != joined["votes"]).sum())]


WAYS = {
    "bare": ("bare Polars scan, one group-by", bare),
    "polars": ("four checks by hand in Polars", polars_checks),
    "duckdb": ("four checks in DuckDB SQL", duckdb_checks),
    "pandas": ("four checks in pandas", pandas_checks),
    "scrutineer": ("scrutineer, every rule", None),
}


def run(way, args):
    """Seconds, and the most memory in MB; with what was printed."""
    command = [sys.executable, __file__, args.folder, "--one", way]
    if way == "scrutineer":
        files = [os.path.join(args.folder, name) for name in ["precincts.csv", "counties.csv"]]
        command = [args.bin, "check", *files, "--format", "json"]
    start = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.PIPE)
    out = process.stdout.read()
    _, _, usage = os.wait4(process.pid, 0)
    return time.perf_counter() - start, usage.ru_maxrss / 1024, out


def recall(folder, out):
    """How many of the planted errors are told, and what is told besides."""
    report = json.loads(out)
    county = {}
    with open(f"{folder}/counties.csv", newline="") as file:
        for line, row in enumerate(csv.DictReader(file), start=2):
            county[tuple(row[name] for name in WHOLE)] = line
    with open(f"{folder}/planted.csv", newline="") as file:
        planted = list(csv.DictReader(file))
    wanted = {int(row[name]) for row in planted for name in ["line", "first_line"]}
    rows = {}
    with open(f"{folder}/precincts.csv", newline="") as file:
        for number, line in enumerate(file, start=1):
            if number in wanted:
                cells = dict(zip([*KEY, "votes", *MODES], line.rstrip("\n").split(",")))
                rows[number] = county[tuple(cells[name] for name in WHOLE)]
    at_line, at_county, explained = {}, {}, 0
    for row in planted:
        for name in ["line", "first_line"]:
            at_line[int(row[name])] = row
        at_county[rows[int(row["line"])]] = row
    found, beside = set(), []
    for finding in report["findings"]:
        places = [finding["at"], *[related["at"] for related in finding["related"]]]
        told = None
        for place in places:
            in_precincts = place["file"].endswith("precincts.csv")
            told = told or (at_line if in_precincts else at_county).get(place["line"])
        if told is None:
            beside.append(finding)
        else:
            found.add(told["line"])
    print(f"\nplanted errors: {len(planted)}; told of: {len(found)}; findings: {len(report['findings'])}; "
          f"of these about nothing that was planted: {len(beside)}")
    for row in [row for row in planted if row["line"] not in found][:5]:
        print("  not told:", row)
    for finding in beside[:5]:
        print("  besides:", finding["message"])


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("folder")
    parser.add_argument("--one")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--bin", default="target/release/scrutineer")
    parser.add_argument("--ways", default=",".join(WAYS))
    args = parser.parse_args()
    if args.one:
        print(WAYS[args.one][1](args.folder))
        return
    size = os.path.getsize(f"{args.folder}/precincts.csv") / 1e6
    print(f"{platform.machine()}, {os.cpu_count()} processors, {datetime.date.today()}, "
          f"precincts.csv of {size:.0f} MB, median of {args.rounds}")
    seconds, memory, last = {}, {}, {}
    for _ in range(args.rounds):
        for way in args.ways.split(","):
            time_taken, most, last[way] = run(way, args)
            seconds.setdefault(way, []).append(time_taken)
            memory[way] = max(memory.get(way, 0), most)
    own = statistics.median(seconds.get("scrutineer", [1]))
    print(f"\n{'':34} seconds  beside scrutineer  memory")
    for way in args.ways.split(","):
        middle = statistics.median(seconds[way])
        print(f"{WAYS[way][0]:34} {middle:7.2f}  {middle / own:10.2f} x      {memory[way]:5.0f} MB")
        if way != "scrutineer":
            print(f"{'':34}          {last[way].decode().strip()}")
    if "scrutineer" in last:
        recall(args.folder, last["scrutineer"])


if __name__ == "__main__":
    main()
