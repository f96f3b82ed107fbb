#!/bin/sh
# The machine, once it has its data folder for itself. `npm start` asks whether the process that has it still runs, and a
# process of another container cannot be seen; the kernel's lock can, and ends with its process. A folder that cannot be
# written to is left for the machine to speak about.
folder=$WALLCRAWLER_DATA_DIR
if [ -w "$folder" ]; then
  exec 9>"$folder/container.lock"
  if ! flock --nonblock 9; then
    echo "$folder is in use by another container: stop that one first, or give this one a volume of its own" >&2
    exit 1
  fi
fi
exec node /opt/wallcrawler/local/index.ts
