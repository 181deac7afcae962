#!/usr/bin/env bash
# A Slurm job array: one task for each shard.
#
#   export MODEL=/data/model.h5 IMAGES=/data/photos OUT=/data/results SHARDS=100
#   node src/cli/prepare.mjs                               # once, where the repository lies: packages, Chromium, build
#   sbatch --wait --array=1-$SHARDS recipes/slurm.sh --layers all
#   node src/cli/merge.mjs "$OUT"/*.urpatch --out all.urpatch   # names what is missing
#
# Run the same sbatch line again, or with --array=7,23 for some, as often as needed: what is done is done, and what was killed
# goes on. Slurm itself starts tasks again whose node has failed (--requeue).
#SBATCH --job-name=urpatch
#SBATCH --cpus-per-task=4
#SBATCH --mem=8G
#SBATCH --time=04:00:00
#SBATCH --requeue
set -euo pipefail
: "${MODEL:?}" "${IMAGES:?}" "${OUT:?}" "${SHARDS:?}" "${SLURM_ARRAY_TASK_ID:?}"
cd "${URPATCH:-${SLURM_SUBMIT_DIR:-.}}"
exec node src/cli/scan.mjs --model "$MODEL" --images "$IMAGES" "$@" \
  --workers "${SLURM_CPUS_PER_TASK:-4}" \
  --shard "$SLURM_ARRAY_TASK_ID/$SHARDS" --resume --save-every "${SAVE_EVERY:-60}" \
  --out "$OUT/$SLURM_ARRAY_TASK_ID.urpatch"
