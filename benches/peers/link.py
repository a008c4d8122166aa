"""The same rows for DuckDB (three deterministic passes) and Splink; prints name, seconds, about.

python3 link.py duckdb|splink FOLDER, where FOLDER has register.csv, extract.csv and truth.csv.
Times are of linking alone: the tables are loaded before."""
import sys
import time

import duckdb

PEER, FOLDER = sys.argv[1], sys.argv[2]
THREADS = 2
COLUMNS = ("{'unique_id': 'BIGINT', 'idno': 'VARCHAR', 'name': 'VARCHAR', 'dob': 'VARCHAR', "
           "'addr': 'VARCHAR', 'county': 'INTEGER'}")
PASSES = """
create or replace table pairs as
with by_number as (
    select x.unique_id xi, r.unique_id ri from extract x join register r using (idno)
    where (x.name = r.name)::int + (x.dob = r.dob)::int >= 1
), by_person as (
    select x.unique_id xi, r.unique_id ri,
           (x.addr = r.addr)::int + (levenshtein(x.idno, r.idno) <= 1)::int support,
           count(*) over (partition by x.unique_id) choices
    from extract x join register r
      on x.name = r.name and x.dob = r.dob and x.county = r.county
    where x.unique_id not in (select xi from by_number)
), by_place as (
    select x.unique_id xi, r.unique_id ri from extract x join register r
      on x.addr = r.addr and substr(x.name, 1, 1) = substr(r.name, 1, 1) and x.county = r.county
    where (x.dob = r.dob or levenshtein(x.idno, r.idno) <= 1)
      and x.unique_id not in (select xi from by_number)
)
select * from by_number
union select xi, ri from by_person where support >= 1 or choices = 1
union select * from by_place"""


def connect():
    con = duckdb.connect()
    con.execute(f"set threads = {THREADS}")
    for table in ("register", "extract"):
        con.execute(f"create table {table} as select * from read_csv('{FOLDER}/{table}.csv', "
                    f"header = true, columns = {COLUMNS})")
    con.execute(f"create table truth as select * from read_csv('{FOLDER}/truth.csv')")
    return con


def tell(con, name, seconds):
    """Scores the table pairs(xi, ri)."""
    found, right, there = con.execute(
        "select (select count(*) from pairs), (select count(*) from pairs p join truth t "
        "on t.extract = p.xi and t.register = p.ri), (select count(*) from truth)").fetchone()
    about = f"pairs {found}, precision {right / max(1, found):.6f}, recall {right / there:.4f}"
    print(f"{name}\t{seconds:.3f}\t{about}", flush=True)


def passes():
    con = connect()
    for run in ("cold", "second", "third"):
        begun = time.perf_counter()
        con.execute(PASSES)
        seconds = time.perf_counter() - begun
        if run != "second":
            tell(con, f"duckdb {duckdb.__version__}: three passes, {THREADS} threads, {run} run", seconds)


def splink():
    import splink
    import splink.comparison_library as compare
    from splink import DuckDBAPI, Linker, SettingsCreator, block_on
    con = connect()
    settings = SettingsCreator(
        link_type="link_only",
        comparisons=[compare.DamerauLevenshteinAtThresholds("idno", [1]),
                     compare.JaroWinklerAtThresholds("name", [.8]),
                     compare.ExactMatch("dob"), compare.ExactMatch("addr")],
        blocking_rules_to_generate_predictions=[
            block_on("idno"), block_on("name", "dob"), block_on("addr", "county")])
    register, extract = con.table("register").to_arrow_table(), con.table("extract").to_arrow_table()
    own = duckdb.connect()
    own.execute(f"set threads = {THREADS}")
    api = DuckDBAPI(connection=own)
    begun = time.perf_counter()
    linker = Linker([api.register(register, dataset_display_name="reg"),
                     api.register(extract, dataset_display_name="ext")], settings)
    train = linker.training
    train.estimate_probability_two_random_records_match([block_on("idno")], recall=.8)
    train.estimate_u_using_random_sampling(max_pairs=1e6)
    train.estimate_parameters_using_expectation_maximisation(block_on("idno"))
    train.estimate_parameters_using_expectation_maximisation(block_on("name", "dob"))
    found = linker.inference.predict(threshold_match_probability=.9).as_duckdbpyrelation()
    places = [found.columns.index(c) for c in ("unique_id_l", "unique_id_r", "source_dataset_l")]
    rows = found.fetchall()
    seconds = time.perf_counter() - begun
    left, right, source = places
    pairs = [(row[right], row[left]) if row[source] == "reg" else (row[left], row[right]) for row in rows]
    import pyarrow
    table = pyarrow.table({"xi": [p[0] for p in pairs], "ri": [p[1] for p in pairs]})
    con.register("found", table)
    con.execute("create table pairs as select * from found")
    tell(con, f"splink {splink.__version__}: training and prediction, {THREADS} threads", seconds)


{"duckdb": passes, "splink": splink}[PEER]()
