"""The ten checks of ten-rules.ts as somebody writes them who knows pandas. Prints one line of JSON."""

import json
import resource
import sys
import time

import pandas

WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
CHECK_CHARACTERS = "10X98765432"


def read(path):
    if path.endswith(".parquet"):
        return pandas.read_parquet(path)
    return pandas.read_csv(path, dtype=str, keep_default_na=False, na_values=[""])


def wrong_check_character(column):
    fits = column.str.fullmatch("[0-9]{17}[0-9X]").fillna(False)
    sound = column[fits]
    total = sum(sound.str[at].astype(int) * weight for at, weight in enumerate(WEIGHTS))
    right = (total % 11).map(lambda rest: CHECK_CHARACTERS[rest])
    return int((~fits).sum() + (right != sound.str[17]).sum())


def failing(table):
    day = lambda name: pandas.to_datetime(table[name], format="%Y-%m-%d", errors="coerce")
    age = pandas.to_numeric(table["age"], errors="coerce")
    length = table["name"].str.len()
    cities = table.groupby("division")["city"].nunique()
    doubled = table["no"].value_counts()
    return [
        len(table),
        int((table["id"].isna() | (table["id"].str.strip() == "")).sum()),
        int((~table["name"].str.fullmatch("[\u4e00-\u9fff]{2}[0-9]+").fillna(False)).sum()),
        int((~table["sex"].isin(["男", "女"])).sum()),
        int((~age.between(0, 150)).sum()),
        int((~length.between(2, 20)).sum()),
        int((~(day("begins") <= day("ends"))).sum()),
        int(day("birth").isna().sum()),
        wrong_check_character(table["id"]),
        int((doubled[doubled > 1] - 1).sum()),
        int((cities > 1).sum()),
    ]


began = time.perf_counter()
found = failing(read(sys.argv[1]))
milliseconds = (time.perf_counter() - began) * 1000
used = resource.getrusage(resource.RUSAGE_SELF)
print(
    json.dumps(
        {
            "milliseconds": milliseconds,
            "processor": (used.ru_utime + used.ru_stime) * 1000,
            "memory": used.ru_maxrss * 1024,
            "found": found,
        }
    )
)
