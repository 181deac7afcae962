#!/usr/bin/env bash
# Shards side by side on one machine, by GNU parallel: JOBS at a time. A shard that fails, or is killed, is started again and
# goes on with what its snapshot has.
#
#   MODEL=model.h5 IMAGES=photos OUT=results SHARDS=20 JOBS=4 recipes/parallel.sh --layers all --k 16
set -euo pipefail
cd "$(dirname "$0")/.."
: "${MODEL:?}" "${IMAGES:?}" "${OUT:?}" "${SHARDS:=8}" "${JOBS:=2}"
cores=$(nproc)
mkdir -p "$OUT"
node src/cli/prepare.mjs
parallel --jobs "$JOBS" --retries 3 --joblog "$OUT/jobs.log" --quote \
  node src/cli/scan.mjs --model "$MODEL" --images "$IMAGES" "$@" \
  --workers $((cores > JOBS ? cores / JOBS : 1)) \
  --shard "{}/$SHARDS" --resume --save-every "${SAVE_EVERY:-60}" --out "$OUT/{}.urpatch" \
  ::: $(seq "$SHARDS")
node src/cli/merge.mjs $(seq -f "$OUT/%g.urpatch" "$SHARDS") --out "$OUT/all.urpatch" --out "$OUT/all.urpatch.json"
