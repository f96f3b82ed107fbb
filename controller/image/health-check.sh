#!/bin/bash
# Whether the session's proxy answers. By bash itself: it runs every 30 seconds beside a browser on one virtual CPU.
exec 3<>"/dev/tcp/127.0.0.1/$PROXY_PORT" || exit 1
printf 'GET /health HTTP/1.0\r\n\r\n' >&3
read -r _ status _ <&3
[[ $status == 200 ]]
