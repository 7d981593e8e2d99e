"""Spark: the function goes into `mapInArrow` as it is."""

import os
import sys
import time

from pyspark.sql import SparkSession
from pyspark.sql.pandas.types import from_arrow_schema
from rows import Told, folder

from mjspec.arrow import LINT_SCHEMA, lint_batches

path = folder()
os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
spark = SparkSession.builder.master("local[*]").config("spark.ui.enabled", "false").getOrCreate()
spark.sparkContext.setLogLevel("ERROR")
start = time.perf_counter()
prompts = spark.read.parquet(str(path)).select("prompt")
found = prompts.mapInArrow(lint_batches, from_arrow_schema(LINT_SCHEMA))
Told(found.toArrow().to_batches()).tell(start)
spark.stop()
