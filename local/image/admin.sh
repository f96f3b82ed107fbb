#!/bin/sh
# `npm run admin`, to be run in the container of a machine: docker exec <container> admin --help
exec node /opt/wallcrawler/apps/admin/index.ts "$@"
